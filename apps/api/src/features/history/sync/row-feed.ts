import { isJailName } from '@bangui/fail2ban';
import { Network } from '@bangui/ip';
import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { type BanLedger } from './ban-ledger.ts';
import { type BanRow } from './ban-row.ts';
import { DatabaseUnreadable, Fail2banDatabase } from './fail2ban-database.ts';
import { type FeedProgress, LogFeed } from './log-feed.ts';
import { identityOf, type RowCursor, RowReader } from './row-reader.ts';
import { SyncStore } from './sync-store.ts';

/** A row waits this long for its line, which fail2ban may write a little later. In milliseconds. */
const linePatienceMs = 1_500;
/** Older rows wait for nothing, in milliseconds: their lines would have been read. */
const recentMs = 3_600_000;
/** A file that was changed less than this before it was read may have changed again unseen, in milliseconds. */
const stampMs = 1_000;
/** Rows that are worked on at once, while everything else waits. */
const rowsPerTurn = 500;
/** Waiting rows that are remembered at most. */
const maxWaiting = 10_000;

/** Feeds the archive from fail2ban's database: with all bans that the log does not tell. */
@Injectable()
export class RowFeed {
  /** Whether the database can be read. */
  isUsable = false;
  /** Why not. */
  problem: string | null = null;
  /** Bans of the latest turn that nothing else has told of. */
  readonly begun: BanRow[] = [];
  /** When the latest reading began that came to the end of the database, in monotonic milliseconds. */
  readAt = -Infinity;
  /** When each waiting row was seen first, monotonic milliseconds. */
  private readonly waiting = new Map<string, number>();
  /** State of the file when it was read to its end. */
  private readState = '';
  /** The page that is being written while the next one is read. */
  private storing: Promise<void> = Promise.resolve();

  constructor(
    private readonly reader: RowReader,
    private readonly database: Fail2banDatabase,
    private readonly store: SyncStore,
    private readonly log: LogFeed,
    private readonly clock: Clock,
  ) {}

  /** There is no database. */
  turnOff(problem: string): void {
    this.isUsable = false;
    this.problem = problem;
  }

  /** Begins anew with what the store remembers. */
  reset(): void {
    this.readState = '';
    this.waiting.clear();
  }

  /** Finds out whether the database can be read, where that is not known. */
  async probe(path: string): Promise<void> {
    if (this.isUsable) return;
    try {
      await this.database.identities(path, Number.MAX_SAFE_INTEGER, 1);
      this.isUsable = true;
      this.problem = null;
    } catch (error) {
      this.turnOff(error instanceof Error ? error.message : String(error));
    }
  }

  /** Works on the next rows. */
  async turn(path: string): Promise<FeedProgress> {
    this.begun.length = 0;
    const startedAt = this.clock.monotonic();
    try {
      const state = await this.stateOf(path);
      const isRead = state === this.readState;
      const progress = isRead ? 'done' : await this.readPage(path);
      if (progress === 'done') this.readAt = startedAt;
      if (isRead) return 'done';
      this.isUsable = true;
      this.problem = null;
      this.readState = progress === 'done' ? state : '';
      return progress;
    } catch (error) {
      const isTheirs =
        error instanceof DatabaseUnreadable || (error instanceof Error && 'code' in error && 'syscall' in error);
      if (!isTheirs) throw error;
      this.turnOff(error.message);
      this.readState = '';
      return 'done';
    }
  }

  private async readPage(path: string): Promise<FeedProgress> {
    const { rows, cursor, isAtEnd } = await this.reader.next(path, this.store.rowCursor);
    if (rows.length === 0) {
      await this.settle();
      if (cursor?.last.rowid !== this.store.rowCursor?.last.rowid) this.store.rowCursor = cursor;
      return isAtEnd ? 'done' : 'more';
    }
    const facts: { readonly row: BanRow; readonly address: Network }[] = [];
    for await (const some of inTurns(rows)) {
      for (const row of some) {
        const address = isJailName(row.jail) ? Network.parse(row.address) : undefined;
        if (address) facts.push({ row, address });
      }
    }
    const ledger = await this.store.ledgerFor(
      facts.map(({ row, address }) => ({ jail: row.jail, address: address.toString(), at: row.failedAt * 1000 })),
    );
    // All of them wait at the same time.
    const waiting = facts.map(({ row, address }) => ledger.isNewRow(row, address) && this.isWaiting(row));
    const stop = waiting.indexOf(true);
    const ready = stop < 0 ? facts : facts.slice(0, stop);
    const begun: BanRow[] = [];
    for await (const some of inTurns(ready)) {
      for (const { row, address } of some) if (ledger.rowBan(row, address) === 'event') begun.push(row);
    }
    const last = ready.at(-1);
    const upTo = cursor && last ? { file: cursor.file, last: identityOf(last.row) } : this.store.rowCursor;
    const end = stop < 0 ? cursor : upTo;
    if (end === this.store.rowCursor) {
      await this.settle();
      return 'waiting';
    }
    this.log.rowSeenAt = this.clock.monotonic();
    await this.keep(ledger, end, end === cursor && !isAtEnd);
    this.begun.push(...begun);
    if (end !== cursor) return 'waiting';
    return isAtEnd ? 'done' : 'more';
  }

  /**
   * Stores a page. With more to come it does not wait for that, so that a page is written while the next one is read and
   * understood; each is written when the one before it has been, or not at all.
   */
  private async keep(ledger: BanLedger, end: RowCursor | null, hasMore: boolean): Promise<void> {
    const previous = this.storing;
    const storing = this.store.store(ledger, { rows: end }, previous);
    this.storing = storing;
    this.store.rowCursor = end;
    // Told by the next page, or by whoever settles.
    storing.catch(() => undefined);
    if (hasMore) await previous.catch(() => this.settle());
    else await this.settle();
  }

  /** Waits for the page that is being written. Rejects when it could not be; then everything is read anew. */
  private async settle(): Promise<void> {
    try {
      await this.storing;
    } catch (error) {
      // Rows that are stored already are known as such.
      this.store.rowCursor = null;
      this.storing = Promise.resolve();
      throw error;
    }
  }

  /** Whether the line of a row may still come. */
  private isWaiting(row: BanRow): boolean {
    if (!this.log.isUsable || this.clock.now() - row.failedAt * 1000 > recentMs) return false;
    const key = `${row.rowid} ${row.failedAt} ${row.jail} ${row.address}`;
    const now = this.clock.monotonic();
    const since = this.waiting.get(key);
    // The time of waiting begins when all lines that were there have been read.
    if (since === undefined || this.log.isBehind) {
      if (this.waiting.size >= maxWaiting) this.waiting.clear();
      this.waiting.set(key, now);
      return true;
    }
    if (now - since < linePatienceMs) return true;
    this.waiting.delete(key);
    return false;
  }

  /** Changes with every change of the file, as far as its times are exact enough. */
  private async stateOf(path: string): Promise<string> {
    const { ino, size, mtimeMs } = await stat(path);
    const isSettled = this.clock.now() - mtimeMs > stampMs;
    return isSettled ? `${ino} ${size} ${mtimeMs}` : `unsettled ${this.clock.monotonic()}`;
  }
}

/** Some at a time, between which others have their turn. */
async function* inTurns<T>(items: readonly T[]): AsyncGenerator<readonly T[], void, void> {
  for (let start = 0; start < items.length; start += rowsPerTurn) {
    if (start > 0) await nextTurn();
    yield items.slice(start, start + rowsPerTurn);
  }
}
