import { inject, Service, signal } from '@angular/core';
import { type Observable, Subject } from 'rxjs';
import { liveOpen } from '../generated/fn/live/live-open';
import { Clock } from '../../ui/clock';
import { type LiveEvent, liveEvent } from './events';
import { EventStream, type StreamState } from './event-stream';
import { type SseMessage } from './sse-parser';

const NAME = 'bangui-live';

/** What the tabs of one browser tell each other. */
type TabMessage =
  | { readonly kind: 'asks' }
  | {
      readonly kind: 'state';
      readonly state: StreamState;
      readonly lastEventAt: number | null;
      readonly lastId: string;
    }
  | { readonly kind: 'message'; readonly message: SseMessage };

/**
 * The live connection. Of all tabs of a browser one holds the stream (the one with the lock) and tells the others;
 * when it closes, the next one takes over after the last event that was seen. Where locks are missing (plain http away
 * from this computer) each tab has a stream of its own.
 */
@Service()
export class Live {
  private readonly clock = inject(Clock);
  private readonly subject = new Subject<LiveEvent>();
  private readonly current = signal<StreamState>('connecting');
  private readonly heardAt = signal<number | null>(null);
  private abort: AbortController | undefined;
  private channel: BroadcastChannel | undefined;
  private isLeader = false;
  private lastId = '';

  readonly state = this.current.asReadonly();
  /** When the last event came, server time in epoch milliseconds. */
  readonly lastEventAt = this.heardAt.asReadonly();
  readonly events: Observable<LiveEvent> = this.subject.asObservable();

  /** Begins to listen; does nothing when it does already. */
  start(): void {
    if (this.abort) return;
    const abort = new AbortController();
    this.abort = abort;
    this.lastId = '';
    this.current.set('connecting');
    this.channel = new BroadcastChannel(NAME);
    this.channel.onmessage = (event: MessageEvent<TabMessage>) => this.hear(event.data);
    this.tell({ kind: 'asks' });
    // Missing outside of secure contexts, whatever the types say.
    const locks = navigator.locks as LockManager | undefined;
    const lead = (): Promise<void> => this.lead(abort.signal);
    // The request is rejected when it is aborted while waiting: then there is nothing to lead.
    if (locks) locks.request(NAME, { signal: abort.signal }, lead).catch(() => undefined);
    else void lead();
  }

  /** Ends the listening, for a sign-out. */
  stop(): void {
    this.abort?.abort();
    this.abort = undefined;
    this.channel?.close();
    this.channel = undefined;
    this.heardAt.set(null);
  }

  private async lead(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.isLeader = true;
    const stream = new EventStream({
      url: liveOpen.PATH,
      onMessage: (message) => {
        this.take(message);
        this.tell({ kind: 'message', message });
      },
      onState: (state) => {
        if (this.current() === state) return;
        this.current.set(state);
        this.tellState();
      },
      onSessionEnded: () => this.take({ event: 'session-ended', data: '{}', id: '' }),
      fetch: (input, init) => fetch(input, init),
      pause,
      random: () => Math.random(),
    });
    try {
      await stream.run(signal, this.lastId);
    } finally {
      this.isLeader = false;
    }
  }

  private hear(message: TabMessage): void {
    if (message.kind === 'asks') {
      if (this.isLeader) this.tellState();
    } else if (message.kind === 'state') {
      this.current.set(message.state);
      this.heardAt.set(message.lastEventAt);
      this.lastId = message.lastId;
    } else {
      this.take(message.message);
    }
  }

  private take(message: SseMessage): void {
    const isFresh = this.lastId === '';
    if (message.id !== '') this.lastId = message.id;
    const event = liveEvent(message.event, message.data);
    if (!event) return;
    if (event.name === 'hello') this.clock.alignWith(event.data.serverTime);
    if (event.name !== 'session-ended') this.heardAt.set(this.clock.now());
    this.subject.next(event);
    // What changed between the first reads and a fresh stream was told to nobody.
    if (event.name === 'hello' && isFresh) this.subject.next({ name: 'resync', data: {} });
  }

  private tell(message: TabMessage): void {
    this.channel?.postMessage(message);
  }

  private tellState(): void {
    this.tell({ kind: 'state', state: this.current(), lastEventAt: this.heardAt(), lastId: this.lastId });
  }
}

/** Waits, but not longer than until the browser says that it is back on the network. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
