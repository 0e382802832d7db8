import { Module } from '@nestjs/common';
import { BansModule } from '../../bans/index.ts';
import { ServerModule } from '../../server/index.ts';
import { HistoryModule } from '../history.module.ts';
import { FailureCounter } from './failure-counter.ts';
import { Fail2banDatabase } from './fail2ban-database.ts';
import { HistorySync } from './history-sync.ts';
import { ListFeed } from './list-feed.ts';
import { LogFeed } from './log-feed.ts';
import { LogReader } from './log-reader.ts';
import { RowFeed } from './row-feed.ts';
import { RowReader } from './row-reader.ts';
import { SyncRunner } from './sync-runner.ts';
import { SyncSources } from './sync-sources.ts';
import { SyncStore } from './sync-store.ts';
import { SyncRepository } from './sync.repository.ts';

/** Feeds the archive from fail2ban. */
@Module({
  imports: [BansModule, ServerModule, HistoryModule],
  providers: [
    FailureCounter,
    Fail2banDatabase,
    HistorySync,
    ListFeed,
    LogFeed,
    LogReader,
    RowFeed,
    RowReader,
    SyncRepository,
    SyncRunner,
    SyncSources,
    SyncStore,
  ],
  exports: [HistorySync, SyncRunner],
})
export class HistorySyncModule {}
