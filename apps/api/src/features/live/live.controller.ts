import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type Requester } from '../../core/http/requester.ts';
import { CurrentRequester } from '../auth/index.ts';
import { SchedulerInfo, TaskInfo } from '../scheduler/index.ts';
import {
  BanEvent,
  BansChangedEvent,
  EventsQuery,
  HelloEvent,
  ImportEvent,
  JailsEvent,
  ServerEvent,
  SnapshotChangedEvent,
  UnbanEvent,
  WantedChangedEvent,
} from './live.dto.ts';
import { LiveStreams } from './live-streams.ts';

/** What happens, as it happens. */
@Controller('events')
@ApiExtraModels(
  HelloEvent,
  ServerEvent,
  JailsEvent,
  BanEvent,
  UnbanEvent,
  BansChangedEvent,
  TaskInfo,
  SchedulerInfo,
  ImportEvent,
  SnapshotChangedEvent,
  WantedChangedEvent,
)
export class LiveController {
  constructor(private readonly streams: LiveStreams) {}

  /**
   * Server-sent events: `hello`, `server`, `jails`, `ban`, `unban`, `bans-changed`, `operation`, `task`,
   * `scheduler`, `import`, `snapshot-changed`, `wanted-changed`, `resync`, `session-ended`. Give the last received id to resume; `resync` says that something was missed and lists must be
   * read again.
   */
  @Get()
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'An endless stream', schema: { type: 'string' } })
  open(
    @Query() query: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentRequester() requester: Requester,
    @Res() reply: FastifyReply,
  ): void {
    this.streams.open(reply, requester, lastEventId ?? query.lastEventId);
  }
}
