import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctSketch } from './distinct-sketch.ts';

function thing(number: number): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(12, number);
  return bytes;
}

function sketchOf(numbers: Iterable<number>): DistinctSketch {
  const sketch = new DistinctSketch();
  for (const number of numbers) sketch.add(thing(number));
  return sketch;
}

const numbers = fc.array(fc.nat(0xffff_ffff), { maxLength: 3_000 });

describe('a sketch of different things', () => {
  it('is empty at first', () => {
    expect(new DistinctSketch().estimate()).toBe(0);
    expect(new DistinctSketch().toBytes()).toHaveLength(0);
  });

  it.each([10, 100, 1_000, 10_000, 100_000, 1_000_000])(
    'estimates %i within four standard errors, however the addresses lie',
    (count) => {
      for (const [start, step] of [
        [0, 1],
        [0x0a00_0000, 256],
        [1, 4_099],
      ] as const) {
        const sketch = new DistinctSketch();
        for (let index = 0; index < count; index += 1) sketch.add(thing((start + index * step) >>> 0));
        const error = Math.abs(sketch.estimate() - count) / count;
        expect(error).toBeLessThan(Math.max(4 * DistinctSketch.standardError, 0.5 / count));
      }
    },
  );

  it('has the stated error over many different sets', () => {
    const rounds = 200;
    const size = 20_000;
    let squares = 0;
    let sum = 0;
    for (let round = 0; round < rounds; round += 1) {
      const sketch = new DistinctSketch();
      for (let index = 0; index < size; index += 1) sketch.add(thing((round * 7_919_999 + index * 31) >>> 0));
      const error = sketch.estimate() / size - 1;
      squares += error ** 2;
      sum += error;
    }
    expect(Math.sqrt(squares / rounds)).toBeLessThan(DistinctSketch.standardError * 1.2);
    // The mean of 200 errors lies within a few thousandths of 0 when there is no bias.
    expect(Math.abs(sum / rounds)).toBeLessThan(0.005);
  });

  it('counts the same thing once, in any order', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        expect(sketchOf([...list, ...list.toReversed()]).toBytes()).toEqual(sketchOf(list).toBytes());
      }),
    );
  });

  it('merges into the sketch of both together', () => {
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const merged = sketchOf(one);
        merged.merge(sketchOf(other));
        expect(merged.toBytes()).toEqual(sketchOf([...one, ...other]).toBytes());
      }),
    );
  });

  it('comes back from its bytes', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const bytes = sketchOf(list).toBytes();
        expect(bytes.length).toBeLessThanOrEqual(4_096);
        expect(DistinctSketch.fromBytes(bytes).toBytes()).toEqual(bytes);
        expect(DistinctSketch.estimateOf(bytes)).toBe(sketchOf(list).estimate());
      }),
    );
  });

  it.each([
    ['a wrong length', new Uint8Array(4_000)],
    ['a register that does not exist', new Uint8Array([0xff, 0xff, 1])],
    ['an impossible value', new Uint8Array([0, 1, 40])],
    ['an impossible value among all', new Uint8Array(4_096).fill(200)],
  ])('refuses bytes with %s', (_what, bytes) => {
    expect(() => DistinctSketch.fromBytes(bytes)).toThrow(RangeError);
    expect(() => DistinctSketch.estimateOf(bytes)).toThrow(RangeError);
  });
});
