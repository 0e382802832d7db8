import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverRange } from './range-cover.ts';
import { bucketOf, type Grain, nextBucket } from './roll-up.ts';

const start = Date.UTC(2024, 0, 1);
const time = fc.integer({ min: start, max: start + 1_100 * 86_400_000 });
const grains = fc.constantFrom<readonly Grain[]>(
  ['hour', 'day', 'month'],
  ['hour', 'day'],
  ['day', 'month'],
  ['day', 'week', 'month'],
  ['hour'],
  [],
);

describe('the cover of a range', () => {
  it('is made of whole buckets and rows that lie side by side and fill it exactly', () => {
    fc.assert(
      fc.property(time, time, grains, (one, other, allowed) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const { buckets, raw } = coverRange(from, to, allowed);
        for (const { grain, from: first, to: last } of buckets) {
          expect(allowed).toContain(grain);
          expect([bucketOf(grain, first), bucketOf(grain, last)]).toEqual([first, last]);
        }
        const parts = [
          ...buckets.map((range) => ({ from: range.from * 1_000, to: range.to * 1_000 })),
          ...raw.map((range) => ({ from: range.from, to: range.to })),
        ].sort((left, right) => left.from - right.from);
        expect(parts.every((part) => part.from < part.to)).toBe(true);
        if (from === to) expect(parts).toEqual([]);
        else expect([parts[0]?.from, parts.at(-1)?.to]).toEqual([from, to]);
        parts.forEach((part, index) => {
          if (index > 0) expect(parts[index - 1]?.to).toBe(part.from);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('needs at most two ranges of each grain and few rows, however long it is', () => {
    fc.assert(
      fc.property(time, time, (one, other) => {
        const { buckets, raw } = coverRange(Math.min(one, other), Math.max(one, other), ['hour', 'day', 'month']);
        expect(buckets.length).toBeLessThanOrEqual(5);
        // Less than an hour at each end; two hours where no whole one lies between.
        expect(raw.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThan(2 * 3_600_000);
      }),
    );
  });

  it('knows how long months are', () => {
    const february = Date.UTC(2024, 1, 1) / 1_000;
    expect(nextBucket('month', february) - february).toBe(29 * 86_400);
    expect(bucketOf('month', Date.UTC(2024, 1, 29, 23) / 1_000)).toBe(february);
  });

  it('makes every month of four whole weeks, the last of which is shorter', () => {
    for (let month = Date.UTC(2023, 0, 1) / 1_000; month < Date.UTC(2025, 0, 1) / 1_000;) {
      const weeks: number[] = [];
      for (let day = month; day < nextBucket('month', month); day += 86_400) weeks.push(bucketOf('week', day + 86_399));
      const begins = [...new Set(weeks)];
      expect(begins.map((begin) => new Date(begin * 1_000).getUTCDate())).toEqual([1, 9, 17, 25]);
      expect(begins.map((begin) => nextBucket('week', begin))).toEqual([
        ...begins.slice(1),
        nextBucket('month', month),
      ]);
      month = nextBucket('month', month);
    }
  });
});
