export { HistorySync, type SyncStatus } from './history-sync.ts';
export { HistorySyncModule } from './history-sync.module.ts';
export { LastBanEntity } from './last-ban.entity.ts';
export { SyncRunner } from './sync-runner.ts';
export { bansMoved, type BansMoved } from './sync-store.ts';
export { SyncStateEntity } from './sync-state.entity.ts';
