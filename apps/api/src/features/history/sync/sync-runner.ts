import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { EventBus } from '../../../core/events/event-bus.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { defineTask } from '../../../core/tasks/task.ts';
import { TaskRegistry } from '../../../core/tasks/task-registry.ts';
import { bansChanged } from '../../bans/index.ts';
import { jailsCounted, serverChanged } from '../../server/index.ts';
import { FailureCounter } from './failure-counter.ts';
import { FileWatch } from './file-watch.ts';
import { HistorySync } from './history-sync.ts';
import { ListFeed } from './list-feed.ts';
import { type FeedProgress } from './log-feed.ts';
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

/**
 * The task `history_sync`: while this instance holds the scheduler lock, it looks when something has changed, and from time
 * to time.
 */
@Injectable()
export class SyncRunner implements OnModuleInit {
  private readonly logWatch = new FileWatch(() => this.wake());
  private readonly databaseWatch = new FileWatch(() => this.wake());
  /** Of the run that goes on; undefined while this instance does not feed the archive. */
  private signal: AbortSignal | undefined;
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
    private readonly tasks: TaskRegistry,
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
    this.tasks.register(
      defineTask({
        id: 'history_sync',
        title: 'Take bans into the history',
        schedule: { kind: 'continuous' },
        run: async ({ signal }) => {
          await this.run(signal);
          return undefined;
        },
      }),
    );
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

  private wake(): void {
    this.isWoken = true;
    this.endPause();
  }

  private async run(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    const end = (): void => this.endPause();
    signal.addEventListener('abort', end, { once: true });
    this.reconcileAt = this.clock.monotonic() + reconcileAfterStartMs;
    try {
      while (!signal.aborted) {
        this.isWoken = false;
        const progress = await this.step();
        if (progress === 'more') await nextTurn();
        else await this.pause(progress);
      }
    } finally {
      this.isHolder = false;
      this.signal = undefined;
      this.logWatch.close();
      this.databaseWatch.close();
    }
  }

  private async step(): Promise<FeedProgress | 'failed'> {
    try {
      await this.begin();
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

  /** A method, because it changes while the loop waits. */
  private hasStopped(): boolean {
    return this.signal?.aborted ?? true;
  }

  /** Reads what the holder before has left. */
  private async begin(): Promise<void> {
    if (this.isHolder) return;
    await this.sync.load();
    this.failures.load(await this.sync.failureTotals());
    this.isHolder = true;
  }

  private pause(progress: FeedProgress | 'failed'): Promise<void> {
    if (this.hasStopped()) return Promise.resolve();
    const wanted = { more: 0, waiting: expectingMs, done: idleMs, failed: afterErrorMs }[progress];
    return new Promise((resolve) => {
      const timer = setTimeout(done, this.isWoken && progress !== 'failed' ? settleMs : wanted);
      this.endPause = () => {
        if (progress === 'failed' && !this.hasStopped()) return;
        clearTimeout(timer);
        // Not at once: lines come in groups.
        if (this.hasStopped()) done();
        else setTimeout(done, settleMs);
      };
      function done(): void {
        resolve();
      }
    });
  }
}
