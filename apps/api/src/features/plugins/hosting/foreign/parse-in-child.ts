import { type Entry, type EntryBatch, type Feed } from '@bangui/plugin-sdk';
import { type EntryChecks } from '../entry-checks.ts';
import { PluginFault } from '../plugin-fault.ts';
import { faultOfFrame } from './child-fault.ts';
import { ChildProcess, type ForeignCode } from './child-process.ts';
import { type Frame, frameKinds } from './frames.ts';
import { entryOfRow, unpackBatch } from './messages.ts';
import { WorkTimer } from '../work-timer.ts';

/** One feed to be read. */
export interface ParseJob {
  readonly body: AsyncIterable<Uint8Array>;
  readonly feed: Feed;
  readonly config: unknown;
  readonly signal: AbortSignal;
  /** What is let through. */
  readonly checks: EntryChecks;
}

/** Larger chunks of the body go to the child in parts. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Reads one feed in a child, and checks what it gives. The body is asked for the next chunk when the child
 * has room for it, and the child goes on when its entries are taken.
 * @throws what the body fails with, the reason of the signal, MalformedFeed or PluginFault
 */
export async function* parseInChild(
  source: ForeignCode,
  { body, feed, config, signal, checks }: ParseJob,
  limitMs: number,
): AsyncGenerator<Entry | EntryBatch, void, undefined> {
  signal.throwIfAborted();
  const child = await ChildProcess.start(source);
  const timer = new WorkTimer(limitMs, () =>
    child.fail(new PluginFault('too-slow', `It worked on one list for more than ${limitMs} ms.`)),
  );
  const pump = new BodyPump(child, timer);
  const abort = (): void => child.fail(new PluginFault('broken', 'It was told to stop.'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    void child.sendJson(frameKinds.request, { ask: 'parse', feed, config });
    void pump.run(body);
    pump.expectWork();
    for await (const frame of child.frames()) {
      if (frame.kind === frameKinds.done) return;
      pump.rest();
      for (const value of valuesOf(frame)) yield checks.take(value);
      pump.expectWork();
    }
    throw child.endedEarly();
  } catch (error) {
    // When the child was ended for one of these, its end is not the reason.
    signal.throwIfAborted();
    if (pump.failure) throw pump.failure.error;
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    pump.stop();
    await child.end();
  }
}

function valuesOf({ kind, payload }: Frame): readonly unknown[] {
  if (kind === frameKinds.fault) throw faultOfFrame(payload);
  try {
    if (kind === frameKinds.batch) return [unpackBatch(payload)];
    if (kind === frameKinds.entries) {
      const rows: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
      if (Array.isArray(rows)) return rows.map(entryOfRow);
    }
  } catch (error) {
    throw new PluginFault('broken', 'It gave entries that cannot be read.', { cause: error });
  }
  throw new PluginFault('broken', 'It answered something else than it was asked.');
}

/** Brings the body to the child, and knows who waits for whom. */
class BodyPump {
  /** What the download failed with. */
  failure: { readonly error: unknown } | undefined;
  private readonly child: ChildProcess;
  private readonly timer: WorkTimer;
  private isBodyAwaited = false;
  private isWorkExpected = false;
  private hasStopped = false;

  constructor(child: ChildProcess, timer: WorkTimer) {
    this.child = child;
    this.timer = timer;
  }

  /** Never rejects. */
  async run(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      this.awaitBody(true);
      for await (const chunk of body) {
        this.awaitBody(false);
        for (let at = 0; at < chunk.length && !this.hasStopped; at += CHUNK_BYTES) {
          await this.child.send(frameKinds.chunk, chunk.subarray(at, at + CHUNK_BYTES));
        }
        if (this.hasStopped) return;
        this.awaitBody(true);
      }
      this.awaitBody(false);
      await this.child.send(frameKinds.end, new Uint8Array());
    } catch (error) {
      // A body that ends early must not look like a whole one.
      this.failure = { error };
      this.child.fail(new PluginFault('broken', 'The download broke off.'));
    }
  }

  /** From now on entries are waited for. */
  expectWork(): void {
    this.isWorkExpected = true;
    this.count();
  }

  /** From now on the entries are being used. */
  rest(): void {
    this.isWorkExpected = false;
    this.count();
  }

  stop(): void {
    this.hasStopped = true;
    this.rest();
    this.timer.stop();
  }

  private awaitBody(isAwaited: boolean): void {
    this.isBodyAwaited = isAwaited;
    this.count();
  }

  private count(): void {
    if (this.isWorkExpected && !this.isBodyAwaited && !this.hasStopped) this.timer.run();
    else this.timer.pause();
  }
}
