import { PluginFault } from './plugin-fault.ts';
import { WorkTimer } from './work-timer.ts';

/** What a source is read with. */
export interface TimedReading {
  readonly body: AsyncIterable<Uint8Array>;
  readonly parse: (body: AsyncIterable<Uint8Array>) => AsyncIterable<unknown>;
  readonly signal: AbortSignal;
  /** Milliseconds that the source may work, not counting what the download and the taker of its entries need. */
  readonly limitMs: number;
}

/**
 * What a source of this process makes of a body. One that waits for ever is given up after its time, or when the signal
 * says so; one that never waits stops the whole thread, which is seen from outside of it.
 * @throws PluginFault `too-slow`, the reason of the signal, or what the source throws
 */
export async function* timedEntries({
  body,
  parse,
  signal,
  limitMs,
}: TimedReading): AsyncGenerator<unknown, void, undefined> {
  let giveUp: (reason: unknown) => void = () => undefined;
  const timer = new WorkTimer(limitMs, () =>
    giveUp(new PluginFault('too-slow', `It worked on one list for more than ${limitMs} ms.`)),
  );
  const abort = (): void => giveUp(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const entries = parse(countedBody(body, timer))[Symbol.asyncIterator]();
  const ended = { isGivenUp: false };
  try {
    for (;;) {
      signal.throwIfAborted();
      timer.run();
      // A race with one lasting promise would keep something for each entry.
      const result = await new Promise<IteratorResult<unknown>>((resolve, reject) => {
        giveUp = (reason) => {
          ended.isGivenUp = true;
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- The reason of a signal is whatever its owner chose.
          reject(reason);
        };
        entries.next().then(resolve, reject);
      });
      timer.pause();
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    timer.stop();
    signal.removeEventListener('abort', abort);
    // One that waits for ever would not return either.
    const returned = entries.return?.().catch(() => undefined);
    if (!ended.isGivenUp) await returned;
  }
}

/** The body; while the source waits for it, its time stands still. */
async function* countedBody(
  body: AsyncIterable<Uint8Array>,
  timer: WorkTimer,
): AsyncGenerator<Uint8Array, void, undefined> {
  timer.pause();
  for await (const chunk of body) {
    timer.run();
    yield chunk;
    timer.pause();
  }
  timer.run();
}
