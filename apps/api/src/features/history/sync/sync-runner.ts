import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { EventBus } from '../../../core/events/event-bus.ts';
import { Lifecycle } from '../../../core/lifecycle/lifecycle.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { bansChanged } from '../../bans/index.ts';
import { jailsCounted, serverChanged } from '../../server/index.ts';
import { FailureCounter } from './failure-counter.ts';
import { FileWatch } from './file-watch.ts';
import { HistorySync } from './history-sync.ts';
import { ListFeed } from './list-feed.ts';
import { type FeedProgress } from './log-feed.ts';
import { SyncLease } from './sync-lease.ts';
import { SyncSources } from './sync-sources.ts';

/** Times in milliseconds. At the latest after `idle` there is another look, whatever nobody told. */
const idleMs = 5_000;
/** While something is expected any moment. */
const expectingMs = 40;
/** A change is followed by others; they are taken together. */
const settleMs = 10;
const afterErrorMs = 1_000;
const reconcileEveryMs = 300_000;
/** A server that has just come needs this long to bring its bans back. */
const reconcileAfterStartMs = 8_000;
const flushEveryMs = 5_000;

/** Runs `history_sync` when something has changed, and from time to time. */
@Injectable()
export class SyncRunner implements OnModuleInit, OnApplicationBootstrap {
  private readonly logWatch = new FileWatch(() => this.wake());
  private readonly databaseWatch = new FileWatch(() => this.wake());
  private loop: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isHolder = false;
  /** Set when something happened since the last turn began. */
  private isWoken = false;
  private endPause: () => void = () => undefined;
  private reconcileAt = 0;
  private flushAt = 0;
  private lastError = '';

  constructor(
    private readonly sync: HistorySync,
    private readonly lists: ListFeed,
    private readonly failures: FailureCounter,
    private readonly sources: SyncSources,
    private readonly lease: SyncLease,
    private readonly lifecycle: Lifecycle,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Whether this instance feeds the archive. */
  get isFeeding(): boolean {
    return this.isHolder;
  }

  /** Whether it still takes in what happened before BanGUI came. */
  get isBeginning(): boolean {
    return this.isHolder && this.sync.isBeginning;
  }

  onModuleInit(): void {
    this.lifecycle.onStop(() => this.stop());
    this.events.on(jailsCounted, (counted) => {
      if (this.isHolder) this.failures.notice(counted);
      this.wake();
    });
    this.events.on(bansChanged, (changed) => {
      if (this.isHolder) this.lists.notice(changed);
      this.wake();
    });
    this.events.on(serverChanged, () => {
      this.sources.forget();
      this.reconcileAt = this.clock.monotonic() + reconcileAfterStartMs;
      this.wake();
    });
  }

  onApplicationBootstrap(): void {
    this.reconcileAt = this.clock.monotonic() + reconcileAfterStartMs;
    this.loop = this.run();
  }

  /** The part of Nest's shutdown for whoever did not stop through {@link Lifecycle}. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  private async stop(): Promise<void> {
    this.isStopped = true;
    this.endPause();
    await this.loop;
    this.logWatch.close();
    this.databaseWatch.close();
  }

  private wake(): void {
    this.isWoken = true;
    this.endPause();
  }

  private async run(): Promise<void> {
    while (!this.hasStopped()) {
      this.isWoken = false;
      const progress = await this.step();
      if (progress === 'more') await nextTurn();
      else await this.pause(progress);
    }
  }

  /** A method, because it changes while the loop waits. */
  private hasStopped(): boolean {
    return this.isStopped;
  }

  private async step(): Promise<FeedProgress | 'failed'> {
    try {
      if (!(await this.holdLease())) return 'done';
      const progress = await this.sync.turn();
      const { log, database } = this.sync.status;
      this.logWatch.follow(log.path);
      this.databaseWatch.follow(database.path);
      const now = this.clock.monotonic();
      if (now >= this.flushAt) {
        this.flushAt = now + flushEveryMs;
        await this.failures.flush();
      }
      if (progress !== 'more' && now >= this.reconcileAt) {
        this.reconcileAt = now + reconcileEveryMs;
        await this.sync.reconcile();
        return 'more';
      }
      this.lastError = '';
      return progress;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      // Once for each trouble; it is tried again every second.
      if (text !== this.lastError) this.log.error(logEvents.historySyncFailed, { error });
      this.lastError = text;
      return 'failed';
    }
  }

  private async holdLease(): Promise<boolean> {
    const isHeld = await this.lease.hold();
    if (isHeld && !this.isHolder) {
      await this.sync.load();
      this.failures.load(await this.sync.failureTotals());
    }
    this.isHolder = isHeld;
    return isHeld;
  }

  private pause(progress: FeedProgress | 'failed'): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    const wanted = { more: 0, waiting: expectingMs, done: idleMs, failed: afterErrorMs }[progress];
    return new Promise((resolve) => {
      const timer = setTimeout(done, this.isWoken && progress !== 'failed' ? settleMs : wanted);
      this.endPause = () => {
        if (progress === 'failed' && !this.isStopped) return;
        clearTimeout(timer);
        // Not at once: lines come in groups.
        if (this.isStopped) done();
        else setTimeout(done, settleMs);
      };
      function done(): void {
        resolve();
      }
    });
  }
}
