import { ImportFailed, NobodyImports } from '../blocklists.errors.ts';
import { type ImportRunEntity } from '../store/run.entity.ts';

/** A run that has not begun after so many milliseconds waits for an instance that runs tasks. */
const patienceMs = 60_000;

/**
 * A run that somebody waits for, as it was just looked up.
 * @param waitedMs how long it has been waited for
 * @returns the run once it has ended; undefined while it goes on
 * @throws {ImportFailed | NobodyImports}
 */
export function endedRun(run: ImportRunEntity | null, waitedMs: number): ImportRunEntity | undefined {
  if (!run) throw new ImportFailed('interrupted', 'The list was removed meanwhile.');
  if (run.outcome === 'failed') throw new ImportFailed(run.error ?? 'failed', run.message ?? 'The import failed.');
  if (run.outcome === 'interrupted') throw new ImportFailed('interrupted', 'The import was cut short.');
  if (run.outcome === 'queued' && waitedMs > patienceMs) throw new NobodyImports();
  return run.outcome === 'queued' || run.outcome === 'running' ? undefined : run;
}
