import { layersOf, mergeBuckets, type TrendBucket } from './trend';

const bucket = (at: number, byJail: Record<string, number>, beyond = 0): TrendBucket => ({
  at,
  byJail,
  total: Object.values(byJail).reduce((sum, bans) => sum + bans, beyond),
});

describe('mergeBuckets', () => {
  it('leaves buckets alone that are as long as the step', () => {
    const buckets = [bucket(0, { ssh: 1 }), bucket(1000, {})];
    expect(mergeBuckets(buckets, 1000)).toBe(buckets);
  });

  it('joins what lies in one step, keeping the time of the first and every ban', () => {
    const buckets = [bucket(1000, { ssh: 1 }), bucket(2000, { ssh: 2, web: 3 }), bucket(3000, { web: 4 }, 5)];
    expect(mergeBuckets(buckets, 2000)).toEqual([
      { at: 1000, total: 1, byJail: { ssh: 1 } },
      { at: 2000, total: 14, byJail: { ssh: 2, web: 7 } },
    ]);
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
