import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { addressOf, isLocal } from '../../core/http/peer.ts';
import { AccountService, Public, Session, SessionCookie } from '../auth/index.ts';
import { SetupRequest, SetupState } from './setup.dto.ts';
import { type SetupPeer, SetupService } from './setup.service.ts';

function peerOf(request: FastifyRequest): SetupPeer {
  return {
    address: addressOf(request),
    isLocal: isLocal(request),
    userAgent: request.headers['user-agent'] ?? '',
    requestId: request.id,
  };
}

/** The first minute: who administrates this BanGUI. */
@Public()
@Controller('setup')
export class SetupController {
  constructor(
    private readonly setup: SetupService,
    private readonly account: AccountService,
    private readonly cookie: SessionCookie,
  ) {}

  /** Whether the first administrator has to be made, and what BanGUI finds on this machine. */
  @Get()
  state(@Req() request: FastifyRequest): Promise<SetupState> {
    return this.setup.state(peerOf(request));
  }

  /** Makes the first administrator and signs them in. */
  @Post()
  async complete(
    @Body() body: SetupRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    this.cookie.refuseInsecureTransport(request);
    const signedIn = await this.setup.complete(body, peerOf(request));
    this.cookie.write(request, reply, signedIn.token);
    return this.account.describe(signedIn);
  }
}
