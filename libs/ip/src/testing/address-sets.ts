import fc from 'fast-check';
import { AddressSet } from '../packed/address-set.ts';
import { RangeList } from '../packed/range-list.ts';
import { fromBigInt, toBigInt, type Width } from '../packed/words.ts';

/** A range as numbers, both ends inside. */
export type Interval = readonly [first: bigint, last: bigint];

/** The ranges of a list as numbers. */
export function intervals(list: RangeList): Interval[] {
  const { words, width } = list;
  return Array.from({ length: list.length }, (_, index) => [
    toBigInt(words, index * 2 * width, width),
    toBigInt(words, index * 2 * width + width, width),
  ]);
}

/** The list of any intervals by the slow and obvious way: sort, then join those that overlap or touch. */
export function listOf(width: Width, some: readonly Interval[]): RangeList {
  const joined: [bigint, bigint][] = [];
  for (const [first, last] of some.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))) {
    const end = joined.at(-1);
    if (end && first <= end[1] + 1n) end[1] = last > end[1] ? last : end[1];
    else joined.push([first, last]);
  }
  const words = new Uint32Array(joined.length * 2 * width);
  for (const [index, [first, last]] of joined.entries()) {
    fromBigInt(first, words, index * 2 * width, width);
    fromBigInt(last, words, index * 2 * width + width, width);
  }
  return new RangeList(width, words);
}

/** Where ranges begin: the ends of the space and the borders of words, where carries happen. */
const STARTS = {
  1: [0n, 2n ** 16n, 2n ** 31n - 20n, 2n ** 32n - 40n],
  4: [0n, 2n ** 32n - 20n, 2n ** 64n - 20n, 2n ** 96n - 20n, 2n ** 127n - 20n, 2n ** 128n - 40n],
} as const;

/** Up to twelve short ranges in a window of forty addresses, so that they overlap, touch and miss each other often. */
export function fewIntervals(width: Width): fc.Arbitrary<Interval[]> {
  return fc.constantFrom<bigint>(...STARTS[width]).chain((start) => fc.array(inWindow(start), { maxLength: 12 }));
}

/** Two lists of ranges in the same window. */
export function twoLists(width: Width): fc.Arbitrary<[Interval[], Interval[]]> {
  return fc.constantFrom<bigint>(...STARTS[width]).chain((start) => {
    const some = fc.array(inWindow(start), { maxLength: 12 });
    return fc.tuple(some, some);
  });
}

/** Ranges anywhere, wide ones too. */
export function anyIntervals(width: Width): fc.Arbitrary<Interval[]> {
  const number = fc.bigInt({ min: 0n, max: 2n ** BigInt(32 * width) - 1n });
  return fc.array(
    fc.tuple(number, number).map(([a, b]): Interval => (a < b ? [a, b] : [b, a])),
    { maxLength: 12 },
  );
}

/** Any set of both families. */
export const anySet: fc.Arbitrary<AddressSet> = fc
  .tuple(fc.oneof(fewIntervals(1), anyIntervals(1)), fc.oneof(fewIntervals(4), anyIntervals(4)))
  .map(([v4, v6]) => AddressSet.ofLists(listOf(1, v4), listOf(4, v6)));

function inWindow(start: bigint): fc.Arbitrary<Interval> {
  return fc
    .tuple(fc.nat(39), fc.nat(9))
    .map(([offset, length]) => [start + BigInt(offset), start + BigInt(Math.min(39, offset + length))]);
}
