import { describe, expect, it } from 'vitest';
import { MAX_QUESTIONS, takeGroup } from './group.ts';
import { Job } from './job.ts';

/** Jobs with requests of these many bytes; a negative number is a command that is no short question. */
function jobsOf(...sizes: number[]): Job[] {
  return sizes.map(
    (size) =>
      new Job({
        name: 'get j x',
        request: Buffer.alloc(Math.abs(size)),
        limitMs: 1000,
        isRepeatable: false,
        isShort: size > 0,
      }),
  );
}

describe('a group', () => {
  it.each([
    ['nothing of nothing', [], 0],
    ['short questions up to another command', [50, 50, -50, 50], 2],
    ['another command alone', [-50, 50, 50], 1],
    ['a bounded number', Array.from({ length: 100 }, () => 50), MAX_QUESTIONS],
    ['at most 16 KiB', [10_000, 6384, 1], 2],
    ['a single one of any length', [100_000, 50], 1],
    ['no second one that would make it too long', [50, 100_000], 1],
  ])('is %s', (_, sizes, count) => {
    const jobs = jobsOf(...sizes);
    const all = [...jobs];
    expect(takeGroup(jobs)).toEqual(all.slice(0, count));
    expect(jobs).toEqual(all.slice(count));
  });
});
