import { isJailName } from '@bangui/fail2ban';
import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { BansSnapshot } from '../../bans/index.ts';
import { type BanLedger, type FactOutcome, type ListedBan, type RowEvidence } from './ban-ledger.ts';
import { Fail2banDatabase } from './fail2ban-database.ts';
import { type RowsOfKey } from './fail2ban-database-protocol.ts';
import { banKey } from './last-ban.ts';
import { type LogLineKind } from './log-line.ts';
import { type LogEntry, LogReader, type ReadPosition } from './log-reader.ts';
import { SyncStore } from './sync-store.ts';

/** Lines worked on in one transaction. */
const batchLines = 2_000;
/** A line waits this long for its row, which fail2ban writes a little later. In milliseconds. */
const rowPatienceMs = 700;
/** While rows keep coming, fail2ban is behind with writing them, and a line waits this long. In milliseconds. */
const backlogPatienceMs = 5_000;
/** Where no database can be read, a line waits this long for the list, which is read up to half a second later. In milliseconds. */
const listPatienceMs = 2_500;
/** Rows keep coming when the last one is younger than this, in milliseconds. */
const rowPauseMs = 300;
/** Older lines wait for nothing, in milliseconds: what they do not have by now will not come. */
const recentMs = 60_000;

/** What a turn came to. */
export type FeedProgress =
  /** There is more to do at once. */
  | 'more'
  /** Something is expected any moment. */
  | 'waiting'
  | 'done';

interface QueuedEntry extends LogEntry {
  readonly address: Network;
  /** Monotonic milliseconds. */
  readonly seenAt: number;
  /** What the next line says about the same address, as far as it was read. */
  next: LogLineKind | undefined;
}

/** Feeds the archive from fail2ban's log. */
@Injectable()
export class LogFeed {
  /** Whether the log can be read; what it does not tell is then not worth waiting for. */
  isUsable = false;
  /** Why not. */
  problem: string | null = null;
  /** Monotonic milliseconds at which the latest row was found. */
  rowSeenAt = -Infinity;
  /** When the latest reading began that came to the end of the log, in monotonic milliseconds. */
  readAt = -Infinity;
  private queue: QueuedEntry[] = [];
  private readUpTo: ReadPosition | null = null;
  private isAtEnd = false;

  constructor(
    private readonly reader: LogReader,
    private readonly store: SyncStore,
    private readonly database: Fail2banDatabase,
    private readonly snapshot: BansSnapshot,
    private readonly clock: Clock,
  ) {}

  /** Behind all lines that were worked on; null before the log was read. */
  get position(): ReadPosition | null {
    return this.queue.length === 0 ? (this.readUpTo ?? this.store.logPosition) : this.store.logPosition;
  }

  /** Whether there are lines that were not worked on yet. What others tell may be in them. */
  get isBehind(): boolean {
    return this.isUsable && (this.queue.length > 0 || !this.isAtEnd);
  }

  /** Begins anew with what the store remembers. */
  reset(): void {
    this.queue = [];
    this.readUpTo = null;
  }

  /** Nothing is known of the log. */
  turnOff(problem: string): void {
    this.isUsable = false;
    this.problem = problem;
  }

  /**
   * Works on the next lines.
   * @param databasePath where the rows are; null when they cannot be read
   */
  async turn(path: string, databasePath: string | null): Promise<FeedProgress> {
    if (this.queue.length === 0 && !(await this.fill(path))) return 'done';
    if (this.queue.length === 0) return this.isAtEnd ? 'done' : 'more';
    const batch = this.queue.slice(0, batchLines);
    const rows = await this.rowsFor(batch, databasePath);
    const ledger = await this.store.ledgerFor(
      batch.map(({ line, address, at }) => ({ jail: line.jail, address: address.toString(), at })),
    );
    const moved = new Map<string, number>();
    let done = 0;
    for (const entry of batch) {
      const outcome = this.take(
        ledger,
        entry,
        rows?.get(banKey(entry.line.jail, entry.line.address)),
        rows !== undefined,
      );
      if (outcome === 'wait') break;
      if (outcome === 'silent') moved.set(entry.line.jail, (moved.get(entry.line.jail) ?? 0) + 1);
      done += 1;
    }
    if (done > 0) await this.keep(ledger, done);
    this.store.tellMoved(moved);
    if (done < batch.length) return 'waiting';
    return this.queue.length > 0 || !this.isAtEnd ? 'more' : 'done';
  }

  private async fill(path: string): Promise<boolean> {
    const isFirst = this.store.beganAt === null;
    const startedAt = this.clock.monotonic();
    try {
      const piece = await this.reader.read(path, this.readUpTo ?? this.store.logPosition, isFirst ? 'start' : 'end');
      this.isUsable = true;
      this.problem = piece.hasGap ? 'lines between two looks are gone' : null;
      this.isAtEnd = piece.isAtEnd;
      if (piece.isAtEnd) this.readAt = startedAt;
      const seenAt = this.clock.monotonic();
      for (const entry of piece.entries) {
        const address = Network.parse(entry.line.address);
        if (address && isJailName(entry.line.jail)) this.queue.push({ ...entry, address, seenAt, next: undefined });
      }
      noteNext(this.queue);
      this.readUpTo = piece.position;
    } catch (error) {
      this.turnOff(error instanceof Error ? error.message : String(error));
      return false;
    }
    // A log that can be read for the first time: what comes from here on must not be missed by the next start.
    if (!isFirst && this.store.logPosition === null) {
      await this.store.store(await this.store.ledgerFor([]), { log: this.readUpTo });
      this.store.logPosition = this.readUpTo;
    }
    return true;
  }

  /** Rows of all keys of the lines; undefined when the database cannot be read. */
  private async rowsFor(
    batch: readonly QueuedEntry[],
    path: string | null,
  ): Promise<ReadonlyMap<string, RowsOfKey> | undefined> {
    if (path === null) return undefined;
    const lines = batch.filter(({ line }) => line.kind === 'ban' || line.kind === 'unban').map(({ line }) => line);
    const keys = [...new Map(lines.map(({ jail, address }) => [banKey(jail, address), { jail, address }])).values()];
    // Whoever reads the rows themselves notices, too.
    const answers = await this.database.rowsOf(path, keys).catch(() => undefined);
    if (!answers) return undefined;
    return new Map(
      keys.flatMap(({ jail, address }, index) => {
        const answer = answers[index];
        return answer ? [[banKey(jail, address), answer] as const] : [];
      }),
    );
  }

  private take(
    ledger: BanLedger,
    entry: QueuedEntry,
    found: RowsOfKey | undefined,
    isReadable: boolean,
  ): FactOutcome | 'wait' {
    const { line, address, at } = entry;
    const { jail } = line;
    switch (line.kind) {
      case 'ban': {
        const row = found && ledger.rowOfLine(jail, address.toString(), at, found.rows);
        const listed = row ? undefined : this.listedBan(jail, line.address, at);
        if (!row && this.isWorthWaiting(entry, isReadable, listed)) return 'wait';
        return ledger.lineBan(jail, address, at, row, listed);
      }
      case 'unban': {
        return ledger.lineUnban(jail, address, at, evidenceOf(entry, found, isReadable));
      }
      case 'restore':
        return ledger.lineRestore(jail, address);
      case 'increase':
        return ledger.lineIncrease(jail, address, entry.endsAt ?? null);
    }
  }

  private isWorthWaiting(entry: QueuedEntry, isReadable: boolean, listed: ListedBan | undefined): boolean {
    if (this.clock.now() - entry.at > recentMs || (!isReadable && listed)) return false;
    const now = this.clock.monotonic();
    if (!isReadable) return now - entry.seenAt < listPatienceMs;
    const hasBacklog = now - this.rowSeenAt < rowPauseMs;
    return now - entry.seenAt < (hasBacklog ? backlogPatienceMs : rowPatienceMs);
  }

  /** The ban as the list has it, unless that is an older one. */
  private listedBan(jail: string, address: string, at: number): ListedBan | undefined {
    const ban = this.snapshot.ofJail(jail).get(address);
    if (!ban || ban.bannedAt > at + 1_000 || ban.bannedAt < at - recentMs) return undefined;
    return { jail, address, failedAt: Math.round(ban.bannedAt / 1000), duration: ban.duration };
  }

  private async keep(ledger: BanLedger, done: number): Promise<void> {
    const isAll = done === this.queue.length;
    const position = isAll ? this.readUpTo : (this.queue[done - 1]?.position ?? this.store.logPosition);
    await this.store.store(ledger, { log: position });
    this.store.logPosition = position;
    this.queue = this.queue.slice(done);
  }
}

/** Notes for each line what comes next of its address. */
function noteNext(queue: readonly QueuedEntry[]): void {
  const later = new Map<string, LogLineKind>();
  for (let index = queue.length - 1; index >= 0; index -= 1) {
    const entry = queue[index];
    if (!entry) continue;
    const key = banKey(entry.line.jail, entry.line.address);
    entry.next = later.get(key);
    if (entry.line.kind !== 'increase') later.set(key, entry.line.kind);
  }
}

/**
 * What is to be thought of an unban. The database is of now, the line may be of long ago: what the log says next of the
 * address is worth more.
 */
function evidenceOf({ position, next }: QueuedEntry, found: RowsOfKey | undefined, isReadable: boolean): RowEvidence {
  // What a stop lifts comes back, or does not, with the start.
  if (position.isStopping || next === 'restore' || !isReadable) return 'unknown';
  return next === 'ban' ? null : (found?.last ?? null);
}
