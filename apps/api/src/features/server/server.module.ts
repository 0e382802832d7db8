import { Module } from '@nestjs/common';
import { DatabaseSize } from './database-size.ts';
import { Fail2banWatcher } from './fail2ban-watcher.ts';
import { ServerChanges } from './server-changes.ts';
import { ServerController } from './server.controller.ts';
import { ServerService } from './server.service.ts';
import { ServerZone } from './server-zone.ts';

/** The fail2ban server as a whole: whether it is there, its figures, changes of it. */
@Module({
  controllers: [ServerController],
  providers: [DatabaseSize, Fail2banWatcher, ServerChanges, ServerService, ServerZone],
  exports: [DatabaseSize, Fail2banWatcher, ServerChanges, ServerZone],
})
export class ServerModule {}
