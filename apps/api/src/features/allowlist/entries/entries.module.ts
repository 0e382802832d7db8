import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.ts';
import { BansModule } from '../../bans/index.ts';
import { JailsModule } from '../../jails/index.ts';
import { SeenHereModule } from '../../seen-here/index.ts';
import { ServerModule } from '../../server/index.ts';
import { AllowlistModule } from '../index.ts';
import { AllowlistCleanUp } from './allowlist-clean-up.ts';
import { AllowlistController } from './entries.controller.ts';
import { AllowlistEntriesService } from './entries.service.ts';
import { IgnoreLists } from './ignore-lists.ts';
import { Suggestions } from './suggestions.ts';

/** The allowlist as people edit it, and fail2ban's ignore lists that follow it. */
@Module({
  imports: [AllowlistModule, AuditModule, BansModule, JailsModule, SeenHereModule, ServerModule],
  controllers: [AllowlistController],
  providers: [AllowlistEntriesService, AllowlistCleanUp, IgnoreLists, Suggestions],
  exports: [AllowlistEntriesService],
})
export class AllowlistEntriesModule {}
