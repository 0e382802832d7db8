import { Body, Controller, Get, HttpCode, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { Fail2banProblems } from '../../core/fail2ban/index.ts';
import { type Requester } from '../../core/http/requester.ts';
import { answerOperation, AnswersOperation, Operation, type StatusReply } from '../../core/operations/index.ts';
import { CurrentRequester } from '../auth/index.ts';
import {
  BanPage,
  BanPreview,
  BanPreviewRequest,
  BanQuery,
  BanRequest,
  UnbanAllRequest,
  UnbanRequest,
} from './bans.dto.ts';
import { BansService } from './bans.service.ts';
import { BansPages } from './bans-page.ts';

/** The part of a request that tells the immediate peer, which may be a proxy. */
interface PeerRequest {
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Bans in force now, over all jails. */
@Controller('bans')
@UseInterceptors(Fail2banProblems)
export class BansController {
  constructor(
    private readonly bans: BansService,
    private readonly pages: BansPages,
  ) {}

  /** Bans in force, newest first, from memory: answers at once, also while fail2ban is offline. */
  @Get()
  page(@Query() query: BanQuery): BanPage {
    return this.pages.page(query);
  }

  /** Says for each line what banning it would do, without doing it. */
  @Post('preview')
  @HttpCode(200)
  preview(
    @Body() request: BanPreviewRequest,
    @CurrentRequester() requester: Requester,
    @Req() { socket }: PeerRequest,
  ): Promise<BanPreview> {
    return this.bans.preview(request, { ...requester, peer: socket.remoteAddress });
  }

  /** Bans addresses and networks for as long as the jail bans. All or nothing: one refused line refuses the request. */
  @Post()
  @AnswersOperation()
  async ban(
    @Body() request: BanRequest,
    @CurrentRequester() requester: Requester,
    @Req() { socket }: PeerRequest,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.bans.ban(request, { ...requester, peer: socket.remoteAddress }));
  }

  /** Lifts bans. */
  @Post('unban')
  @AnswersOperation()
  async unban(
    @Body() request: UnbanRequest,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.bans.unban(request, requester));
  }

  /** Lifts every ban of one jail or of all. */
  @Post('unban-all')
  @AnswersOperation()
  async unbanAll(
    @Body() request: UnbanAllRequest,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.bans.unbanAll(request, requester));
  }
}
