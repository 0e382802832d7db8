import { Injectable } from '@nestjs/common';
import { EventBus, defineEvent } from '../../../core/events/event-bus.ts';
import { ArchiveWriter } from '../archive-writer.ts';
import { BanIntents } from '../../bans/index.ts';
import { BanLedger } from './ban-ledger.ts';
import { IntentFinder } from './intent-finder.ts';
import { banKey, type LastBan } from './last-ban.ts';
import { type ReadPosition } from './log-reader.ts';
import { type RowCursor } from './row-reader.ts';
import { type StateName, SyncRepository } from './sync.repository.ts';

/** Bans of a jail that came back or went with their jail: no events, but lists of bans in force are others now. */
export interface BansMoved {
  readonly jail: string;
  readonly count: number;
}

/** See {@link BansMoved}. */
export const bansMoved = defineEvent<BansMoved>('bans-moved');

/** A key of a ban and when something happened to it, in epoch milliseconds. */
export interface Fact {
  readonly jail: string;
  /** Canonical text. */
  readonly address: string;
  readonly at: number;
}

/** Begins pieces of history with what is known, and stores what became of them. */
@Injectable()
export class SyncStore {
  /** How far the log was read; null before the first time. */
  logPosition: ReadPosition | null = null;
  /** How far the database was read; null before the first time. */
  rowCursor: RowCursor | null = null;
  /** Epoch milliseconds at which the archive began; null before that. */
  beganAt: number | null = null;
  /** Last bans on their way into the database, by {@link banKey}. */
  private readonly unstored = new Map<string, LastBan>();

  constructor(
    private readonly repository: SyncRepository,
    private readonly writer: ArchiveWriter,
    private readonly intents: BanIntents,
    private readonly events: EventBus,
  ) {}

  /** Reads what was remembered. What another version left and this one does not understand counts as nothing. */
  async load(): Promise<void> {
    const states = await this.repository.states();
    this.logPosition = readLogPosition(states.get('log'));
    this.rowCursor = readRowCursor(states.get('rows'));
    const began = states.get('began');
    this.beganAt = typeof began === 'number' ? began : null;
  }

  /** A ledger that knows all about these facts. */
  async ledgerFor(facts: readonly Fact[]): Promise<BanLedger> {
    let from = Infinity;
    let until = -Infinity;
    for (const { at } of facts) {
      from = Math.min(from, at);
      until = Math.max(until, at);
    }
    // Taken first: whatever is stored while the database answers is in both.
    const unstored = new Map(this.unstored);
    const known = await this.repository.lastBans(facts);
    for (const { jail, address } of unstored.size > 0 ? facts : []) {
      const key = banKey(jail, address);
      const last = unstored.get(key);
      if (last) known.set(key, last);
    }
    const intents = facts.length === 0 ? [] : await this.intents.between(from - 120_000, until + 120_000);
    return new BanLedger(known, new IntentFinder(intents));
  }

  /**
   * Stores events, last bans and values in one transaction. Ledgers that are made meanwhile know of them already; when it
   * rejects, they were wrong, and nothing made with them may be kept.
   * @param after must have resolved before anything is written; when it rejects, nothing is
   */
  async store(
    ledger: BanLedger,
    values: Readonly<Partial<Record<StateName, unknown>>>,
    after?: Promise<unknown>,
  ): Promise<void> {
    const { events, changes, completions } = ledger;
    const named = Object.entries(values) as [StateName, unknown][];
    for (const last of changes) this.unstored.set(banKey(last.jail, last.address), last);
    try {
      await this.writer.append(
        events,
        async (sql) => {
          await this.writer.complete(sql, completions);
          await this.repository.storeLastBans(sql, changes);
          for (const [name, value] of named) await this.repository.remember(sql, name, value);
        },
        after,
      );
    } finally {
      for (const last of changes) {
        const key = banKey(last.jail, last.address);
        if (this.unstored.get(key) === last) this.unstored.delete(key);
      }
    }
  }

  /** Tells that lists changed without events. */
  tellMoved(jails: ReadonlyMap<string, number>): void {
    for (const [jail, count] of jails) this.events.emit(bansMoved, { jail, count });
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function readLogPosition(value: unknown): ReadPosition | null {
  const { inode, offset, firstLine, isInsideLongLine, lastAt, isStopping } = record(value) ?? {};
  if (typeof inode !== 'number' || typeof offset !== 'number') return null;
  return {
    inode,
    offset,
    firstLine: typeof firstLine === 'string' ? firstLine : null,
    isInsideLongLine: isInsideLongLine === true,
    lastAt: typeof lastAt === 'number' ? lastAt : null,
    isStopping: isStopping === true,
  };
}

function readRowCursor(value: unknown): RowCursor | null {
  const { file, last } = record(value) ?? {};
  const { rowid, jail, address, failedAt } = record(last) ?? {};
  if (typeof file !== 'string' || typeof rowid !== 'number' || typeof failedAt !== 'number') return null;
  if (typeof jail !== 'string' || typeof address !== 'string') return null;
  return { file, last: { rowid, jail, address, failedAt } };
}
