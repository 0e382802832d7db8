import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type FastifyRequest } from 'fastify';

/** `bgt_` and 32 random bytes in base64url: programs that look for leaked secrets know it by its beginning. */
const pattern = /^bgt_[A-Za-z0-9_-]{43}$/;
/** Longest header that is looked at. */
const maxHeader = 512;

/** Where a route takes its token from: `feed` also as Basic password or `?token=`, because firewalls send no header. */
export type TokenPlaces = 'header' | 'feed';

/** Makes a token. */
export function newToken(): string {
  return `bgt_${randomBytes(32).toString('base64url')}`;
}

/** SHA-256 in hex. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * The token of a request, when it has the form of one. It is taken out of the query, so that nothing behind the guard
 * can repeat it.
 */
export function tokenOf(request: Pick<FastifyRequest, 'headers' | 'query'>, places: TokenPlaces): string | undefined {
  const inQuery = places === 'feed' ? takeFromQuery(request) : undefined;
  const token = fromHeader(request.headers.authorization, places) ?? inQuery;
  return token !== undefined && pattern.test(token) ? token : undefined;
}

function fromHeader(header: string | undefined, places: TokenPlaces): string | undefined {
  if (header === undefined || header.length > maxHeader) return undefined;
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic' || places !== 'feed') return undefined;
  const pair = Buffer.from(value, 'base64').toString('latin1');
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : pair.slice(colon + 1);
}

function takeFromQuery({ query }: Pick<FastifyRequest, 'query'>): string | undefined {
  if (typeof query !== 'object' || query === null || !('token' in query)) return undefined;
  const { token } = query;
  delete query.token;
  return typeof token === 'string' ? token : undefined;
}
