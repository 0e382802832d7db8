import { type Task, type TaskProgress } from '../../core/tasks/task.ts';
import { type RunOutcome, type RunTrigger } from './task-run.entity.ts';

/** Longest text kept of an error. */
const maxErrorLength = 2_000;

/** Why a run was aborted; what `signal.reason` of a run is. */
export class RunAborted extends Error {
  constructor(readonly why: 'lock-lost' | 'stopping' | 'paused' | 'time-limit') {
    super(`The run was aborted: ${why}.`);
    this.name = 'RunAborted';
  }
}

/** A run that goes on. */
export interface RunningTask {
  readonly id: string;
  readonly trigger: RunTrigger;
  readonly controller: AbortController;
  progress: TaskProgress | null;
  /** What is in the database of it. */
  savedProgress: TaskProgress | null;
  done: Promise<void>;
}

/** How a run ended, from what it did and whether it was aborted. */
export function outcomeOf(
  task: Task,
  signal: AbortSignal,
  error: Error | undefined,
): { outcome: RunOutcome; error: string | null } {
  const aborted = signal.aborted && signal.reason instanceof RunAborted ? signal.reason.why : undefined;
  if (aborted === 'time-limit') return { outcome: 'timed-out', error: null };
  if (aborted === 'paused') return { outcome: 'stopped', error: null };
  if (aborted !== undefined)
    return { outcome: task.schedule.kind === 'continuous' ? 'stopped' : 'interrupted', error: null };
  if (error === undefined) return { outcome: 'succeeded', error: null };
  return { outcome: 'failed', error: error.message.slice(0, maxErrorLength) };
}
