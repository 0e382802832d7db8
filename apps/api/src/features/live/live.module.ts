import { Module } from '@nestjs/common';
import { BansModule } from '../bans/index.ts';
import { HistoryModule } from '../history/index.ts';
import { HistorySyncModule } from '../history/sync/index.ts';
import { JailsModule } from '../jails/index.ts';
import { ServerModule } from '../server/index.ts';
import { LiveController } from './live.controller.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveStreams } from './live-streams.ts';

/** The event stream. */
@Module({
  imports: [BansModule, HistoryModule, HistorySyncModule, JailsModule, ServerModule],
  controllers: [LiveController],
  providers: [LiveFeed, LiveStreams],
  exports: [LiveStreams],
})
export class LiveModule {}
