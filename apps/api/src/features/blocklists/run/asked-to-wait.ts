import { AskedToWait } from '../blocklists.errors.ts';
import { type RunsRepository } from '../store/runs.repository.ts';

/**
 * Refuses an import by hand before the time that the publisher itself has asked for; an administrator may try again after any
 * other failure.
 * @param now epoch milliseconds
 * @throws {AskedToWait}
 */
export async function refuseTooEarly(runs: RunsRepository, sourceId: string, now: number): Promise<void> {
  const latest = (await runs.latest()).get(sourceId);
  if (latest?.error !== 'rate-limited' || latest.retryAt === null) return;
  const seconds = Math.ceil((latest.retryAt - now) / 1_000);
  if (seconds > 0) throw new AskedToWait(seconds);
}
