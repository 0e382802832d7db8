import { schedulerTimes, type Settings } from '../../core/config/settings.ts';
import { type Fence } from '../../core/database/fence.ts';
import { resolve } from 'node:path';
import { type Lifecycle } from '../../core/lifecycle/lifecycle.ts';
import { type Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { StartRefused } from '../../core/start-refused.ts';
import { type LockReport } from './lock/lock-keeper.ts';
import { LockThread } from './lock/lock-thread.ts';
import { ownIdentity } from '../../core/instances/process-identity.ts';
import { type Holder } from './lock/scheduler-lock.ts';
import { SchedulerHeld, schedulerHeldExitCode } from './scheduler-held.ts';

/** Whoever runs tasks while the lock is held. Both are called synchronously. */
export interface LockWatcher {
  acquired(fence: Fence): void;
  /** Everything that runs must stop at once. */
  lost(): void;
}

/** Whether this instance may run tasks. */
export type HoldingState = 'holding' | 'waiting' | 'off';

/** Where the lock is and how it behaves. */
export interface LockFacts {
  readonly kind: 'database' | 'redis';
  readonly instanceId: string;
  readonly intervalMs: number;
  readonly ttlMs: number;
}

/** What became of a renewal of the lock. */
export interface Heartbeat {
  readonly kind: 'updated' | 'failed' | 'timeout' | 'lost';
  /** Milliseconds; null where nothing was asked. */
  readonly tookMs: number | null;
}

/** Longest time of one renewal, in milliseconds. */
const maxRenewalMs = 5_000;

/** This instance's side of the scheduler lock: whether it is held, and what the log says of it. */
export class LockHolder {
  readonly facts: LockFacts;
  private readonly thread: LockThread;
  private readonly first = Promise.withResolvers<LockReport>();
  private watcher: LockWatcher | undefined;
  private held: Fence | undefined;
  private lastHolder: Holder | undefined;
  private toldToken: number | undefined;
  private toldTrouble = '';
  private readonly heartbeatListeners = new Set<(heartbeat: Heartbeat) => void>();
  private durationMs: number | null = null;
  private isReleased = false;

  private constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    private readonly lifecycle: Lifecycle,
  ) {
    const { heartbeatSeconds, lockTtlSeconds } = schedulerTimes(settings);
    const ttlMs = lockTtlSeconds * 1_000;
    const own = ownIdentity();
    this.facts = {
      kind: settings.schedulerLock,
      instanceId: own.instanceId,
      intervalMs: heartbeatSeconds * 1_000,
      ttlMs,
    };
    this.thread = new LockThread(
      {
        own,
        ttlMs,
        intervalMs: this.facts.intervalMs,
        // Several failures must fit into the time to live, however short it is.
        limitMs: Math.min(maxRenewalMs, ttlMs / 4),
        isCandidate: settings.schedulerRole !== 'off',
        sqlitePath: resolve(settings.databasePath),
        postgresUrl: settings.databaseUrl,
        redisUrl: settings.schedulerLock === 'redis' ? settings.redisUrl : undefined,
      },
      (report) => this.receive(report),
    );
  }

  /**
   * Tries to acquire the lock, as the role demands. Rejects with {@link SchedulerHeld} in role `required` while another
   * instance holds it. The database must be migrated.
   */
  static async open(settings: Settings, log: Log, lifecycle: Lifecycle): Promise<LockHolder> {
    const holder = new LockHolder(settings, log, lifecycle);
    if (settings.schedulerRole === 'off') return holder;
    const report = await holder.first.promise;
    if (settings.schedulerRole === 'standby' || report.kind === 'acquired') return holder;
    await holder.close();
    if (report.kind === 'held') throw new SchedulerHeld(report.holder, holder.facts);
    const reason = 'reason' in report ? report.reason : report.kind;
    throw new StartRefused(
      `The scheduler lock in ${settings.schedulerLock === 'redis' ? 'Redis' : 'the database'} cannot be used: ${reason}`,
    );
  }

  get state(): HoldingState {
    if (this.settings.schedulerRole === 'off') return 'off';
    return this.held ? 'holding' : 'waiting';
  }

  get fence(): Fence | undefined {
    return this.held;
  }

  /** Milliseconds the last heartbeat took; null when there was none or it failed. */
  get heartbeatMs(): number | null {
    return this.durationMs;
  }

  /** Tells the watcher from now on; at once when the lock is held already. */
  watch(watcher: LockWatcher): void {
    this.watcher = watcher;
    if (this.held) watcher.acquired(this.held);
  }

  /** Tells what becomes of each renewal from now on. */
  onHeartbeat(listener: (heartbeat: Heartbeat) => void): void {
    this.heartbeatListeners.add(listener);
  }

  /** Who holds the lock now; as it was known last when that cannot be found out. Never rejects. */
  async holder(): Promise<Holder | undefined> {
    try {
      this.lastHolder = await this.thread.read();
    } catch {
      // The heartbeat says in the log what is wrong.
    }
    return this.lastHolder;
  }

  /** Gives the lock back; to be called when no task runs any more. */
  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    const { held } = this;
    this.held = undefined;
    try {
      await this.thread.release();
      if (held) this.log.info(logEvents.schedulerLockReleased, { token: held.token });
    } catch (error) {
      // It expires by itself, and at once for whoever sees that this process is gone.
      this.log.warn(logEvents.schedulerLockHeartbeatFailed, { token: held?.token, error });
    }
  }

  /** Ends the thread of the lock. */
  close(): Promise<void> {
    return this.thread.end();
  }

  private receive(report: LockReport): void {
    if (this.isReleased) return;
    this.note(report);
    this.first.resolve(report);
  }

  private note(report: LockReport): void {
    const { instanceId, kind, ttlMs } = this.facts;
    if (report.kind !== 'acquired' && report.kind !== 'held' && report.kind !== 'not-acquired') {
      const tookMs = 'durationMs' in report ? report.durationMs : null;
      for (const listener of this.heartbeatListeners) listener({ kind: report.kind, tookMs });
    }
    switch (report.kind) {
      case 'acquired':
        this.held = { token: report.token, maxPauseMs: Math.floor(ttlMs / 2) };
        this.toldTrouble = '';
        this.log.info(logEvents.schedulerLockAcquired, { token: report.token, instance: instanceId, lock: kind });
        this.watcher?.acquired(this.held);
        return;
      case 'held':
        this.noteHeld(report.holder);
        return;
      case 'not-acquired':
        if (report.reason === this.toldTrouble) return;
        this.toldTrouble = report.reason;
        this.log.warn(logEvents.schedulerLockAcquireFailed, { reason: report.reason });
        return;
      case 'updated':
        this.durationMs = report.durationMs;
        this.log.debug(logEvents.schedulerLockHeartbeatUpdated, { token: report.token, ms: report.durationMs });
        return;
      case 'failed':
        this.durationMs = null;
        this.log.warn(logEvents.schedulerLockHeartbeatFailed, {
          token: report.token,
          ms: report.durationMs,
          reason: report.reason,
        });
        return;
      case 'timeout':
        this.durationMs = null;
        this.log.error(logEvents.schedulerLockHeartbeatTimeout, { token: report.token, ms: report.durationMs });
        return;
      case 'lost':
        this.durationMs = null;
        this.held = undefined;
        this.watcher?.lost();
        this.log.warn(logEvents.schedulerLockHeartbeatLost, { token: report.token, reason: report.reason });
        return;
    }
  }

  private noteHeld(holder: Holder): void {
    this.lastHolder = holder;
    this.toldTrouble = '';
    if (this.toldToken === holder.token) return;
    this.toldToken = holder.token;
    const fields = {
      holder_pid: holder.pid,
      holder_host: holder.host,
      holder_instance: holder.instanceId,
      holder_since: new Date(holder.acquiredAt).toISOString(),
      heartbeat_age_ms: holder.ageMs,
      token: holder.token,
    };
    if (this.settings.schedulerRole === 'standby') {
      this.log.info(logEvents.schedulerStandby, fields);
      return;
    }
    this.log.warn(logEvents.schedulerLockHeld, fields);
    // After the start it means that the lock was lost to this one.
    if (this.watcher) this.lifecycle.requestStop(schedulerHeldExitCode);
  }
}
