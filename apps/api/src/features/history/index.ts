export {
  type ArchiveEvent,
  archiveGrew,
  type EventAction,
  type EventOrigin,
  type StoredEvent,
  type UnbanCause,
} from './archive-event.ts';
export { ArchiveWriter, type FailureDelta } from './archive-writer.ts';
export { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
export { HistoryModule } from './history.module.ts';
export { historyTables } from './history-tables.ts';
export { type ArchivePage, type HistoryPageRequest, HistoryRepository } from './history.repository.ts';
