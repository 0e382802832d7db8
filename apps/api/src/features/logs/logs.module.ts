import { Module } from '@nestjs/common';
import { ServerModule } from '../server/index.ts';
import { LogPlace } from './log-place.ts';
import { LogsController } from './logs.controller.ts';
import { LogsService } from './logs.service.ts';

/** fail2ban's own log. */
@Module({
  imports: [ServerModule],
  controllers: [LogsController],
  providers: [LogPlace, LogsService],
})
export class LogsModule {}
