// A process of its own that loads as many addresses as its argument says and stops in the middle, so that a test can kill it there.
import { AddressSet } from '@bangui/ip';
import { KernelApplier, Programs } from '../index.ts';
import { type Input } from '../programs.ts';
import { manyAddresses } from './many-addresses.ts';

/** Bytes that are given to a program before everything stops: tens of thousands of entries. */
const stopAfterBytes = 2 * 1024 * 1024;

class StoppingPrograms extends Programs {
  override run(program: string, args: readonly string[], input: Input = []): Promise<string> {
    return super.run(program, args, 'fd' in input ? input : stopping(input));
  }
}

function* stopping(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let bytes = 0;
  for (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    if (bytes > stopAfterBytes) process.kill(process.pid, 'SIGSTOP');
  }
}

await new KernelApplier(new StoppingPrograms()).apply({
  generation: 2,
  blocked: manyAddresses(Number(process.argv[2]), 1),
  allowed: AddressSet.empty,
  placement: 'raw',
});
