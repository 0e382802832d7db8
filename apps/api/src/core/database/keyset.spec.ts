import { describe, expect, it } from 'vitest';
import { CursorInvalid, decodeCursor, encodeCursor } from './keyset.ts';

const shape = ['number', 'string'] as const;
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  it('comes back as the key it was made of', () => {
    expect(decodeCursor(encodeCursor([1_763_800_000_000, 'ümlaut']), shape)).toEqual([1_763_800_000_000, 'ümlaut']);
  });

  it.each([
    ['empty', ''],
    ['not base64url', 'a b+/='],
    ['not JSON', Buffer.from('{{').toString('base64url')],
    ['no list', encoded({ 0: 1, 1: 'x', length: 2 })],
    ['too short', encoded([1])],
    ['too long', encoded([1, 'x', 2])],
    ['of other types', encoded(['1', 'x'])],
    ['a broken number', encoded([1.5, 'x'])],
    ['an unsafe number', Buffer.from('[1e300,"x"]').toString('base64url')],
    ['a list inside', encoded([1, ['x']])],
    ['NUL inside', encoded([1, 'a\0b'])],
    ['a lone surrogate', Buffer.from(String.raw`[1,"\ud800"]`).toString('base64url')],
    ['a huge text', encoded([1, 'x'.repeat(300)])],
    ['far too long', 'A'.repeat(100_000)],
  ])('is refused when it is %s', (_, text) => {
    expect(() => decodeCursor(text, shape)).toThrow(CursorInvalid);
  });
});
