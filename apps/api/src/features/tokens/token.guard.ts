import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { addressOf } from '../../core/http/peer.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { type ApiTokenEntity, type TokenScopeName } from './api-token.entity.ts';
import { tokenOf, type TokenPlaces } from './token-text.ts';
import { TokenThrottle } from './token-throttle.ts';
import { TokenInvalid, TokenScopeMissing } from './tokens.errors.ts';
import { TokensService } from './tokens.service.ts';

/** Metadata key of a {@link TokenRule}. */
export const tokenRuleKey = 'bangui:token';

/** What a route wants of a token. */
export interface TokenRule {
  /** Undefined for any token. */
  readonly scope: TokenScopeName | undefined;
  readonly places: TokenPlaces;
}

/** Where the guard leaves the token for the decorator. */
const tokens = new WeakMap<FastifyRequest, ApiTokenEntity>();

/** The token that the guard let pass with this request. */
export function tokenOfRequest(request: FastifyRequest): ApiTokenEntity | undefined {
  return tokens.get(request);
}

/** Lets requests pass that carry a token for what the route does. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly service: TokensService,
    private readonly throttle: TokenThrottle,
    private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<TokenRule>(tokenRuleKey, [context.getHandler(), context.getClass()]);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const text = tokenOf(request, rule.places);
    const token = text === undefined ? undefined : await this.service.use(text);
    if (!token) {
      const address = addressOf(request);
      this.log.warn(logEvents.apiTokenRefused, { address });
      await this.throttle.wrong(address);
      throw new TokenInvalid(rule.places === 'feed' ? 'Basic' : 'Bearer');
    }
    if (rule.scope !== undefined && !token.scopes.includes(rule.scope)) throw new TokenScopeMissing(rule.scope);
    tokens.set(request, token);
    return true;
  }
}
