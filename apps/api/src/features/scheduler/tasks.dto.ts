import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../../core/database/page-query.dto.ts';
import { longestIntervalSeconds, maxCronLength, shortestIntervalSeconds } from './schedule-times.ts';

/** Which task. */
export class TaskPath {
  /** For example `history_retention`. */
  @Matches(/^[a-z][a-z0-9_]{0,63}$/)
  id: string;
}

/** Which part of a task's runs to read. */
export class TaskRunsQuery extends PageQuery {}

/** When a task runs. */
export class TaskSchedule {
  /** `continuous`: as long as its holder has the lock. */
  kind: 'cron' | 'interval' | 'continuous';
  /** Five fields, in UTC; null for another kind. */
  cron: string | null;
  /** Null for another kind. */
  everySeconds: number | null;
}

/** How far a run is. */
export class RunProgress {
  done: number;
  /** Null when nobody knows. */
  total: number | null;
}

/** One run of a task. */
export class TaskRun {
  id: string;
  /** Id of the task. */
  task: string;
  /** `catch-up`: in place of one that was missed or cut short while no instance held the lock. */
  trigger: 'schedule' | 'by-hand' | 'catch-up';
  /**
   * `interrupted`: BanGUI stopped or was gone before its end. `stopped`: the task was paused, or always runs and ended with
   * its holder.
   */
  outcome: 'running' | 'succeeded' | 'failed' | 'timed-out' | 'interrupted' | 'stopped';
  /** Epoch milliseconds. */
  startedAt: number;
  /** Null while it runs, and when nobody was there to measure the end. */
  durationMs: number | null;
  /** What went wrong; null unless it failed. */
  error: string | null;
  /** What it did, in numbers by name; null when it tells nothing. */
  result: Record<string, number> | null;
  /** Fencing token under which it ran. */
  token: number;
  /** The instance that ran it. */
  instanceId: string;
  /** Name of the administrator who asked for it; null for others. */
  requestedBy: string | null;
}

/** Runs of a task, newest first. */
export class TaskRunPage {
  items: TaskRun[];
  /** Ask for the next page with it; null at the end. */
  nextCursor: string | null;
}

/** A task and how it is. */
export class TaskInfo {
  id: string;
  /** For people, in English. */
  title: string;
  schedule: TaskSchedule;
  /** What it goes by when nobody chose another. */
  defaultSchedule: TaskSchedule;
  isPaused: boolean;
  /** `requested`: somebody asked for a run, which the lock's holder will begin. */
  state: 'idle' | 'requested' | 'running';
  /** Epoch milliseconds; null for a task that is paused or always runs, and before the first run while nobody holds the lock. */
  nextRunAt: number | null;
  /** Seconds after which a run is aborted; null for a task that always runs. */
  timeLimitSeconds: number | null;
  /** Of the run that goes on; null when it does not tell. */
  progress: RunProgress | null;
  /** The latest one, also while it runs; null when it never ran. */
  lastRun: TaskRun | null;
}

/** The instance that runs the tasks. */
export class SchedulerHolder {
  instanceId: string;
  host: string;
  pid: number;
  /** Epoch milliseconds. */
  acquiredAt: number;
  /** Epoch milliseconds. */
  heartbeatAt: number;
  /** Milliseconds since the last heartbeat. */
  heartbeatAgeMs: number;
  /** Fencing token. */
  token: number;
}

/** The lock of which there is one for all instances. */
export class SchedulerInfo {
  /** Of the instance that answers. */
  instanceId: string;
  role: 'required' | 'standby' | 'off';
  /** Whether the instance that answers runs the tasks. */
  state: 'holding' | 'waiting' | 'off';
  lock: 'database' | 'redis';
  heartbeatSeconds: number;
  lockTtlSeconds: number;
  /** Null when no instance has the lock. */
  holder: SchedulerHolder | null;
}

/** Every task and who runs them. */
export class TaskList {
  scheduler: SchedulerInfo;
  items: TaskInfo[];
}

/** A run was asked for; the lock's holder begins it within about a second. */
export class TaskRequested {
  /** Epoch milliseconds. */
  requestedAt: number;
}

/** When a task is to run instead. */
export class ScheduleChange {
  @IsIn(['cron', 'interval'])
  kind: 'cron' | 'interval';

  /** Five fields of numbers, `*`, `,`, `-` and `/`, in UTC; for the kind `cron`. */
  @ValidateIf((change: ScheduleChange) => change.kind === 'cron')
  @IsString()
  @MaxLength(maxCronLength)
  cron?: string;

  /** 60 to 2592000; for the kind `interval`. */
  @ValidateIf((change: ScheduleChange) => change.kind === 'interval')
  @IsInt()
  @Min(shortestIntervalSeconds)
  @Max(longestIntervalSeconds)
  everySeconds?: number;
}

/** What to change of a task. What is left out stays. */
export class TaskChange {
  /** A paused task runs by hand only; a run that goes on is stopped. */
  @IsOptional()
  @IsBoolean()
  isPaused?: boolean;

  /** Null for the task's own. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ScheduleChange)
  schedule?: ScheduleChange | null;
}
