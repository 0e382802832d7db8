import { CronTime, validateCronExpression } from 'cron';
import { type Schedule } from '../../core/tasks/task.ts';

/** Shortest and longest interval a person may choose, in seconds. */
export const shortestIntervalSeconds = 60;
export const longestIntervalSeconds = 30 * 86_400;

/** Longest text of a cron expression. */
export const maxCronLength = 100;

/** Five fields of numbers, stars, commas, hyphens and slashes, that name at least one time that exists. */
export function isCron(expression: string): boolean {
  if (expression.length > maxCronLength || !/^[\d*,/-]+( [\d*,/-]+){4}$/.test(expression)) return false;
  if (!validateCronExpression(expression).valid) return false;
  try {
    return nextDue({ kind: 'cron', expression }, 0) !== null;
  } catch {
    // The 30th of February never comes.
    return false;
  }
}

/**
 * When a task is due next, in epoch milliseconds, after it began last at `after`; null for a continuous task.
 */
export function nextDue(schedule: Schedule, after: number): number | null {
  switch (schedule.kind) {
    case 'continuous':
      return null;
    case 'interval':
      return after + schedule.everyMs;
    case 'cron':
      return new CronTime(schedule.expression, 'UTC').getNextDateFrom(new Date(after), 'UTC').toMillis();
  }
}

interface FoundTime {
  readonly expression: string;
  readonly after: number;
  readonly due: number;
}

/**
 * When tasks are due next, for whoever asks again and again: the next time of a cron expression takes long to find, and is
 * the same for every moment up to it.
 */
export class DueTimes {
  private readonly found = new Map<string, FoundTime>();

  /** {@link nextDue}, found anew only when it may be another; `task` is whose schedule it is. */
  nextDue(task: string, schedule: Schedule, after: number): number | null {
    if (schedule.kind !== 'cron') return nextDue(schedule, after);
    const { expression } = schedule;
    const last = this.found.get(task);
    if (last?.expression === expression && last.after <= after && after < last.due) return last.due;
    const due = nextDue(schedule, after);
    if (due !== null) this.found.set(task, { expression, after, due });
    return due;
  }
}

/** Reads a schedule that was stored; undefined when there is none, or none that this version understands. */
export function readSchedule(value: unknown): Schedule | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  if (fields['kind'] === 'cron' && typeof fields['expression'] === 'string' && isCron(fields['expression'])) {
    return { kind: 'cron', expression: fields['expression'] };
  }
  if (fields['kind'] === 'interval' && typeof fields['everyMs'] === 'number' && fields['everyMs'] >= 1_000) {
    return { kind: 'interval', everyMs: fields['everyMs'] };
  }
  return undefined;
}
