import { Module } from '@nestjs/common';
import { JailsModule } from '../../jails/index.ts';
import { ServerModule } from '../index.ts';
import { ServerControlController } from './server-control.controller.ts';
import { ServerRestart } from './server-restart.ts';
import { ServerSettingsService } from './server-settings.service.ts';

/** Settings of the running fail2ban, its logs, its restart. Above the jails, which a restart has to bring back. */
@Module({
  imports: [ServerModule, JailsModule],
  controllers: [ServerControlController],
  providers: [ServerRestart, ServerSettingsService],
})
export class ServerControlModule {}
