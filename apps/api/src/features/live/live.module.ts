import { Module } from '@nestjs/common';
import { JailsModule } from '../jails/index.ts';
import { ServerModule } from '../server/index.ts';
import { LiveController } from './live.controller.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveStreams } from './live-streams.ts';

/** The event stream. */
@Module({ imports: [JailsModule, ServerModule], controllers: [LiveController], providers: [LiveFeed, LiveStreams] })
export class LiveModule {}
