import { Fail2banClient, Fail2banRefused } from '@bangui/fail2ban';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { Fail2banWatcher, jailsCounted, type JailsCounted, serverChanged, ServerZone } from '../server/index.ts';
import { BansSnapshot } from './bans-snapshot.ts';
import { type ToldChange } from './told-bans.ts';

/** A list is read again at the latest after this time, in milliseconds, whatever the counters say. */
const refreshEveryMs = 60_000;
/** After reading a list its jail rests this many times as long, so that reading takes a tenth of fail2ban's time at most. */
const restFactor = 10;
/** Longest rest, in milliseconds. */
const maxRestMs = 30_000;
/** Pause after a failed reading, in milliseconds. */
const retryMs = 1_000;
/** A server that was just started restores bans for a while; what it does not tell yet is not over. In milliseconds. */
const restoringMs = 5_000;
/** Time for reading a list: a floor and what 100,000 bans need, five times over. In milliseconds. */
const leastListMs = 2_500;
const perBanMs = 0.05;

/** What is known about reading the bans of one jail. Times are those of the monotonic clock. */
interface Reading {
  /** Figures when the list was last read; undefined when it must be read. */
  totals: string | undefined;
  /** Not before this time, unless somebody waits for it. */
  notBefore: number;
  /** The list is read at this time at the latest. */
  dueAt: number;
  /** Until then missing bans may still be restored. */
  restoringUntil: number;
}

/** Reads the bans of a jail when its figures change, and keeps {@link BansSnapshot} up to date. */
@Injectable()
export class BansWatcher implements OnModuleInit, BeforeApplicationShutdown {
  private readonly readings = new Map<string, Reading>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  /** Tail of the queue of readings. */
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Fail2banClient,
    private readonly watcher: Fail2banWatcher,
    private readonly snapshot: BansSnapshot,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly zone: ServerZone,
  ) {}

  onModuleInit(): void {
    this.events.on(jailsCounted, (counted) => this.notice(counted));
    this.events.on(serverChanged, () => this.schedule());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.work;
  }

  /**
   * Reads the bans of these jails now; resolves when the snapshot has them.
   * @throws what the client throws
   */
  async refresh(jails: Iterable<string>): Promise<void> {
    for (const jail of jails) await this.inTurn(() => this.read(jail));
  }

  /**
   * Takes over what the archive was told, in the order in which it happened: the lists that were read may lack it. Resolves
   * when the snapshot has it.
   */
  async learn(changes: readonly ToldChange[]): Promise<void> {
    await this.snapshot.learn(changes, this.clock.now());
    for (const jail of new Set(changes.map(({ data }) => data.jail))) {
      // It may have been loaded since the last poll, or have gone since the event.
      if (!this.watcher.jails.has(jail) && this.snapshot.ofJail(jail).size > 0) this.noticeGone(jail, true);
    }
  }

  /** Whether the snapshot has what the server has of this jail: it was read, and no start is bringing bans back. */
  isSettled(jail: string): boolean {
    const reading = this.readings.get(jail);
    return reading?.totals !== undefined && this.clock.monotonic() >= reading.restoringUntil;
  }

  private notice({ isNewGeneration, changed, gone }: JailsCounted): void {
    const now = this.clock.monotonic();
    if (isNewGeneration) {
      for (const reading of this.readings.values()) {
        Object.assign(reading, { totals: undefined, notBefore: now, restoringUntil: now + restoringMs });
      }
    }
    for (const [jail, { currentlyBanned, totalBanned }] of changed) {
      const isKnown = this.snapshot.ofJail(jail).size > 0;
      const reading = this.readings.get(jail) ?? {
        totals: undefined,
        notBefore: now,
        dueAt: now,
        restoringUntil: isKnown ? now + restoringMs : now,
      };
      this.readings.set(jail, reading);
      const isRestoring = now < reading.restoringUntil;
      // As long as a restarted server keeps bringing bans back, it is not done.
      if (isRestoring) reading.restoringUntil = now + restoringMs;
      if (reading.totals !== totals(currentlyBanned, totalBanned)) reading.dueAt = now;
    }
    for (const jail of gone) this.noticeGone(jail, isNewGeneration);
    this.schedule();
  }

  private noticeGone(jail: string, isNewGeneration: boolean): void {
    this.readings.delete(jail);
    // A server that was just started may load this jail in a moment, with its bans.
    const grace = isNewGeneration ? restoringMs : 0;
    setTimeout(() => {
      if (!this.watcher.jails.has(jail) && this.watcher.state.isOnline) void this.snapshot.forget(jail);
    }, grace).unref();
  }

  /** Sets the timer for the next reading. */
  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isStopped || !this.watcher.state.isOnline) return;
    const now = this.clock.monotonic();
    let next: { jail: string; at: number } | undefined;
    for (const [jail, { dueAt, notBefore }] of this.readings) {
      const at = Math.max(dueAt, notBefore);
      if (!next || at < next.at) next = { jail, at };
    }
    if (!next) return;
    const { jail, at } = next;
    this.timer = setTimeout(
      () => {
        void this.inTurn(() => this.read(jail))
          .catch((error: unknown) => this.retryLater(jail, error))
          .finally(() => this.schedule());
      },
      Math.max(0, at - now),
    );
  }

  private retryLater(jail: string, error: unknown): void {
    const reading = this.readings.get(jail);
    if (!reading) return;
    reading.notBefore = this.clock.monotonic() + retryMs;
    // A refusal means most likely that the jail went away; the next poll will tell.
    if (!(error instanceof Fail2banRefused)) this.watcher.report(error);
  }

  private async read(jail: string): Promise<void> {
    const figures = this.watcher.jails.get(jail);
    const reading = this.readings.get(jail);
    const startedAt = this.clock.monotonic();
    const readAt = this.clock.now();
    const limit = leastListMs + (figures?.currentlyBanned ?? 0) * perBanMs;
    const { offsetMinutes } = this.zone;
    const bans = await this.client.bansWithTimes(jail, {
      timeoutMs: limit,
      ...(offsetMinutes !== undefined && { serverTimeOffsetMinutes: offsetMinutes }),
    });
    const endedAt = this.clock.monotonic();
    const keepsMissing = reading !== undefined && endedAt < reading.restoringUntil;
    if (reading) {
      // The figures were taken before the list: a change in between is read once more, never missed.
      reading.totals = figures && totals(figures.currentlyBanned, figures.totalBanned);
      reading.notBefore = endedAt + Math.min(maxRestMs, (endedAt - startedAt) * restFactor);
      reading.dueAt = keepsMissing ? reading.restoringUntil : endedAt + refreshEveryMs;
    }
    await this.snapshot.replace(jail, bans, { readAt, keepsMissing });
  }

  private inTurn(reading: () => Promise<void>): Promise<void> {
    const result = this.work.then(reading);
    this.work = result.catch(() => undefined);
    return result;
  }
}

function totals(currentlyBanned: number, totalBanned: number): string {
  return `${currentlyBanned}/${totalBanned}`;
}
