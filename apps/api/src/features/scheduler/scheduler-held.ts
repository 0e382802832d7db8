import { StartRefused } from '../../core/start-refused.ts';
import { type Holder } from './lock/scheduler-lock.ts';

/** Exit status while another instance holds the lock, as sysexits.h names it (EX_TEMPFAIL): trying later makes sense. */
export const schedulerHeldExitCode = 75;

/** Another instance runs the background tasks, and this one was told not to start without them. */
export class SchedulerHeld extends StartRefused {
  constructor(holder: Holder, lock: { readonly kind: 'database' | 'redis'; readonly ttlMs: number }) {
    super(heldMessage(holder, lock), { exitCode: schedulerHeldExitCode });
    this.name = 'SchedulerHeld';
  }
}

/** Who holds the lock and what to do about it, a sentence to a line. */
export function heldMessage(
  { pid, host, acquiredAt, ageMs }: Holder,
  { kind, ttlMs }: { readonly kind: 'database' | 'redis'; readonly ttlMs: number },
): string {
  const since = new Date(acquiredAt).toISOString();
  const clear = kind === 'database' ? 'DELETE FROM scheduler_lock' : "in Redis, DEL '{bangui:scheduler}:lock'";
  return [
    `The scheduler lock is held by process ${pid} on ${host}, since ${since}; its last heartbeat was ${seconds(ageMs)} s ago.`,
    'One instance runs the background tasks. Stop that process, or start this one with BANGUI_SCHEDULER_ROLE=standby.',
    `A holder that is gone loses the lock ${seconds(ttlMs)} s after its last heartbeat; to clear it at once: ${clear}`,
  ].join('\n');
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
