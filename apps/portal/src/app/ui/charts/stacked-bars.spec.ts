import { roundStep, stackedBars } from './stacked-bars';

describe('the axis of a stacked chart', () => {
  it.each([
    [0.25, 1],
    [1, 1],
    [1.5, 2],
    [4, 5],
    [7, 10],
    [22.5, 30],
    [301, 500],
  ])('rounds a step of %d up to %d', (value, step) => {
    expect(roundStep(value)).toBe(step);
  });
});

describe('the place of a bar', () => {
  const labels = { axis: () => '', axisStep: () => 1, period: () => '' };
  const buckets = Array.from({ length: 10 }, (_, at) => ({ at, total: 5, byJail: {} }));
  const bars = stackedBars({ buckets, layers: [], labels, marks: [] }, { width: 500, height: 100, isAnimated: false });

  it('is found again from its middle', () => {
    expect(buckets.map((_, index) => bars.at(bars.centre(index)))).toEqual(buckets.map(({ at }) => at));
  });

  it('is nothing beside the bars', () => {
    expect(bars.at(0)).toBeNull();
    expect(bars.at(501)).toBeNull();
  });
});
