import { Injectable } from '@nestjs/common';
import { type QueryDeepPartialEntity } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { type Keyset, keysetPage, type KeysetPage } from '../../core/database/keyset.ts';
import { type Schedule, type TaskProgress } from '../../core/tasks/task.ts';
import { TaskEntity } from './task.entity.ts';
import { TaskRunEntity } from './task-run.entity.ts';

/** Most runs of a task that are kept, and for how many milliseconds. */
export const keptRuns = 100;
export const keptMs = 90 * 86_400_000;

/** More tasks than features can have. */
const maxTasks = 500;

const newestFirst: Keyset<TaskRunEntity> = {
  columns: ['run.startedAt', 'run.id'],
  shape: ['number', 'string'],
  keyOf: ({ startedAt, id }) => [startedAt, id],
};

/** The end of a run. */
export type RunEnd = Pick<TaskRunEntity, 'outcome' | 'durationMs' | 'error' | 'result'>;

/** The only place with SQL about tasks and their runs. */
@Injectable()
export class TasksRepository {
  constructor(private readonly database: Database) {}

  /** What people decided, by task. */
  async decisions(): Promise<ReadonlyMap<string, TaskEntity>> {
    const rows = await this.database.read.getRepository(TaskEntity).find({ take: maxTasks });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The latest run of each task, by task. */
  async latestRuns(): Promise<ReadonlyMap<string, TaskRunEntity>> {
    const rows = await this.database.read
      .createQueryBuilder(TaskRunEntity, 'run')
      .where(
        'run.id = (SELECT r.id FROM task_run r WHERE r.task = run.task ORDER BY r.started_at DESC, r.id DESC LIMIT 1)',
      )
      .take(maxTasks)
      .getMany();
    return new Map(rows.map((row) => [row.task, row]));
  }

  /** Runs of a task, newest first. */
  page(
    task: string,
    query: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<KeysetPage<TaskRunEntity>> {
    const runs = this.database.read.createQueryBuilder(TaskRunEntity, 'run').where('run.task = :task', { task });
    return keysetPage(runs, query, newestFirst);
  }

  /** Asks the lock's holder for a run. */
  async request(id: string, requestedAt: number, requestedBy: string): Promise<void> {
    await this.database.write((manager) => manager.upsert(TaskEntity, { id, requestedAt, requestedBy }, ['id']));
  }

  async pause(id: string, isPaused: boolean): Promise<void> {
    await this.database.write((manager) => manager.upsert(TaskEntity, { id, isPaused }, ['id']));
  }

  /** Null for the task's own schedule. */
  async reschedule(id: string, schedule: Schedule | null): Promise<void> {
    await this.database.write((manager) => manager.upsert(TaskEntity, { id, schedule: schedule as never }, ['id']));
  }

  /** Writes down that a run began; the request for it is fulfilled. */
  async begin(run: TaskRunEntity): Promise<void> {
    await this.database.write(async (manager) => {
      if (run.trigger === 'by-hand') {
        await manager.update(TaskEntity, { id: run.task }, { requestedAt: null, requestedBy: null });
      }
      // TypeORM's type for new rows does not know that `unknown` columns take any JSON.
      await manager.insert(TaskRunEntity, run as QueryDeepPartialEntity<TaskRunEntity>);
    });
  }

  async progress(id: string, progress: TaskProgress): Promise<void> {
    await this.database.write((manager) => manager.update(TaskRunEntity, { id }, { progress: progress }));
  }

  /** Writes down how a run ended, and forgets old runs of the task. */
  async end({ id, task }: Pick<TaskRunEntity, 'id' | 'task'>, end: RunEnd, now: number): Promise<void> {
    await this.database.write(async (manager) => {
      await manager.update(TaskRunEntity, { id }, end as QueryDeepPartialEntity<TaskRunEntity>);
      await manager
        .createQueryBuilder()
        .delete()
        .from(TaskRunEntity)
        .where('task = :task', { task })
        .andWhere(`outcome <> 'running'`)
        .andWhere(
          `(started_at < :before OR id NOT IN (
             SELECT id FROM task_run WHERE task = :task ORDER BY started_at DESC, id DESC LIMIT ${keptRuns}))`,
          { before: now - keptMs },
        )
        .execute();
    });
  }

  /** Marks runs of earlier holders that nobody ended. */
  async interruptBefore(token: number): Promise<void> {
    await this.database.write((manager) =>
      manager
        .createQueryBuilder()
        .update(TaskRunEntity)
        .set({ outcome: 'interrupted' })
        .where(`outcome = 'running' AND token < :token`, { token })
        .execute(),
    );
  }
}
