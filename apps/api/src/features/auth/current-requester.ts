import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Requester } from '../../core/http/requester.ts';

/** Where the guard leaves the requester for the decorator. */
const requesters = new WeakMap<FastifyRequest, Requester>();

/** Remembers who sent a request. Only the session guard calls it. */
export function rememberRequester(request: FastifyRequest, requester: Requester): void {
  requesters.set(request, requester);
}

/** Who is signed in, as the session guard proved it. Not for public routes. */
export const CurrentRequester = createParamDecorator((_: unknown, context: ExecutionContext): Requester => {
  const requester = requesters.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!requester) throw new Error('@CurrentRequester() was used on a public route.');
  return requester;
});
