import { Module } from '@nestjs/common';
import { AllowlistModule } from '../allowlist/index.ts';
import { GeoModule } from '../geo/index.ts';
import { ServerModule } from '../server/index.ts';
import { BanIntents } from './ban-intents.ts';
import { BansController } from './bans.controller.ts';
import { BansPages } from './bans-page.ts';
import { BansService } from './bans.service.ts';
import { BansSnapshot } from './bans-snapshot.ts';
import { BansWatcher } from './bans-watcher.ts';
import { LockoutGuard } from './lockout-guard.ts';
import { MachineAddresses, RoutingTables } from './machine-addresses.ts';

/** Bans in force: list, ban, unban. */
@Module({
  imports: [AllowlistModule, GeoModule, ServerModule],
  controllers: [BansController],
  providers: [
    BanIntents,
    BansService,
    BansSnapshot,
    BansWatcher,
    BansPages,
    LockoutGuard,
    MachineAddresses,
    RoutingTables,
  ],
  exports: [BanIntents, BansPages, BansSnapshot, BansWatcher, MachineAddresses],
})
export class BansModule {}
