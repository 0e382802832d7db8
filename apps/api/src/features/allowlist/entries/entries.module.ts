import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.ts';
import { BansModule } from '../../bans/index.ts';
import { JailsModule } from '../../jails/index.ts';
import { ServerModule } from '../../server/index.ts';
import { AllowlistModule } from '../index.ts';
import { AllowlistCleanUp } from './allowlist-clean-up.ts';
import { AllowlistController } from './entries.controller.ts';
import { AllowlistEntriesService } from './entries.service.ts';
import { IgnoreLists } from './ignore-lists.ts';

/** The allowlist as people edit it, and fail2ban's ignore lists that follow it. */
@Module({
  imports: [AllowlistModule, AuditModule, BansModule, JailsModule, ServerModule],
  controllers: [AllowlistController],
  providers: [AllowlistEntriesService, AllowlistCleanUp, IgnoreLists],
  exports: [AllowlistEntriesService],
})
export class AllowlistEntriesModule {}
