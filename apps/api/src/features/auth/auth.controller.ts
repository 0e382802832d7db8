import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { addressOf } from '../../core/http/peer.ts';
import { type Requester } from '../../core/http/requester.ts';
import { AccountService } from './account.service.ts';
import { LoginRequest, OpenSessionList, PasswordChange, Session } from './auth.dto.ts';
import { CurrentRequester } from './current-requester.ts';
import { Public } from './public.ts';
import { SessionCookie } from './session-cookie.ts';
import { SignInService } from './sign-in.service.ts';

/** Signing in and out, and what belongs to the own account. */
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIns: SignInService,
    private readonly account: AccountService,
    private readonly cookie: SessionCookie,
  ) {}

  /** Signs in: the answer sets the session's cookie. */
  @Public()
  @Post('login')
  @HttpCode(200)
  async login(
    @Body() { username, password }: LoginRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    this.cookie.refuseInsecureTransport(request);
    const signedIn = await this.signIns.signIn({
      username,
      password,
      address: addressOf(request),
      userAgent: request.headers['user-agent'] ?? '',
      requestId: request.id,
    });
    this.cookie.write(request, reply, signedIn.token);
    return this.account.describe(signedIn);
  }

  /** The session this request belongs to. */
  @Get('session')
  session(@CurrentRequester() requester: Requester): Promise<Session> {
    return this.account.session(requester);
  }

  /** Signs out. */
  @Post('logout')
  @HttpCode(204)
  async logout(
    @CurrentRequester() requester: Requester,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.account.endSession(requester, requester.sessionId);
    this.cookie.clear(request, reply);
  }

  /** Every browser that is signed in as the requester. */
  @Get('sessions')
  sessions(@CurrentRequester() requester: Requester): Promise<OpenSessionList> {
    return this.account.sessions(requester);
  }

  /** Signs one of the requester's browsers out. */
  @Delete('sessions/:id')
  @HttpCode(204)
  endSession(@CurrentRequester() requester: Requester, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.account.endSession(requester, id);
  }

  /** Changes the own password and signs every other browser out. */
  @Post('password')
  @HttpCode(204)
  changePassword(@CurrentRequester() requester: Requester, @Body() change: PasswordChange): Promise<void> {
    return this.account.changePassword(requester, change);
  }
}
