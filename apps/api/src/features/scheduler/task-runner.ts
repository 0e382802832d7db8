import { randomInt, randomUUID } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { type Fence, FenceLost } from '../../core/database/fence.ts';
import { Lifecycle } from '../../core/lifecycle/lifecycle.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { type Schedule, type Task, type TaskProgress, type TaskResult } from '../../core/tasks/task.ts';
import { TaskRegistry } from '../../core/tasks/task-registry.ts';
import { errorType, noSpan, type TellSpan, Tracing } from '../../core/tracing/index.ts';
import { LockHolder } from './lock-holder.ts';
import { outcomeOf, RunAborted, type RunningTask } from './running-task.ts';
import { nextDue, readSchedule } from './schedule-times.ts';
import { type RunTrigger, type TaskRunEntity } from './task-run.entity.ts';
import { type TaskEntity } from './task.entity.ts';
import { TasksRepository } from './tasks.repository.ts';

/** How often requests, decisions and due times are looked at, in milliseconds. */
const tickMs = 1_000;
/** A continuous task that ended by itself begins again after so many milliseconds, doubled with each failure. */
const shortestBackoffMs = 1_000;
const longestBackoffMs = 60_000;
/** Longest wait for aborted tasks while BanGUI stops, in milliseconds. */
const longestStopMs = 10_000;
/** Name under which @nestjs/schedule knows the tick. */
const intervalName = 'scheduler';

/** A task with what is known of it while this instance holds the lock. */
interface Slot {
  readonly task: Task;
  schedule: Schedule;
  running: RunningTask | undefined;
  /** Begin of the latest run, epoch milliseconds; undefined when it never ran. */
  lastStartedAt: number | undefined;
  /** In milliseconds of the monotonic clock, so that a step of the wall clock moves no interval. */
  dueAt: number | undefined;
  failures: number;
}

/** Runs the tasks while this instance holds the lock: each at most once at a time, each transaction guarded. */
@Injectable()
export class TaskRunner implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private slots = new Map<string, Slot>();
  private fence: Fence | undefined;
  private isReady = false;
  private isTicking = false;
  private isStopped = false;
  private toldTrouble = '';
  private stopping: Promise<void> | undefined;
  private onChange: () => void = () => undefined;

  constructor(
    private readonly registry: TaskRegistry,
    private readonly repository: TasksRepository,
    private readonly holder: LockHolder,
    private readonly database: Database,
    private readonly timers: SchedulerRegistry,
    private readonly lifecycle: Lifecycle,
    private readonly tracing: Tracing,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.lifecycle.onStop(() => this.stop());
    this.timers.addInterval(intervalName, setInterval(() => void this.tick(), tickMs).unref());
    this.holder.watch({ acquired: (fence) => this.begin(fence), lost: () => this.abortAll('lock-lost') });
  }

  /** The part of Nest's shutdown for whoever did not stop through {@link Lifecycle}. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.holder.close();
  }

  /** How far a run of this instance is; null when it does not tell, undefined when none runs here. */
  progressOf(id: string): TaskProgress | null | undefined {
    return this.slots.get(id)?.running?.progress;
  }

  /** Calls back whenever the state of a task changes. */
  whenChanged(callback: () => void): void {
    this.onChange = callback;
  }

  /** Looks for requests and decisions now. */
  poke(): void {
    void this.tick();
  }

  private stop(): Promise<void> {
    this.stopping ??= this.stopOnce();
    return this.stopping;
  }

  private async stopOnce(): Promise<void> {
    this.isStopped = true;
    const runs = this.abortAll('stopping');
    const { promise: tooLate, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => resolve('late'), longestStopMs);
    const how = await Promise.race([Promise.all(runs), tooLate]);
    clearTimeout(timer);
    // While a task still runs nobody else may begin it: the lock then ends with this process.
    if (how !== 'late') await this.holder.release();
  }

  private begin(fence: Fence): void {
    this.fence = fence;
    this.isReady = false;
    void this.tick();
  }

  private abortAll(cause: 'lock-lost' | 'stopping'): Promise<void>[] {
    this.fence = undefined;
    this.isReady = false;
    const runs: Promise<void>[] = [];
    for (const { running } of this.slots.values()) {
      running?.controller.abort(new RunAborted(cause));
      if (running) runs.push(running.done);
    }
    return runs;
  }

  private async tick(): Promise<void> {
    const { fence } = this;
    if (!fence || this.isTicking || this.isStopped) return;
    this.isTicking = true;
    try {
      if (!this.isReady) await this.takeOver(fence);
      const decisions = await this.repository.decisions();
      for (const slot of this.slots.values()) this.lookAt(slot, decisions.get(slot.task.id), fence);
      await this.saveProgress(fence);
      this.toldTrouble = '';
    } catch (error) {
      // The database is away, or the lock is lost and the heartbeat will say so; the next tick tries again.
      const text = error instanceof Error ? error.message : String(error);
      if (text !== this.toldTrouble) this.log.warn(logEvents.tasksNotRead, { error });
      this.toldTrouble = text;
    } finally {
      this.isTicking = false;
    }
    // Acquired anew while the last one was looked at.
    if (this.fence && this.fence !== fence) void this.tick();
  }

  /** What a holder does first: it finds out what others left unfinished or missed. */
  private async takeOver(fence: Fence): Promise<void> {
    await this.database.fenced(fence, () => this.repository.interruptBefore(fence.token));
    const [latest, decisions] = await Promise.all([this.repository.latestRuns(), this.repository.decisions()]);
    if (this.fence !== fence) return;
    const before = this.slots;
    this.slots = new Map();
    for (const task of this.registry.all()) {
      const last = latest.get(task.id);
      const slot: Slot = {
        task,
        schedule: scheduleOf(task, decisions.get(task.id)),
        // Aborted, but not over: it must not begin anew before it is.
        running: before.get(task.id)?.running,
        lastStartedAt: last?.startedAt,
        dueAt: undefined,
        failures: 0,
      };
      this.slots.set(task.id, slot);
      this.plan(slot);
      const wasCutShort = last?.outcome === 'interrupted' && last.trigger !== 'catch-up';
      const isMissed = last !== undefined && slot.dueAt !== undefined && slot.dueAt <= this.clock.monotonic();
      if (task.schedule.kind === 'continuous' || decisions.get(task.id)?.isPaused) continue;
      // However many were missed: once.
      if (wasCutShort || isMissed) this.start(slot, fence, 'catch-up', null);
    }
    this.isReady = true;
  }

  private lookAt(slot: Slot, decision: TaskEntity | undefined, fence: Fence): void {
    // Lost while the decisions were read.
    if (this.fence !== fence) return;
    const { task } = slot;
    const isPaused = decision?.isPaused ?? false;
    const schedule = scheduleOf(task, decision);
    if (JSON.stringify(schedule) !== JSON.stringify(slot.schedule)) {
      slot.schedule = schedule;
      this.plan(slot);
    }
    if (isPaused && slot.running && slot.running.trigger !== 'by-hand') {
      slot.running.controller.abort(new RunAborted('paused'));
    }
    if (slot.running) return;
    const isRequested = decision !== undefined && decision.requestedAt !== null;
    if (isRequested && task.schedule.kind !== 'continuous') {
      this.start(slot, fence, 'by-hand', decision.requestedBy);
      return;
    }
    if (isPaused) return;
    const isDue = slot.dueAt !== undefined && slot.dueAt <= this.clock.monotonic();
    if (isDue) this.start(slot, fence, 'schedule', null);
  }

  /** Decides when the task is due next. */
  private plan(slot: Slot): void {
    const { task, schedule, lastStartedAt } = slot;
    const now = this.clock.now();
    const monotonic = this.clock.monotonic();
    if (schedule.kind === 'continuous') {
      const backoff = slot.failures === 0 ? 0 : shortestBackoffMs * 2 ** Math.min(slot.failures - 1, 6);
      slot.dueAt = monotonic + Math.min(backoff, longestBackoffMs);
      return;
    }
    const isFirst = lastStartedAt === undefined && schedule.kind === 'interval';
    // A begin in the future was written before the clock was set back.
    const due = isFirst ? now + task.firstAfterMs : (nextDue(schedule, Math.min(lastStartedAt ?? now, now)) ?? now);
    const isLate = due <= now;
    slot.dueAt = monotonic + (due - now) + (isLate || task.jitterMs === 0 ? 0 : randomInt(task.jitterMs));
  }

  private start(slot: Slot, fence: Fence, trigger: RunTrigger, requestedBy: string | null): void {
    if (slot.running) return;
    const running: RunningTask = {
      id: randomUUID(),
      trigger,
      controller: new AbortController(),
      progress: null,
      savedProgress: null,
      done: Promise.resolve(),
    };
    slot.running = running;
    slot.lastStartedAt = this.clock.now();
    running.done = this.database
      .fenced(fence, () => this.traced(slot, running, fence, requestedBy))
      .finally(() => {
        slot.running = undefined;
        this.plan(slot);
        this.onChange();
        // A slot of the holding before: whoever holds now waits for its end.
        const current = this.slots.get(slot.task.id);
        if (current && current !== slot && current.running === running) {
          current.running = undefined;
          this.plan(current);
        }
      });
  }

  private traced(slot: Slot, running: RunningTask, fence: Fence, requestedBy: string | null): Promise<void> {
    const run = (tell: TellSpan): Promise<void> => this.execute(slot, running, fence, requestedBy, tell);
    // It would end with BanGUI, and all it ever does would be one trace.
    if (slot.task.schedule.kind === 'continuous') return run(noSpan);
    const { id } = slot.task;
    const facts = { 'bangui.task.id': id, 'bangui.task.trigger': running.trigger, 'bangui.task.token': fence.token };
    return this.tracing.inSpan({ name: `task ${id}`, isRoot: true, facts }, run);
  }

  private async execute(
    slot: Slot,
    running: RunningTask,
    fence: Fence,
    requestedBy: string | null,
    tell: TellSpan,
  ): Promise<void> {
    const { task } = slot;
    const { signal } = running.controller;
    const startedAt = this.clock.now();
    const startedMonotonic = this.clock.monotonic();
    const run: TaskRunEntity = {
      id: running.id,
      task: task.id,
      trigger: running.trigger,
      outcome: 'running',
      startedAt,
      durationMs: null,
      error: null,
      result: null,
      progress: null,
      token: fence.token,
      instanceId: this.holder.facts.instanceId,
      requestedBy,
    };
    const limit =
      task.timeLimitMs === null
        ? undefined
        : setTimeout(() => running.controller.abort(new RunAborted('time-limit')), task.timeLimitMs).unref();
    let thrown: Error | undefined;
    let result: TaskResult | undefined;
    try {
      await this.repository.begin(run);
      this.log.debug(logEvents.taskStarted, { task: task.id, trigger: running.trigger, token: fence.token });
      this.onChange();
      if (!signal.aborted) {
        result = await task.run({ signal, fence, progress: (progress) => (running.progress = progress) });
      }
    } catch (error) {
      // A task is somebody else's code: whatever it throws is its outcome.
      thrown = error instanceof Error ? error : new Error(String(error));
    }
    clearTimeout(limit);
    const { outcome, error } = outcomeOf(task, signal, thrown);
    const durationMs = Math.round(this.clock.monotonic() - startedMonotonic);
    tell({ 'bangui.task.outcome': outcome });
    if (outcome === 'failed') tell({ 'error.type': errorType(thrown) });
    if (outcome === 'timed-out') tell({ 'error.type': outcome });
    slot.failures = outcome === 'failed' ? slot.failures + 1 : 0;
    const fields = { task: task.id, outcome, ms: durationMs, token: fence.token };
    if (outcome === 'failed') this.log.error(logEvents.taskFailed, { ...fields, error: thrown });
    else if (outcome === 'timed-out') this.log.error(logEvents.taskFailed, fields);
    else this.log.debug(logEvents.taskFinished, { ...fields, ...result });
    try {
      await this.repository.end(run, { outcome, durationMs, error, result: result ?? null }, this.clock.now());
    } catch (failure) {
      // The next holder has marked it already; otherwise it is marked when the lock is acquired next.
      if (!(failure instanceof FenceLost)) this.log.warn(logEvents.tasksNotRead, { task: task.id, error: failure });
    }
  }

  private async saveProgress(fence: Fence): Promise<void> {
    for (const { running } of this.slots.values()) {
      if (!running?.progress || running.progress === running.savedProgress) continue;
      const { id, progress } = running;
      running.savedProgress = progress;
      await this.database.fenced(fence, () => this.repository.progress(id, progress));
      this.onChange();
    }
  }
}

function scheduleOf(task: Task, decision: TaskEntity | undefined): Schedule {
  if (task.schedule.kind === 'continuous') return task.schedule;
  return readSchedule(decision?.schedule) ?? task.schedule;
}
