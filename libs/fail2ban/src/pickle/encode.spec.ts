import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadArgument } from '../errors.ts';
import { encodeRequest } from './encode.ts';
import { END_MARK } from './marks.ts';
import { type PickleInput } from './values.ts';

const MARK = END_MARK.toString('latin1');

describe('the encoder', () => {
  it('writes protocol 2 and ends with the mark, which stands nowhere else', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...MARK.split(/(?:)/), 'x') })), (words) => {
        const request = encodeRequest(words);
        expect([...request.subarray(0, 2)]).toEqual([0x80, 2]);
        expect(request.indexOf(END_MARK)).toBe(request.length - END_MARK.length);
      }),
    );
  });

  it.each<[string, PickleInput[]]>([
    ['a word', ['echo', MARK]],
    ['a word around it', ['echo', `a${MARK}b`]],
    ['a list', ['reload', '--all', [], [['set', MARK]]]],
    ['a key', ['echo', new Map([[MARK, null]])]],
  ])('refuses the end mark inside %s', (_, words) => {
    expect(() => encodeRequest(words)).toThrow(BadArgument);
  });

  it('refuses what nests too deeply, is too big, or is of another kind', () => {
    let nested: PickleInput = [];
    for (let depth = 0; depth < 40; depth += 1) nested = [nested];
    const cyclic: PickleInput[] = [];
    cyclic.push(cyclic);
    expect(() => encodeRequest([nested])).toThrow(BadArgument);
    expect(() => encodeRequest(cyclic)).toThrow(BadArgument);
    expect(() => encodeRequest(['x'.repeat(17 * 1024 * 1024)])).toThrow(BadArgument);
    expect(() => encodeRequest([2n ** 2040n])).toThrow(BadArgument);
    // What JavaScript callers may hand over in spite of the types.
    for (const stranger of [undefined, {}, Symbol('x'), () => 1, new Date()]) {
      expect(() => encodeRequest([stranger as unknown as PickleInput])).toThrow(BadArgument);
    }
  });
});
