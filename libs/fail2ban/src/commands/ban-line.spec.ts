import { describe, expect, it } from 'vitest';
import { AnswerNotUnderstood } from '../errors.ts';
import { parseBan, toEpochSeconds } from './ban-line.ts';

describe('a line of bans with times', () => {
  it('is read with the offset of the server’s clock', () => {
    const line = '192.0.2.1 \t2026-11-22 12:00:15 + 600 = 2026-11-22 12:10:15';
    const utc = Date.UTC(2026, 10, 22, 12, 0, 15) / 1000;
    expect(parseBan(line, 0)).toEqual({ address: '192.0.2.1', bannedAt: utc, duration: 600, expiresAt: utc + 600 });
    expect(parseBan(line, 90).bannedAt).toBe(utc - 5400);
    expect(parseBan(line, -300).bannedAt).toBe(utc + 18_000);
  });

  it('is read in the zone of this process when no offset is given', () => {
    const local = new Date(2026, 10, 22, 12, 0, 15).getTime() / 1000;
    expect(toEpochSeconds([2026, 11, 22, 12, 0, 15])).toBe(local);
  });

  it('has no end for a permanent ban', () => {
    const line = '2001:db8::/32 \t2026-11-22 12:00:15 + -1 = 9999-12-31 23:59:59';
    expect(parseBan(line, 0)).toMatchObject({ address: '2001:db8::/32', duration: -1, expiresAt: null });
  });

  it('may be of something that is no address, even with the separator in it', () => {
    const line = 'user \t name \t2026-11-22 12:00:15 + 600 = 2026-11-22 12:10:15';
    expect(parseBan(line, 0).address).toBe('user \t name');
  });

  it.each([
    null,
    7,
    '',
    '192.0.2.1',
    '192.0.2.1 \t2026',
    ' \t2026-11-22 12:00:15 + 600 = x',
    '192.0.2.1 \tx + 600 = y',
  ])('is refused when it is %j', (line) => {
    expect(() => parseBan(line, 0)).toThrow(AnswerNotUnderstood);
  });
});
