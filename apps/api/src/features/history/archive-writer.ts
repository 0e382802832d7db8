import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Network } from '@bangui/ip';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { type Sql } from '../../core/database/sql.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { Geo } from '../geo/index.ts';
import { type ArchiveEvent, archiveGrew, type AppendedEvent, type BanCompletion } from './archive-event.ts';
import { ArchiveRepository, keyOf, type PreparedEvent } from './archive.repository.ts';
import { cleanText } from './clean-text.ts';
import { bucketOf, day, nextBucket, RollUpBatch } from './roll-up.ts';
import { RollUpRepository } from './roll-up.repository.ts';
import { TextIndex } from './text-index.ts';

/** Failures that a jail saw, more than it had seen before. */
export interface FailureDelta {
  readonly jail: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** At least 1. */
  readonly failures: number;
}

/** Events of one transaction: about half a second, so that other writes do not wait long. */
const eventsPerTransaction = 4_000;

/** Events made ready between two turns of the event loop. */
const chunk = 500;

/** Events removed in one transaction: at first, and in bounds that keep it to about a tenth of a second. */
const purgeBite = { least: 25, first: 250, most: 1_000 };
const purgeMs = { short: 40, long: 120 };

/** Events read at once while sums are made again. */
const rebuildPage = 2_000;

/** Name of the lock that makes ids of several instances come in order. */
const writeLock = 'history-archive';

/** Ids that the text index follows in one transaction. */
const indexedAtOnce = 1_000;

/** Milliseconds without many new events before the text index follows those that there are. */
const pauseMs = 1_000;

/** The only way into the archive: rows and sums go in together or not at all, and the text index follows. */
@Injectable()
export class ArchiveWriter implements BeforeApplicationShutdown {
  /** Whether the text index lacks rows; what an earlier process left behind shows with the next event. */
  private isIndexBehind = false;
  private isCatchingUp = false;
  private pause: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly archive: ArchiveRepository,
    private readonly rollUps: RollUpRepository,
    private readonly textIndex: TextIndex,
    private readonly geo: Geo,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The text index stays where it is; the next process goes on with the first event. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    clearTimeout(this.pause);
  }

  /**
   * Stores the events that are not stored yet, several thousand in a transaction, and emits `archiveGrew` after each
   * commit. The same (server, jail, address, action, time) is stored once, however often it comes.
   * @param alongside runs inside the last transaction, for what must be remembered together with the rows
   * @param after must have resolved before anything is written; when it rejects, nothing is
   * @returns what was really stored, with ids, in the order of ids
   */
  async append(
    events: readonly ArchiveEvent[],
    alongside?: (sql: Sql) => Promise<void>,
    after?: Promise<unknown>,
  ): Promise<readonly AppendedEvent[]> {
    const all: AppendedEvent[] = [];
    for (let start = 0; start === 0 || start < events.length; start += eventsPerTransaction) {
      const isLast = start + eventsPerTransaction >= events.length;
      const prepared = await this.prepared(events.slice(start, start + eventsPerTransaction));
      if (start === 0) await after;
      if (prepared.length === 0 && !(isLast && alongside)) continue;
      const stored = await this.database.writeInBackground(async (sql) => {
        const rows = await this.store(sql, prepared);
        if (isLast) await alongside?.(sql);
        return rows;
      });
      if (stored.length > 0) this.events.emit(archiveGrew, stored);
      for (const event of stored) all.push(event);
    }
    this.catchUpSoon(all.length);
    return all;
  }

  /**
   * Fills in what was not known of bans when they were stored, inside of the caller's transaction. A ban of which it was
   * known, or which is no more, stays as it is.
   */
  async complete(sql: Sql, bans: readonly BanCompletion[]): Promise<void> {
    if (bans.length === 0) return;
    await this.database.exclusively(sql, writeLock);
    const batch = new RollUpBatch();
    for (const row of await this.archive.complete(sql, bans)) batch.addSeenLate(row);
    await this.rollUps.add(sql, batch);
  }

  /** Adds to the failures that jails have seen. */
  async countFailures(deltas: readonly FailureDelta[]): Promise<void> {
    const cleaned = deltas
      .filter(({ failures }) => failures > 0)
      .map((delta) => ({ ...delta, jail: cleanText(delta.jail, 64) }));
    if (cleaned.length === 0) return;
    const batch = new RollUpBatch();
    for (const { jail, at, failures } of cleaned) batch.addFailures(jail, at, failures);
    await this.database.writeInBackground(async (sql) => {
      await this.database.exclusively(sql, writeLock);
      await this.rollUps.addFailures(sql, cleaned);
      await this.rollUps.add(sql, batch);
    });
  }

  /**
   * Forgets whole UTC days that ended before this time (epoch milliseconds), in small bites between which other writes
   * have their turn. Resolves to how many events were removed.
   */
  async purge(before: number, signal?: AbortSignal): Promise<number> {
    const end = bucketOf('day', Math.floor(before / 1_000));
    let removed = 0;
    for (let bite = purgeBite.first; ;) {
      if (signal?.aborted) return removed;
      const startedAt = this.clock.monotonic();
      const limit = bite;
      const some = await this.exclusively((sql) => this.archive.removeOldest(sql, end * 1_000, limit));
      removed += some;
      if (some < bite) break;
      bite = nextBite(bite, this.clock.monotonic() - startedAt);
    }
    while (!signal?.aborted && (await this.exclusively((sql) => this.rollUps.removeOldest(sql, end))));
    const now = Math.floor(this.clock.now() / 1_000);
    while (!signal?.aborted && (await this.exclusively((sql) => this.rollUps.condenseOffenders(sql, now))));
    return removed;
  }

  /**
   * Makes all sums again from the rows, a day in a transaction. While it runs every day is either as before or right; the
   * month is right when its last day is done.
   * @param progress is told how many days are done, of how many
   */
  async rebuildRollUps(signal?: AbortSignal, progress?: (done: number, total: number) => void): Promise<void> {
    const span = await this.archive.span(this.database.reports);
    if (!span) return;
    let month = bucketOf('month', Math.floor(span.from / 1_000));
    const first = bucketOf('day', Math.floor(span.from / 1_000));
    const days = Math.floor((Math.floor(span.to / 1_000) - first) / day) + 1;
    for (let bucket = first; bucket * 1_000 <= span.to; bucket += day) {
      if (signal?.aborted) return;
      await this.exclusively((sql) => this.rebuildDay(sql, bucket));
      progress?.((bucket - first) / day + 1, days);
      const isLast = bucket + day === nextBucket('month', month) || (bucket + day) * 1_000 > span.to;
      if (!isLast) continue;
      const finished = month;
      await this.exclusively((sql) => this.rollUps.sumUpMonth(sql, finished));
      month = bucketOf('month', bucket + day);
    }
  }

  private async rebuildDay(sql: Sql, bucket: number): Promise<void> {
    await this.rollUps.forgetDay(sql, bucket);
    const batch = new RollUpBatch();
    const range = { from: bucket * 1_000, to: (bucket + day) * 1_000 };
    for (let after = { at: range.from - 1, id: 0 }; ;) {
      const rows = await this.archive.counted(sql, range, after, rebuildPage);
      for (const row of rows) batch.add(row, row.key);
      const last = rows.at(-1);
      if (!last || rows.length < rebuildPage) break;
      after = { at: last.at, id: last.id };
    }
    for (const counter of await this.rollUps.failuresOf(sql, bucket)) {
      batch.addFailures(counter.jail, counter.bucket * 1_000, counter.failures);
    }
    await this.rollUps.add(sql, batch, 'up-to-day');
  }

  private async store(sql: Sql, prepared: readonly PreparedEvent[]): Promise<AppendedEvent[]> {
    // Ids are committed in order: whoever reads up to an id misses none before it.
    await this.database.exclusively(sql, writeLock);
    const rows = await this.archive.insert(sql, prepared);
    if (rows.length === 0) return [];
    const batch = new RollUpBatch();
    const stored: AppendedEvent[] = [];
    for (let start = 0; start < rows.length; start += chunk) {
      for (const { id, prepared } of rows.slice(start, start + chunk)) {
        batch.add(prepared.event, prepared.key);
        stored.push({ id, ...prepared.event });
      }
      await nextTurn();
    }
    await this.rollUps.add(sql, batch);
    if (rows.length > chunk) this.isIndexBehind = true;
    else if (!this.isIndexBehind) this.isIndexBehind = !(await this.textIndex.follow(sql, indexedAtOnce));
    return stored;
  }

  /** Many events are most likely followed by more: the text index waits for a pause. */
  private catchUpSoon(added: number): void {
    if (!this.isIndexBehind || this.isStopping || (this.pause && added <= chunk)) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pause = undefined;
      void this.catchUp();
    }, pauseMs).unref();
  }

  /** Lets the text index come to the rows that were too many for their own transactions; others write in between. */
  private async catchUp(): Promise<void> {
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    try {
      while (this.isIndexBehind && !this.isStopping && !this.pause) {
        this.isIndexBehind = !(await this.exclusively((sql) => this.textIndex.follow(sql, indexedAtOnce)));
      }
    } catch (error) {
      // The lock was lost or the database is closing: whoever appends next goes on. A search reads the rows meanwhile.
      this.log.warn(logEvents.archiveTextIndexLate, { error: String(error) });
    } finally {
      this.isCatchingUp = false;
    }
  }

  private async prepared(events: readonly ArchiveEvent[]): Promise<PreparedEvent[]> {
    const byKey = new Map<string, PreparedEvent>();
    for (let start = 0; start < events.length; start += chunk) {
      for (const event of events.slice(start, start + chunk)) {
        const ready = this.ready(event);
        const key = keyOf(ready.event);
        // The same twice in one call: the first one counts.
        if (!byKey.has(key)) byKey.set(key, ready);
      }
      await nextTurn();
    }
    return [...byKey.values()];
  }

  private ready(event: ArchiveEvent): PreparedEvent {
    const { country, asn, organisation } = this.geo.countryAndNetwork(event.address);
    return {
      event: {
        jail: cleanText(event.jail, 64),
        address: event.address.toString(),
        action: event.action,
        at: Math.trunc(event.at),
        failedAt: event.failedAt === null ? null : Math.trunc(event.failedAt),
        duration: event.duration === null ? null : Math.trunc(event.duration),
        banCount: event.banCount,
        failures: event.failures,
        matches: event.matches,
        origin: event.origin,
        cause: event.cause,
        actor: event.actor === null ? null : cleanText(event.actor, 64),
        reason: event.reason === null ? null : cleanText(event.reason, 500),
        country: country === null ? null : cleanText(country, 2),
        asn,
        organisation: organisation === null ? null : cleanText(organisation, 128),
      },
      key: event.address.key(),
      prefix: prefixOf(event.address),
    };
  }

  private exclusively<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.writeInBackground(async (sql) => {
      await this.database.exclusively(sql, writeLock);
      return work(sql);
    });
  }
}

/** Each event is in eight indexes, so what a bite takes depends on how much of them is in memory: a thousandfold. */
function nextBite(bite: number, tookMs: number): number {
  if (tookMs > purgeMs.long) return Math.max(purgeBite.least, bite >> 1);
  return tookMs < purgeMs.short ? Math.min(purgeBite.most, bite * 2) : bite;
}

/** Length of a network's prefix in terms of the 128-bit key. */
export function prefixOf(network: Network): number {
  return network.family === 4 ? network.prefix + 96 : network.prefix;
}
