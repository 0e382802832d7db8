import { type Job } from './job.ts';

/**
 * Most questions in one write. fail2ban answers all it has received before it looks at any other client, which is half a
 * millisecond for this many; more would save little.
 */
export const MAX_QUESTIONS = 32;
/** Most bytes of one write, where it is not a single command: a quarter of what fail2ban receives at a time. */
const MAX_BYTES = 16 * 1024;

/**
 * Takes from the front of the queue what goes out in one write: a run of short questions, or a single command of any
 * other kind. Empty only when the queue is.
 */
export function takeGroup(jobs: Job[]): Job[] {
  let count = 0;
  let bytes = 0;
  for (const { command } of jobs) {
    bytes += command.request.length;
    if (count > 0 && (!command.isShort || count === MAX_QUESTIONS || bytes > MAX_BYTES)) break;
    count += 1;
    if (!command.isShort) break;
  }
  return jobs.splice(0, count);
}
