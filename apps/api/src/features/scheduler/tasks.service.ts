import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { type Requester } from '../../core/http/requester.ts';
import { type Schedule, type Task } from '../../core/tasks/task.ts';
import { TaskRegistry } from '../../core/tasks/task-registry.ts';
import { AuditTrail } from '../audit/index.ts';
import { isCron } from './schedule-times.ts';
import { TaskRunner } from './task-runner.ts';
import { TasksFeed } from './tasks-feed.ts';
import { type ScheduleChange, type TaskChange, type TaskInfo, type TaskRequested } from './tasks.dto.ts';
import { CronInvalid, TaskContinuous, TaskRunning, TaskUnknown } from './tasks.errors.ts';
import { TasksRepository } from './tasks.repository.ts';

/** What people do with tasks. It goes through the database, so that any instance may be asked. */
@Injectable()
export class TasksService {
  constructor(
    private readonly registry: TaskRegistry,
    private readonly repository: TasksRepository,
    private readonly runner: TaskRunner,
    private readonly feed: TasksFeed,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Rejects with {@link TaskUnknown}. */
  find(id: string): Task {
    const task = this.registry.find(id);
    if (!task) throw new TaskUnknown(id);
    return task;
  }

  /** Asks for a run, which the lock's holder begins. A second request before that counts as the same. */
  async request(id: string, requester: Requester): Promise<TaskRequested> {
    const task = this.find(id);
    if (task.schedule.kind === 'continuous') throw new TaskContinuous(id);
    if ((await this.info(id)).state === 'running') throw new TaskRunning(id);
    const requestedAt = this.clock.now();
    await this.repository.request(id, requestedAt, requester.username);
    await this.audit.record({ requester, action: 'task.run', subject: id, outcome: 'succeeded' });
    this.runner.poke();
    this.feed.look();
    return { requestedAt };
  }

  /** Pauses, resumes, or gives another schedule. */
  async change(id: string, change: TaskChange, requester: Requester): Promise<TaskInfo> {
    const task = this.find(id);
    const schedule = change.schedule === undefined ? undefined : scheduleFrom(task, change.schedule);
    const before = await this.info(id);
    if (change.isPaused !== undefined) await this.repository.pause(id, change.isPaused);
    if (schedule !== undefined) await this.repository.reschedule(id, schedule);
    const after = await this.info(id);
    await this.audit.record({
      requester,
      action: 'task.change',
      subject: id,
      outcome: 'succeeded',
      before: { isPaused: before.isPaused, schedule: before.schedule },
      after: { isPaused: after.isPaused, schedule: after.schedule },
    });
    this.runner.poke();
    this.feed.look();
    return after;
  }

  private async info(id: string): Promise<TaskInfo> {
    const info = (await this.feed.list()).items.find((item) => item.id === id);
    if (!info) throw new TaskUnknown(id);
    return info;
  }
}

function scheduleFrom(task: Task, change: ScheduleChange | null): Schedule | null {
  if (task.schedule.kind === 'continuous') throw new TaskContinuous(task.id);
  if (change === null) return null;
  if (change.kind === 'interval') return { kind: 'interval', everyMs: (change.everySeconds ?? 0) * 1_000 };
  const expression = change.cron ?? '';
  if (!isCron(expression)) throw new CronInvalid();
  return { kind: 'cron', expression };
}
