import { layersOf, mergeBuckets, type TrendBucket } from './trend';

const bucket = (at: number, byJail: Record<string, number>, beyond = 0): TrendBucket => ({
  at,
  byJail,
  total: Object.values(byJail).reduce((sum, bans) => sum + bans, beyond),
});

describe('mergeBuckets', () => {
  it('leaves few buckets alone', () => {
    const buckets = [bucket(0, { ssh: 1 }), bucket(1, {})];
    expect(mergeBuckets(buckets, 2)).toBe(buckets);
  });

  it('joins neighbours, keeping the time of the first and every ban', () => {
    const buckets = [bucket(10, { ssh: 1 }), bucket(20, { ssh: 2, web: 3 }), bucket(30, { web: 4 }, 5)];
    expect(mergeBuckets(buckets, 2)).toEqual([
      { at: 10, total: 6, byJail: { ssh: 3, web: 3 } },
      { at: 30, total: 9, byJail: { web: 4 } },
    ]);
  });

  it.each([1, 5, 24, 100])('never leaves more than %i', (most) => {
    const buckets = Array.from({ length: 97 }, (_, at) => bucket(at, { ssh: at }));
    const merged = mergeBuckets(buckets, most);
    expect(merged.length).toBeLessThanOrEqual(most);
    expect(merged.reduce((sum, { total }) => sum + total, 0)).toBe((96 * 97) / 2);
  });
});

describe('layersOf', () => {
  it('stacks the largest jail at the bottom', () => {
    const layers = layersOf([bucket(0, { web: 1, ssh: 5 }), bucket(1, { web: 2 })], 7);
    expect(layers).toEqual([
      { jail: 'ssh', total: 5, values: [5, 0] },
      { jail: 'web', total: 3, values: [1, 2] },
    ]);
  });

  it('puts the smaller jails, and bans of no named jail, into one layer on top', () => {
    const layers = layersOf([bucket(0, { a: 9, b: 3, c: 2 }, 4), bucket(1, { c: 1 })], 1);
    expect(layers).toEqual([
      { jail: 'a', total: 9, values: [9, 0] },
      { jail: null, total: 10, values: [9, 1] },
    ]);
  });

  it('has no layer for jails without bans, and none at all for an empty time', () => {
    expect(layersOf([bucket(0, { ssh: 0 })], 7)).toEqual([]);
    expect(layersOf([], 7)).toEqual([]);
  });
});
