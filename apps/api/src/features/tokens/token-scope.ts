import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata, UseGuards } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { Public } from '../auth/index.ts';
import { type ApiTokenEntity, type TokenScopeName } from './api-token.entity.ts';
import { type TokenPlaces } from './token-text.ts';
import { TokenGuard, tokenRuleKey, tokenOfRequest, type TokenRule } from './token.guard.ts';

/**
 * The route, or every route of the controller, takes an API token with this scope instead of a session; a session does
 * not open it. A feed also takes the token as Basic password or `?token=`.
 */
export function TokenScope(
  scope: TokenScopeName,
  { places = 'header' }: { readonly places?: TokenPlaces } = {},
): MethodDecorator & ClassDecorator {
  return withToken({ scope, places });
}

/** The same for any token, whatever it may do. */
export function AnyToken(): MethodDecorator & ClassDecorator {
  return withToken({ scope: undefined, places: 'header' });
}

/** The token that the guard let pass. Only for routes with {@link TokenScope} or {@link AnyToken}. */
export const CurrentToken = createParamDecorator((_: unknown, context: ExecutionContext): ApiTokenEntity => {
  const token = tokenOfRequest(context.switchToHttp().getRequest<FastifyRequest>());
  if (!token) throw new Error('@CurrentToken() was used on a route without @TokenScope().');
  return token;
});

function withToken(rule: TokenRule): MethodDecorator & ClassDecorator {
  return applyDecorators(Public(), SetMetadata(tokenRuleKey, rule), UseGuards(TokenGuard));
}
