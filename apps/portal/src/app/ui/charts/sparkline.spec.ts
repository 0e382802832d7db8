import { sparklinePath } from './sparkline';

describe('sparklinePath', () => {
  it('runs from edge to edge, high values above', () => {
    expect(sparklinePath([0, 10, 5])).toBe('M0.0 28.0L42.0 2.0L84.0 15.0');
  });

  it('draws a constant as a level line, zero at the bottom', () => {
    expect(sparklinePath([0, 0])).toBe('M0.0 28.0L84.0 28.0');
    expect(sparklinePath([7, 7])).toBe('M0.0 15.0L84.0 15.0');
  });

  it('draws nothing where there is nothing to connect', () => {
    expect(sparklinePath([])).toBeNull();
    expect(sparklinePath([1])).toBeNull();
  });
});
