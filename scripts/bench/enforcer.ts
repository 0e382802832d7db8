import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { KernelApplier, type Programs, type WantedSet } from '@bangui/enforcer';
import { AddressSet, AddressSetBuilder } from '@bangui/ip';
import { NetworkPair } from '../../apps/enforcer/src/testing/network-pair.ts';
import { processorTimeWithChildren } from './api-process.ts';
import { atMost, type Figure } from './measure.ts';

const ENTRIES = 1_000_000;

/** A million addresses into the kernel, in a network namespace of its own, beside `ipset restore` of a file with the same. */
export async function measureEnforcer(): Promise<Figure[]> {
  const pair = await NetworkPair.open([]);
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-'));
  try {
    const path = join(folder, 'restore');
    await writeRestoreFile(path);
    const [before, after] = [wanted(0), wanted(ENTRIES / 100)];
    const bare = await costed(() => restore(pair.host, path));
    const applier = new KernelApplier(pair.host);
    const full = await costed(() => applier.apply(before));
    const second = new KernelApplier(pair.host);
    const reload = await costed(() => second.apply(before));
    const changed = await costed(() => second.apply(after));
    const same = await costed(() => second.apply(after));
    return [
      {
        name: '`ipset restore` of 1,000,000 addresses from a file',
        value: `${bare.result.toFixed(0)} ms`,
        processor: bare.processor,
      },
      {
        ...atMost('the same applied and proved by the enforcer', full.result.tookMs, 4_000, 'ms', 0),
        processor: full.processor,
      },
      {
        name: 'applied over the old ones, by swap',
        value: `${reload.result.tookMs.toFixed(0)} ms`,
        processor: reload.processor,
      },
      {
        ...atMost('1 % changed, applied as a difference', changed.result.tookMs, 1_000, 'ms', 0),
        processor: changed.processor,
      },
      { name: 'nothing changed, proved', value: `${same.result.tookMs.toFixed(0)} ms`, processor: same.processor },
      { name: 'kernel memory of the sets', value: `${(full.result.state.memoryBytes / 2 ** 20).toFixed(0)} MiB` },
    ];
  } finally {
    pair.close();
    await rm(folder, { recursive: true });
  }
}

/** The outcome of some work, and the processor time that it took here and in the programs that it ran. */
async function costed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly processor: string }> {
  const before = await processorTimeWithChildren(process.pid);
  const result = await work();
  const spent = (await processorTimeWithChildren(process.pid)) - before;
  return { result, processor: `${Math.round(spent * 1_000)} ms` };
}

/** A million addresses, of which the first `changed` are others than at 0. */
function wanted(changed: number): WantedSet {
  const hosts4 = new Uint32Array(ENTRIES).map((_, index) => address(index) + (index < changed ? 2 : 0));
  const builder = new AddressSetBuilder();
  builder.addBatch({ hosts4, ranges4: new Uint32Array(), ranges6: new Uint32Array(), invalid: 0 });
  return { generation: changed, blocked: builder.build().set, allowed: AddressSet.empty, placement: 'raw' };
}

function address(index: number): number {
  return 0x1000_0000 + index * 2_100;
}

async function restore(programs: Programs, path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const startedAt = performance.now();
    await programs.run('ipset', ['restore'], { fd: file.fd });
    return performance.now() - startedAt;
  } finally {
    await file.close();
    await programs.run('ipset', ['destroy', 'bare']);
  }
}

async function writeRestoreFile(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.write('create bare hash:ip family inet hashsize 262144 maxelem 4000000\n');
    for (let start = 0; start < ENTRIES; start += 50_000) {
      let text = '';
      for (let index = start; index < start + 50_000; index += 1) {
        const value = address(index);
        text += `add bare ${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}\n`;
      }
      await file.write(text);
    }
  } finally {
    await file.close();
  }
}
