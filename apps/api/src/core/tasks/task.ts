import { type Fence } from '../database/fence.ts';

/** When a task runs. Times of a cron expression are in UTC. */
export type Schedule =
  | { readonly kind: 'cron'; readonly expression: string }
  | { readonly kind: 'interval'; readonly everyMs: number }
  /** As long as this instance holds the scheduler lock. */
  | { readonly kind: 'continuous' };

/** How far a run has come. */
export interface TaskProgress {
  readonly done: number;
  /** Null when nobody knows. */
  readonly total: number | null;
}

/** What a run is given. */
export interface TaskContext {
  /** Aborts when the lock is lost, the time limit is over, the task is paused or BanGUI stops. The run must then end soon. */
  readonly signal: AbortSignal;
  /** For effects outside of the database. Transactions of the run are guarded with it already. */
  readonly fence: Fence;
  /** Tells how far the run is; cheap enough to be called for every item. */
  readonly progress: (progress: TaskProgress) => void;
}

/** What a run has done, in numbers, for example `{ removed: 12 }`. */
export type TaskResult = Readonly<Record<string, number>>;

/** Work that one instance does in the background. */
export interface Task {
  /** Stable, lower case with underscores: it is in the database, the log and the address of the API. */
  readonly id: string;
  /** For people, in English. */
  readonly title: string;
  readonly schedule: Schedule;
  /** Milliseconds after which a run is aborted; null for a continuous task. */
  readonly timeLimitMs: number | null;
  /** A planned run begins up to this many milliseconds later, at random. */
  readonly jitterMs: number;
  /** Milliseconds to the first run of a task that has never run. */
  readonly firstAfterMs: number;
  run(context: TaskContext): Promise<TaskResult | undefined>;
}

/** What a feature says of its task. */
export type TaskDefinition = Pick<Task, 'id' | 'title' | 'schedule' | 'run'> &
  Partial<Pick<Task, 'timeLimitMs' | 'jitterMs' | 'firstAfterMs'>>;

const defaultTimeLimitMs = 10 * 60_000;
const defaultJitterMs = 5_000;
const defaultFirstAfterMs = 2 * 60_000;

/** Declares a task; hand it to `TaskRegistry.register`. It never runs twice at once, on however many instances. */
export function defineTask(definition: TaskDefinition): Task {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(definition.id)) throw new Error(`${definition.id} is no id of a task.`);
  return {
    timeLimitMs: definition.schedule.kind === 'continuous' ? null : defaultTimeLimitMs,
    jitterMs: defaultJitterMs,
    firstAfterMs: defaultFirstAfterMs,
    ...definition,
  };
}
