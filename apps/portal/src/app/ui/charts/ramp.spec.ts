import { rampStep, rampThresholds } from './ramp';

describe('the colours of the map', () => {
  it.each([0, 1, 2, 3, 5, 17, 100, 541, 12_345, 9_000_000])('rise strictly up to %i', (most) => {
    const thresholds = rampThresholds(most);
    expect(thresholds).toHaveLength(4);
    expect([1, ...thresholds]).toEqual([...new Set([1, ...thresholds])].sort((one, other) => one - other));
  });

  it.each([5, 6, 12, 33, 100, 541, 12_345, 9_000_000])('use the darkest for %i, the most there is', (most) => {
    expect(rampStep(most, rampThresholds(most))).toBe(5);
  });

  it('keep the lightest for nothing', () => {
    const thresholds = [5, 20, 100, 500];
    expect([0, 1, 4, 5, 99, 100, 499, 500, 10_000].map((count) => rampStep(count, thresholds))).toEqual([
      0, 1, 1, 2, 3, 4, 4, 5, 5,
    ]);
  });
});
