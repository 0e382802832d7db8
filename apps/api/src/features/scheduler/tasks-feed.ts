import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { defineEvent, EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { type Schedule, type Task, type TaskProgress } from '../../core/tasks/task.ts';
import { TaskRegistry } from '../../core/tasks/task-registry.ts';
import { LockHolder } from './lock-holder.ts';
import { DueTimes, readSchedule } from './schedule-times.ts';
import { type TaskEntity } from './task.entity.ts';
import { TaskRunner } from './task-runner.ts';
import { type TaskRunEntity } from './task-run.entity.ts';
import { type SchedulerInfo, type TaskInfo, type TaskList, type TaskRun, type TaskSchedule } from './tasks.dto.ts';
import { TasksRepository } from './tasks.repository.ts';

/** A task has another state than before; all that is known of it. */
export const taskChanged = defineEvent<TaskInfo>('task-changed');

/** The lock has another holder, or none. */
export const schedulerChanged = defineEvent<SchedulerInfo>('scheduler-changed');

/** How often is looked at what other instances did, in milliseconds. */
const lookMs = 1_000;
const intervalName = 'tasks-feed';

/** What there is to see of tasks and lock, whichever instance runs them. */
@Injectable()
export class TasksFeed implements OnApplicationBootstrap {
  private readonly told = new Map<string, string>();
  private readonly dueTimes = new DueTimes();
  private looking: Promise<void> | undefined;
  private isLookedAtAgain = false;

  constructor(
    private readonly registry: TaskRegistry,
    private readonly repository: TasksRepository,
    private readonly runner: TaskRunner,
    private readonly holder: LockHolder,
    private readonly settings: Settings,
    private readonly events: EventBus,
    private readonly timers: SchedulerRegistry,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.runner.whenChanged(() => this.look());
    this.timers.addInterval(intervalName, setInterval(() => this.look(), lookMs).unref());
  }

  /** Everything now. */
  async list(): Promise<TaskList> {
    const [decisions, latest, scheduler] = await Promise.all([
      this.repository.decisions(),
      this.repository.latestRuns(),
      this.scheduler(),
    ]);
    const heldSince = scheduler.holder?.acquiredAt ?? null;
    const items = this.registry
      .all()
      .map((task) => this.taskInfo(task, decisions.get(task.id), latest.get(task.id), heldSince));
    return { scheduler, items };
  }

  /** Tells what changed, soon. */
  look(): void {
    if (this.looking) {
      this.isLookedAtAgain = true;
      return;
    }
    this.looking = this.tellChanges().finally(() => {
      this.looking = undefined;
      const isAgain = this.isLookedAtAgain;
      this.isLookedAtAgain = false;
      if (isAgain) this.look();
    });
  }

  private async tellChanges(): Promise<void> {
    try {
      const { scheduler, items } = await this.list();
      // The age of a heartbeat changes all the time.
      const { holder, ...rest } = scheduler;
      this.tell('', [rest, holder?.token], () => this.events.emit(schedulerChanged, scheduler));
      for (const item of items) this.tell(item.id, item, () => this.events.emit(taskChanged, item));
    } catch (error) {
      // The database is away; the next look tells what changed.
      this.log.debug(logEvents.tasksNotRead, { error });
    }
  }

  private tell(key: string, value: unknown, emit: () => void): void {
    const text = JSON.stringify(value);
    const before = this.told.get(key);
    this.told.set(key, text);
    // The first look only learns how things are.
    if (before !== undefined && before !== text) emit();
  }

  private async scheduler(): Promise<SchedulerInfo> {
    const { instanceId, kind, intervalMs, ttlMs } = this.holder.facts;
    const holder = await this.holder.holder();
    return {
      instanceId,
      role: this.settings.schedulerRole,
      state: this.holder.state,
      lock: kind,
      heartbeatSeconds: intervalMs / 1_000,
      lockTtlSeconds: ttlMs / 1_000,
      holder: holder
        ? {
            instanceId: holder.instanceId,
            host: holder.host,
            pid: holder.pid,
            acquiredAt: holder.acquiredAt,
            heartbeatAt: holder.heartbeatAt,
            heartbeatAgeMs: holder.ageMs,
            token: holder.token,
          }
        : null,
    };
  }

  private taskInfo(
    task: Task,
    decision: TaskEntity | undefined,
    last: TaskRunEntity | undefined,
    heldSince: number | null,
  ): TaskInfo {
    const isContinuous = task.schedule.kind === 'continuous';
    const schedule = isContinuous ? task.schedule : (readSchedule(decision?.schedule) ?? task.schedule);
    const isPaused = decision?.isPaused ?? false;
    const isRunning = last?.outcome === 'running';
    const isRequested = !isContinuous && decision !== undefined && decision.requestedAt !== null;
    return {
      id: task.id,
      title: task.title,
      schedule: scheduleInfo(schedule),
      defaultSchedule: scheduleInfo(task.schedule),
      isPaused,
      state: isRunning ? 'running' : isRequested ? 'requested' : 'idle',
      nextRunAt: isPaused ? null : this.nextRunAt(task, schedule, last, heldSince),
      timeLimitSeconds: task.timeLimitMs === null ? null : task.timeLimitMs / 1_000,
      progress: isRunning ? (this.runner.progressOf(task.id) ?? readProgress(last.progress)) : null,
      lastRun: last ? runInfo(last) : null,
    };
  }

  private nextRunAt(
    task: Task,
    schedule: Schedule,
    last: TaskRunEntity | undefined,
    heldSince: number | null,
  ): number | null {
    if (last) return this.dueTimes.nextDue(task.id, schedule, Math.min(last.startedAt, this.clock.now()));
    if (schedule.kind === 'cron') return this.dueTimes.nextDue(task.id, schedule, this.clock.now());
    // Whoever holds the lock begins what never ran so long after it acquired the lock.
    return schedule.kind === 'continuous' || heldSince === null ? null : heldSince + task.firstAfterMs;
  }
}

/** A run as the API tells it. */
export function runInfo(run: TaskRunEntity): TaskRun {
  const { id, task, trigger, outcome, startedAt, durationMs, error, token, instanceId, requestedBy } = run;
  // Written by the task runner: numbers by name, or null.
  const result = run.result as Record<string, number> | null;
  return { id, task, trigger, outcome, startedAt, durationMs, error, result, token, instanceId, requestedBy };
}

/** A schedule as the API tells it. */
export function scheduleInfo(schedule: Schedule): TaskSchedule {
  return {
    kind: schedule.kind,
    cron: schedule.kind === 'cron' ? schedule.expression : null,
    everySeconds: schedule.kind === 'interval' ? schedule.everyMs / 1_000 : null,
  };
}

function readProgress(value: unknown): TaskProgress | null {
  if (typeof value !== 'object' || value === null || !('done' in value) || typeof value.done !== 'number') return null;
  return { done: value.done, total: 'total' in value && typeof value.total === 'number' ? value.total : null };
}
