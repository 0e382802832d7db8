import { type ImportRunEntity } from '../store/run.entity.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';

/**
 * How a source is. `ready`: not imported yet. `stale`: unchanged for longer than its publisher says. `failing`: the last import
 * failed. `suspicious`: what came looks broken and waits for an administrator. `needs-attention`: its settings or plugin do
 * not fit any more, and it does not run.
 */
export type SourceState =
  'ready' | 'ok' | 'unchanged' | 'stale' | 'failing' | 'suspicious' | 'disabled' | 'needs-attention';

/** What the state of a source follows from. */
export interface SourceFacts {
  readonly source: Pick<BlocklistSourceEntity, 'isEnabled'>;
  /** The last import that has ended. */
  readonly latest: Pick<ImportRunEntity, 'outcome' | 'error'> | undefined;
  /** When the list last changed, epoch milliseconds. */
  readonly changedAt: number | undefined;
  /** What the plugin says; undefined when there is no such plugin. */
  readonly plugin: { readonly staleAfterHours: number } | undefined;
  readonly isHeld: boolean;
  readonly now: number;
}

/** Derives how a source is from the history of its imports; nothing is stored of it. */
export function sourceState({ source, latest, changedAt, plugin, isHeld, now }: SourceFacts): SourceState {
  if (!source.isEnabled) return 'disabled';
  if (!plugin || latest?.error === 'settings') return 'needs-attention';
  if (isHeld) return 'suspicious';
  if (!latest || latest.outcome === 'interrupted') return changedAt === undefined ? 'ready' : 'ok';
  if (latest.outcome === 'failed' || latest.outcome === 'suspicious') return 'failing';
  if (changedAt !== undefined && now - changedAt > plugin.staleAfterHours * 3_600_000) return 'stale';
  return latest.outcome === 'unchanged' ? 'unchanged' : 'ok';
}

/** First pause after a failure, in milliseconds; doubled with each further one. */
const shortestBackOffMs = 5 * 60_000;
const longestBackOffMs = 6 * 3_600_000;

/** How long a source is left alone after so many failures in a row, in milliseconds. */
export function backOffMs(failures: number): number {
  return Math.min(shortestBackOffMs * 2 ** Math.min(failures - 1, 10), longestBackOffMs);
}

/**
 * When a source is due, epoch milliseconds: by its schedule, never more often than its publisher wants, and not before the time
 * that a failure has set.
 */
export function dueAt(
  { intervalMinutes }: Pick<BlocklistSourceEntity, 'intervalMinutes'>,
  latest: Pick<ImportRunEntity, 'outcome' | 'startedAt' | 'retryAt'> | undefined,
  minIntervalMinutes: number,
): number {
  // What was cut short is done again at once.
  if (!latest || latest.outcome === 'interrupted') return 0;
  const began = latest.startedAt ?? 0;
  return Math.max(began + Math.max(intervalMinutes, minIntervalMinutes) * 60_000, latest.retryAt ?? 0);
}
