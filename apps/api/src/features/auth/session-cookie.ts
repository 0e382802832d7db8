import { Injectable } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Settings } from '../../core/config/settings.ts';
import { isInsecureTransport, isPlainLoopback } from '../../core/http/peer.ts';
import { InsecureTransport } from './auth.errors.ts';
import { absoluteLimitMs } from './sessions.service.ts';

/** Name of the cookie that holds the session's token. */
export const cookieName = 'bangui_session';

/** Writes and reads the session's cookie. */
@Injectable()
export class SessionCookie {
  constructor(private readonly settings: Settings) {}

  /** Throws {@link InsecureTransport} when the browser would drop the cookie of this request's answer. */
  refuseInsecureTransport(request: FastifyRequest): void {
    if (this.settings.sessionCookieSecure && isInsecureTransport(request)) throw new InsecureTransport();
  }

  read(request: FastifyRequest): string | undefined {
    return request.cookies[cookieName];
  }

  /** The server decides when the session ends; the cookie only must not outlive the absolute limit. */
  write(request: FastifyRequest, reply: FastifyReply, token: string): void {
    void reply.setCookie(cookieName, token, { ...this.attributes(request), maxAge: absoluteLimitMs / 1000 });
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    void reply.clearCookie(cookieName, this.attributes(request));
  }

  private attributes(request: FastifyRequest) {
    return {
      path: '/',
      httpOnly: true,
      secure: this.settings.sessionCookieSecure && !isPlainLoopback(request),
      sameSite: this.settings.sessionCookieSamesite,
    };
  }
}
