import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyIntervals, fewIntervals, intervals, listOf, twoLists, type Interval } from '../testing/address-sets.ts';
import { BlockCursor } from './blocks.ts';
import { fromBigInt, toBigInt } from './words.ts';

/** Every address of short ranges. */
function members(some: readonly Interval[]): Set<bigint> {
  const all = new Set<bigint>();
  for (const [first, last] of some) for (let each = first; each <= last; each += 1n) all.add(each);
  return all;
}

function sorted(numbers: Iterable<bigint>): bigint[] {
  return [...numbers].sort((a, b) => (a < b ? -1 : 1));
}

describe.each([
  ['IPv4', 1],
  ['IPv6', 4],
] as const)('a range list of %s', (_name, width) => {
  const space = 2n ** BigInt(32 * width);
  const two = twoLists(width);

  it.each([
    ['union', (a: Set<bigint>, b: Set<bigint>) => new Set([...a, ...b])],
    ['intersect', (a: Set<bigint>, b: Set<bigint>) => new Set([...a].filter((each) => b.has(each)))],
    ['subtract', (a: Set<bigint>, b: Set<bigint>) => new Set([...a].filter((each) => !b.has(each)))],
  ] as const)('does %s as sets of single addresses do', (operation, model) => {
    fc.assert(
      fc.property(two, ([left, right]) => {
        const result = listOf(width, left)[operation](listOf(width, right));
        const ranges = intervals(result);
        expect(sorted(members(ranges))).toEqual(sorted(model(members(left), members(right))));
        // Joined as far as possible: the one form of this set.
        expect(ranges).toEqual(intervals(listOf(width, ranges)));
        expect(result.equals(listOf(width, ranges))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('intersects with a much longer list as sets of single addresses do', () => {
    fc.assert(
      fc.property(fewIntervals(width), fc.nat(3), fc.nat(2), (some, from, length) => {
        const few = listOf(width, some.slice(0, 2));
        const start = some[0]?.[0] ?? 0n;
        const many = Array.from({ length: 60 }, (_, index): Interval => {
          const first = (start > 60n ? start - 60n : 0n) + BigInt(from + index * (length + 2));
          return [first, first + BigInt(length)];
        }).filter(([, last]) => last < space);
        const both = [...members(intervals(few))].filter((each) => members(many).has(each));
        for (const result of [few.intersect(listOf(width, many)), listOf(width, many).intersect(few)]) {
          expect(sorted(members(intervals(result)))).toEqual(sorted(both));
          expect(intervals(result)).toEqual(intervals(listOf(width, intervals(result))));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells the ranges that another list does not have with the same ends', () => {
    fc.assert(
      fc.property(two, ([left, right]) => {
        const [a, b] = [listOf(width, left), listOf(width, right)];
        const others = new Set(intervals(b).map(String));
        expect(intervals(a.rangesNotIn(b))).toEqual(intervals(a).filter((each) => !others.has(String(each))));
        expect(a.equals(b)).toBe(String(intervals(a)) === String(intervals(b)));
      }),
      { numRuns: 300 },
    );
  });

  it('obeys the laws of sets with ranges anywhere', () => {
    fc.assert(
      fc.property(anyIntervals(width), anyIntervals(width), (left, right) => {
        const a = listOf(width, left);
        const b = listOf(width, right);
        expect(intervals(a.complement().complement())).toEqual(intervals(a));
        expect(a.union(a.complement()).count()).toBe(space);
        expect(a.union(b).complement().equals(a.complement().intersect(b.complement()))).toBe(true);
        expect(a.subtract(b).union(a.intersect(b)).equals(a)).toBe(true);
        expect(a.union(b).count() + a.intersect(b).count()).toBe(a.count() + b.count());
        expect(intervals(a.union(b))).toEqual(intervals(listOf(width, [...left, ...right])));
      }),
      { numRuns: 300 },
    );
  });

  it('counts the whole space', () => {
    expect(listOf(width, [[0n, space - 1n]]).count()).toBe(space);
    expect(listOf(width, []).complement().count()).toBe(space);
    expect(listOf(width, [[0n, space - 1n]]).complement().length).toBe(0);
  });

  it('finds the range of an address, and none for those between', () => {
    fc.assert(
      fc.property(fewIntervals(width), (some) => {
        const list = listOf(width, some);
        const all = members(some);
        const at = new Uint32Array(width);
        for (const [first] of some) {
          for (let offset = -2n; offset < 14n; offset += 1n) {
            const address = first + offset;
            if (address < 0n || address >= space) continue;
            fromBigInt(address, at, 0, width);
            expect(list.indexOf(at, 0) >= 0).toBe(all.has(address));
            const from = intervals(list).findIndex(([, last]) => last >= address);
            expect(list.indexFrom(at, 0)).toBe(from < 0 ? list.length : from);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is covered by blocks that are aligned, in order and cannot be joined', () => {
    fc.assert(
      fc.property(fc.oneof(fewIntervals(width), anyIntervals(width)), (some) => {
        const list = listOf(width, some);
        const blocks: { first: bigint; last: bigint; prefix: number }[] = [];
        const cursor = new BlockCursor(list);
        while (cursor.advance()) {
          const size = 2n ** BigInt(32 * width - cursor.prefix);
          const first = toBigInt(cursor.first, 0, width);
          expect(first % size).toBe(0n);
          expect(cursor.isHost).toBe(size === 1n);
          blocks.push({ first, last: first + size - 1n, prefix: cursor.prefix });
        }
        expect(
          intervals(
            listOf(
              width,
              blocks.map(({ first, last }) => [first, last] as const),
            ),
          ),
        ).toEqual(intervals(list));
        for (const [index, block] of blocks.entries()) {
          const before = blocks[index - 1];
          if (!before) continue;
          expect(before.last < block.first).toBe(true);
          const pair = 2n * (block.last - block.first + 1n);
          const canJoin =
            before.prefix === block.prefix && before.last + 1n === block.first && before.first % pair === 0n;
          expect(canJoin).toBe(false);
        }
        expect(cursor.advance()).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
