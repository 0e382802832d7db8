import { type BlocklistSource, type EntryBatch, type Feed } from '@bangui/plugin-sdk';
import { isEntryBatch, readConfig } from '@bangui/plugin-sdk/host';
import { describeSource, loadSource } from '../../describe-source.ts';
import { PluginFault, reasonOf } from '../../plugin-fault.ts';
import { frameKinds } from '../frames.ts';
import { type ChildFault, type ChildRequest, type EntryRow, packBatch, rowOf } from '../messages.ts';
import { HostGone, Pipes } from './pipes.ts';
import { seal } from './seal.ts';

/** Entries that go into one frame. */
const FRAME_ENTRIES = 512;

/** Answers the one request that the host sends, and ends the child. */
export async function serve(entry: string): Promise<never> {
  // The source must not reach the process, but we have to end it.
  const end = process.exit.bind(process, 0);
  const pipes = new Pipes();
  try {
    const { payload } = pipes.read();
    const request = JSON.parse(Buffer.from(payload).toString('utf8')) as ChildRequest;
    seal();
    await answer(await loadSource(entry), request, pipes);
  } catch (error) {
    if (!(error instanceof HostGone)) pipes.writeJson(frameKinds.fault, faultOf(error));
  }
  return end();
}

async function answer(source: BlocklistSource, request: ChildRequest, pipes: Pipes): Promise<void> {
  switch (request.ask) {
    case 'describe':
      pipes.writeJson(frameKinds.result, describeSource(source));
      return;
    case 'config': {
      const { issues, ...rest } = await readConfig(source.config, request.config);
      pipes.writeJson(
        frameKinds.result,
        issues ? { issues: issues.map(({ message, path }) => ({ message, path: path?.map(plainKey) })) } : rest,
      );
      return;
    }
    case 'feeds':
      pipes.writeJson(frameKinds.result, source.feeds(request.config));
      return;
    case 'parse':
      await parse(source, request.feed, request.config, pipes);
      pipes.write(frameKinds.done, new Uint8Array());
  }
}

async function parse(source: BlocklistSource, feed: Feed, config: unknown, pipes: Pipes): Promise<void> {
  let rows: EntryRow[] = [];
  const flush = (): void => {
    if (rows.length > 0) pipes.writeJson(frameKinds.entries, rows);
    rows = [];
  };
  for await (const value of source.parse(bodyOf(pipes), feed, config)) {
    if (isEntryBatch(value)) {
      flush();
      pipes.write(frameKinds.batch, packBatch(soundBatch(value)));
    } else if (rows.push(rowOf(value)) >= FRAME_ENTRIES) {
      flush();
    }
  }
  flush();
}

/** Numbers that cannot be packed would be told wrong; what they mean is for the host to check. */
function soundBatch(batch: EntryBatch): EntryBatch {
  const arrays: readonly unknown[] = [batch.hosts4, batch.ranges4, batch.ranges6];
  if (!arrays.every((array) => array instanceof Uint32Array)) {
    throw new PluginFault('broken', 'It gave a batch of a wrong form.');
  }
  return batch;
}

/** The contract is an asynchronous iterable; the pipe's reads wait in place. */
function bodyOf(pipes: Pipes): AsyncIterable<Uint8Array> {
  const chunks = chunksOf(pipes);
  const iterator = {
    next: () => new Promise<IteratorResult<Uint8Array, void>>((done) => done(chunks.next())),
    return: () => new Promise<IteratorResult<Uint8Array, void>>((done) => done(chunks.return())),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

function* chunksOf(pipes: Pipes): Generator<Uint8Array, void, undefined> {
  for (;;) {
    const { kind, payload } = pipes.read();
    if (kind !== frameKinds.chunk) return;
    yield payload;
  }
}

function plainKey(part: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof part === 'object' ? part.key : part;
  return typeof key === 'number' ? key : String(key);
}

function faultOf(error: unknown): ChildFault {
  const message = reasonOf(error);
  const isTooMuch = error instanceof PluginFault && error.kind === 'too-much';
  if (isTooMuch || (error instanceof RangeError && message.includes('allocation failed'))) {
    return { kind: 'too-much', message };
  }
  const isMalformed = error instanceof Error && 'code' in error && error.code === 'malformed';
  return { kind: isMalformed ? 'malformed' : 'broken', message };
}
