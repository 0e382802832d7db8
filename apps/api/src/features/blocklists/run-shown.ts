import { type StoredFunnel } from './run/import-outcome.ts';
import { type Funnel } from './run/funnel.ts';
import { type ImportFunnel, type ImportRun } from './runs.dto.ts';
import { type ImportRunEntity } from './store/run.entity.ts';

/** An import as the API tells it. */
export function shownRun(run: ImportRunEntity): ImportRun {
  const { id, sourceId, trigger, outcome, requestedBy, queuedAt, startedAt, finishedAt, error, message, retryAt } = run;
  const times = { queuedAt, startedAt, finishedAt, retryAt };
  return { id, sourceId, trigger, outcome, requestedBy, ...times, error, message, funnel: shownFunnel(funnelOf(run)) };
}

/** What an import has written of its funnel; null when nothing new came. */
export function funnelOf({ funnel }: Pick<ImportRunEntity, 'funnel'>): StoredFunnel | null {
  // Written by the import itself.
  return (funnel ?? null) as StoredFunnel | null;
}

/** A funnel as the API tells it. */
export function shownFunnel(funnel: Funnel): ImportFunnel;
export function shownFunnel(funnel: Funnel | null): ImportFunnel | null;
export function shownFunnel(funnel: Funnel | null): ImportFunnel | null {
  if (!funnel) return null;
  const { downloadedBytes, unpackedBytes, unchangedFeeds, entries, invalid, tooBroad, beyondLimit, own } = funnel;
  const { ranges, addresses4, addresses6, addedRanges, removedRanges } = funnel;
  return {
    ...{ downloadedBytes, unpackedBytes, unchangedFeeds, entries, invalid, tooBroad, beyondLimit, own },
    special: Object.entries(funnel.special).map(([name, dropped]) => ({ class: name, ...dropped })),
    ...{ ranges, addresses4, addresses6, addedRanges, removedRanges },
  };
}
