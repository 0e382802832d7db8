export { server as historyServer } from './archived-row.ts';
export { archiveBy } from './archive-windows.ts';
export { BansRankingRepository, type CountedBans, type RankedColumn, rankedValue } from './bans-ranking.repository.ts';
export { type BucketRange, coverRange, type RangeCover, type RawRange } from './range-cover.ts';
export { bucketOf, type Dimension, type Grain, nextBucket, unknownValue, valueSeparator } from './roll-up.ts';
export {
  type AppendedEvent,
  type ArchiveEvent,
  archiveGrew,
  type EventAction,
  type EventFacts,
  type EventOrigin,
  type StoredEvent,
  type UnbanCause,
} from './archive-event.ts';
export { ArchiveWriter, type FailureDelta } from './archive-writer.ts';
export { type KeptMatches, keptMatches, noMatches } from './kept-matches.ts';
export { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
export { HistoryModule } from './history.module.ts';
export { historyTables } from './history-tables.ts';
export { type ArchivePage, type HistoryPageRequest, HistoryRepository } from './history.repository.ts';
