import { describe, expect, it } from 'vitest';
import { hashOf, isSameHash, newToken, tokenOf } from './token-text.ts';

const token = newToken();
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const request = (authorization?: string, query: object = {}) => ({
  headers: authorization === undefined ? {} : { authorization },
  query,
});

describe('tokens', () => {
  it('are 256 random bits behind a beginning that tells what they are', () => {
    expect(token).toMatch(/^bgt_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32);
    expect(new Set(Array.from({ length: 100 }, newToken)).size).toBe(100);
  });

  it.each([`Bearer ${token}`, `bearer  ${token}`])('are taken from the header %#', (header) => {
    expect(tokenOf(request(header), 'header')).toBe(token);
    expect(tokenOf(request(header), 'feed')).toBe(token);
  });

  it('are taken from password and query for a feed, and for nothing else', () => {
    for (const given of [
      request(basic(`firewall:${token}`)),
      request(basic(`:${token}`)),
      request(undefined, { token }),
    ]) {
      expect(tokenOf({ ...given, query: { ...given.query } }, 'header')).toBeUndefined();
      expect(tokenOf(given, 'feed')).toBe(token);
    }
  });

  it('are taken out of the query, so that nothing behind can repeat them', () => {
    const given = request(undefined, { token, since: '5' });
    tokenOf(given, 'feed');
    expect(given.query).toEqual({ since: '5' });
  });

  it.each([
    ['nothing', request()],
    ['a wrong form', request('Bearer bgt_short')],
    ['a session', request(`Bearer ${'a'.repeat(43)}`)],
    ['another scheme', request(`Digest ${token}`)],
    ['two tokens', request(`Bearer ${token} ${token}`)],
    ['the user name instead of the password', request(basic(`${token}:`))],
    ['no pair at all', request(basic(token))],
    ['a token in a list', request(undefined, { token: [token] })],
    ['a very long header', request(`Bearer ${token}${' '.repeat(10_000)}x`)],
  ])('are not found in %s', (_what, given) => {
    expect(tokenOf(given, 'feed')).toBeUndefined();
  });

  it('are compared by their hashes', () => {
    expect(isSameHash(hashOf(token), hashOf(token))).toBe(true);
    expect(isSameHash(hashOf(token), hashOf(newToken()))).toBe(false);
    expect(isSameHash(hashOf(token), 'ab')).toBe(false);
  });
});
