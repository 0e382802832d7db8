import { type DryRun } from '@bangui/fail2ban-config';

/**
 * A dry run of one folder as it would have been of another one with the same files. What differs are paths into the folder: of
 * actions in Python, of commands beside filters.
 */
export function movedRun(run: DryRun, from: string, to: string): DryRun {
  const quoted = (path: string): string => JSON.stringify(path).slice(1, -1);
  // Text within values is all that changes, so it is of the same type.
  return JSON.parse(JSON.stringify(run).replaceAll(quoted(from), () => quoted(to))) as DryRun;
}
