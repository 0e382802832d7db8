import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { BanLedger } from './ban-ledger.ts';
import { IntentFinder } from './intent-finder.ts';
import { ListFeed } from './list-feed.ts';
import { type FeedProgress, LogFeed } from './log-feed.ts';
import { RowFeed } from './row-feed.ts';
import { SyncSources } from './sync-sources.ts';
import { SyncStore } from './sync-store.ts';
import { SyncRepository } from './sync.repository.ts';

/** Ended bans are compared with for this long, in milliseconds: longer than fail2ban keeps their rows by default. */
const rememberEndedMs = 14 * 86_400_000;

/** Where the archive gets its events from now. */
export interface SyncStatus {
  readonly log: { readonly path: string | null; readonly isUsable: boolean; readonly problem: string | null };
  readonly database: { readonly path: string | null; readonly isUsable: boolean; readonly problem: string | null };
}

/**
 * The task `history_sync`: takes what fail2ban's log, its database and its lists tell into the archive, each ban and unban
 * once. Its parts are called one after the other by {@link turn}; it must not run twice at once.
 */
@Injectable()
export class HistorySync {
  private paths: { readonly log: string | null; readonly database: string | null } = { log: null, database: null };

  constructor(
    private readonly sources: SyncSources,
    private readonly store: SyncStore,
    private readonly repository: SyncRepository,
    private readonly log: LogFeed,
    private readonly rows: RowFeed,
    private readonly lists: ListFeed,
    private readonly clock: Clock,
  ) {}

  /** Whether what happened before BanGUI came is still being taken in. */
  get isBeginning(): boolean {
    return this.store.beganAt === null;
  }

  /** What it reads from. */
  get status(): SyncStatus {
    const { log, rows, paths } = this;
    return {
      log: { path: paths.log, isUsable: log.isUsable, problem: log.problem },
      database: { path: paths.database, isUsable: rows.isUsable, problem: rows.problem },
    };
  }

  /** Reads what was remembered; to be called before the first turn, and again after another instance had its turns. */
  async load(): Promise<void> {
    await this.store.load();
    this.log.reset();
    this.rows.reset();
  }

  /** What was remembered of the failures that jails have seen. */
  async failureTotals(): Promise<unknown> {
    return (await this.repository.states()).get('failures');
  }

  /** Does the next piece of work, in some ten milliseconds. Resolves to whether there is more. */
  async turn(): Promise<FeedProgress> {
    const paths = await this.sources.paths();
    if (!paths) return 'done';
    this.paths = paths;
    if (paths.database === null) this.rows.turnOff('fail2ban keeps no database');
    // The lines ask for their rows.
    else await this.rows.probe(paths.database);
    if (paths.log === null) this.log.turnOff('fail2ban writes no log file that names bans');
    const fromLog =
      paths.log === null ? 'done' : await this.log.turn(paths.log, this.rows.isUsable ? paths.database : null);
    // At the first start the log goes first: its times are the better ones.
    const isFirst = this.store.beganAt === null;
    if (isFirst && fromLog === 'more') return 'more';
    const fromRows = paths.database === null ? 'done' : await this.rows.turn(paths.database);
    // What ends before a list was read with it would be noticed by nobody.
    if (!this.log.isUsable && !isFirst) this.lists.expect(this.rows.begun);
    // Lists must not overtake lines that are still to be worked on.
    const fromLists = this.log.isBehind
      ? 'waiting'
      : await this.lists.turn({
          hasLog: this.log.isUsable,
          database: this.rows.isUsable ? paths.database : null,
          readAt: this.readAt,
        });
    const all = [fromLog, fromRows, fromLists];
    if (all.includes('more')) return 'more';
    if (isFirst && fromLog === 'done' && fromRows === 'done') await this.begin();
    return all.includes('waiting') ? 'waiting' : 'done';
  }

  /** Compares the whole of what is in force with the archive, and forgets what is long over. */
  async reconcile(): Promise<void> {
    if (this.store.beganAt === null) return;
    await this.lists.compare();
    await this.repository.forgetEnded(this.clock.now() - rememberEndedMs);
  }

  /** Up to when the better sources have told what they know; without any, that is now. */
  private get readAt(): number {
    if (this.log.isUsable) return this.log.readAt;
    return this.rows.isUsable ? this.rows.readAt : this.clock.monotonic();
  }

  private async begin(): Promise<void> {
    const beganAt = this.clock.now();
    await this.store.store(new BanLedger(new Map(), new IntentFinder([])), {
      began: beganAt,
      log: this.log.position,
    });
    this.store.beganAt = beganAt;
    this.store.logPosition = this.log.position;
  }
}
