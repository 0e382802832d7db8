import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { addressOf } from '../../core/http/peer.ts';
import { NotSignedIn, RequestHeaderMissing } from './auth.errors.ts';
import { rememberRequester } from './current-requester.ts';
import { publicKey } from './public.ts';
import { SessionCookie } from './session-cookie.ts';
import { SessionsService } from './sessions.service.ts';

/** Methods that change nothing. */
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets requests pass that belong to a session, for every route that is not public. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, [context.getHandler(), context.getClass()]))
      return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const found = await this.sessions.use(this.cookie.read(request));
    if (!found) throw new NotSignedIn();
    // Other sites can make a browser send our cookie, but not this header without asking first.
    if (!readingMethods.has(request.method) && request.headers['x-bangui-request'] !== '1')
      throw new RequestHeaderMissing();
    rememberRequester(request, {
      userId: found.user.id,
      username: found.user.username,
      sessionId: found.session.id,
      address: addressOf(request),
      requestId: request.id,
    });
    return true;
  }
}
