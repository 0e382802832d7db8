import { type SseMessage, SseParser } from './sse-parser';

/** How the connection is doing. */
export type StreamState = 'connecting' | 'live' | 'reconnecting';

/** What the stream needs from its surroundings. */
export interface EventStreamOptions {
  readonly url: string;
  readonly onMessage: (message: SseMessage) => void;
  readonly onState: (state: StreamState) => void;
  /** The API does not know our session any more. The stream has stopped. */
  readonly onSessionEnded: () => void;
  readonly fetch: typeof fetch;
  /** Resolves after the given milliseconds, or at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
}

/** The API sends a comment every 15 s: a stream silent for this long is dead although nobody closed it. */
export const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 8000;

/**
 * One connection to the event stream that keeps coming back: it resumes after the last id it saw, waits a little longer
 * after each failure (with jitter, so that many browsers do not return at once), and notices a connection that died silently.
 */
export class EventStream {
  private failures = 0;

  constructor(private readonly options: EventStreamOptions) {}

  /** Runs until the signal aborts or the session ends. `lastId` is the event to resume after; '' starts fresh. */
  async run(signal: AbortSignal, lastId: string): Promise<void> {
    let resumeAfter = lastId;
    this.options.onState('connecting');
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      const outcome = await this.connect(signal, resumeAfter, (id) => (resumeAfter = id));
      if (outcome === 'session-ended') {
        this.options.onSessionEnded();
        return;
      }
      if (isOver()) return;
      this.options.onState('reconnecting');
      await this.options.pause(this.nextPause(), signal);
    }
  }

  private async connect(
    signal: AbortSignal,
    lastId: string,
    seen: (id: string) => void,
  ): Promise<'closed' | 'session-ended'> {
    const watch = new AbortController();
    const either = AbortSignal.any([signal, watch.signal]);
    let timer = setTimeout(() => watch.abort(), SILENCE_MS);
    // Every way this can fail has the same answer: come back a little later.
    try {
      const query = lastId === '' ? '' : `?lastEventId=${encodeURIComponent(lastId)}`;
      const response = await this.options.fetch(this.options.url + query, {
        headers: { Accept: 'text/event-stream' },
        cache: 'no-store',
        signal: either,
      });
      if (response.status === 401) return 'session-ended';
      if (!response.ok || !response.body) return 'closed';
      const parser = new SseParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => watch.abort(), SILENCE_MS);
        for (const message of parser.push(part.value)) {
          this.failures = 0;
          this.options.onState('live');
          if (message.id !== '') seen(message.id);
          this.options.onMessage(message);
        }
      }
      return 'closed';
    } catch {
      return 'closed';
    } finally {
      clearTimeout(timer);
      watch.abort();
    }
  }

  private nextPause(): number {
    const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    this.failures += 1;
    return ceiling / 2 + (ceiling / 2) * this.options.random();
  }
}
