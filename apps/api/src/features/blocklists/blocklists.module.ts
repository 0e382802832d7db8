import { Module } from '@nestjs/common';
import { AllowlistModule } from '../allowlist/index.ts';
import { AuditModule } from '../audit/index.ts';
import { BansModule } from '../bans/index.ts';
import { PluginsModule } from '../plugins/index.ts';
import { SeenHereModule } from '../seen-here/index.ts';
import { SchedulerModule } from '../scheduler/index.ts';
import { BlocklistsController } from './blocklists.controller.ts';
import { HostResolver } from './download/resolver.ts';
import { Feeds } from './feeds/feeds.ts';
import { FeedsController } from './feeds/feeds.controller.ts';
import { ListsInMemory } from './lookup/lists-in-memory.ts';
import { Lookups } from './lookup/lookups.ts';
import { ImportEvents } from './run/import-events.ts';
import { ImportJobs } from './run/import-jobs.ts';
import { ImportRequests } from './run/import-requests.ts';
import { Imports } from './run/imports.ts';
import { ImportTasks } from './run/import-task.ts';
import { ImportThread, ImportTimes } from './run/import-thread.ts';
import { OwnAddresses } from './run/own-addresses.ts';
import { ImportRunsController } from './runs.controller.ts';
import { Previews } from './sources/previews.ts';
import { SecretRenewal } from './sources/secret-renewal.ts';
import { SourceCatalog } from './sources/source-catalog.ts';
import { SourceEdits } from './sources/source-edits.ts';
import { SourceSecrets } from './sources/source-secrets.ts';
import { SourceSettings } from './sources/source-settings.ts';
import { RunsRepository } from './store/runs.repository.ts';
import { SnapshotsRepository } from './store/snapshots.repository.ts';
import { SourcesRepository } from './store/sources.repository.ts';
import { WantedRepository } from './store/wanted.repository.ts';
import { Wanted } from './wanted/wanted.ts';

/** Blocklists: subscriptions, their imports, and the set to enforce. */
@Module({
  imports: [AllowlistModule, AuditModule, BansModule, PluginsModule, SchedulerModule, SeenHereModule],
  // The runs come first: their address would otherwise be taken for the id of a list.
  controllers: [ImportRunsController, BlocklistsController, FeedsController],
  providers: [
    Feeds,
    HostResolver,
    { provide: ImportTimes, useValue: new ImportTimes() },
    ImportEvents,
    ImportJobs,
    ImportRequests,
    Imports,
    ImportTasks,
    ImportThread,
    ListsInMemory,
    Lookups,
    OwnAddresses,
    Previews,
    RunsRepository,
    SnapshotsRepository,
    SecretRenewal,
    SourceCatalog,
    SourceEdits,
    SourceSecrets,
    SourceSettings,
    SourcesRepository,
    Wanted,
    WantedRepository,
  ],
  exports: [SourceCatalog, Wanted],
})
export class BlocklistsModule {}
