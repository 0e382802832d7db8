import { setTimeout as pause } from 'node:timers/promises';
import { BadWantedMessage } from '@bangui/enforcement';
import { type ApiConnection, ApiFailed } from './api/api-connection.ts';
import { type Log, wordsOf } from './log.ts';
import { type WantedStore } from './wanted-store.ts';

/** How long the API may wait with its answer until something changes, in seconds. */
const WAIT_SECONDS = 25;
/** Pauses between attempts, in milliseconds; each is twice the one before. */
const PAUSE = { first: 1_000, longest: 30_000 };

/** Asks the API for the wanted set for ever; what it cannot get changes nothing. */
export class WantedPull {
  private readonly api: ApiConnection;
  private readonly store: WantedStore;
  private readonly log: Log;
  private etag: string | undefined;
  private pauseMs = PAUSE.first;
  private failure: string | undefined;

  constructor(api: ApiConnection, store: WantedStore, log: Log) {
    this.api = api;
    this.store = store;
    this.log = log;
  }

  /** Why the last attempt failed; undefined when it did not. */
  get problem(): string | undefined {
    return this.failure;
  }

  /** Runs until the signal aborts. @param changed is called after each other set */
  async run(changed: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await this.ask(signal)) changed();
        this.failure = undefined;
        this.pauseMs = PAUSE.first;
      } catch (error) {
        await this.recover(error, signal);
      }
    }
  }

  private async ask(signal: AbortSignal): Promise<boolean> {
    const { etag } = this;
    const from = etag === undefined ? undefined : this.store.current?.version.generation;
    const answer = await this.api.wanted({ etag, from, waitSeconds: etag === undefined ? 0 : WAIT_SECONDS }, signal);
    if (answer.kind === 'unchanged') return false;
    const before = this.store.current;
    const { version, blocked, allowed } = await this.store.receive(answer.bytes);
    this.etag = answer.etag;
    this.log.at('info', 'wanted_received', {
      generation: version.generation,
      bytes: answer.bytes.byteLength,
      blockedRanges: blocked.rangeCount,
      allowedRanges: allowed.rangeCount,
    });
    return before?.version !== version;
  }

  private async recover(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const isOurs = error instanceof ApiFailed;
    // The next question is for the whole set.
    if (!isOurs) this.etag = undefined;
    const reason = wordsOf(error);
    if (reason !== this.failure) this.log.at('warn', isOurs ? 'wanted_not_received' : 'wanted_refused', { reason });
    this.failure = reason;
    const isBroken = error instanceof BadWantedMessage && this.pauseMs === PAUSE.first;
    const ms = isBroken
      ? 100
      : ((isOurs ? error.retryAfterMs : undefined) ?? this.pauseMs * (0.75 + Math.random() / 2));
    this.pauseMs = Math.min(PAUSE.longest, this.pauseMs * 2);
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
}
