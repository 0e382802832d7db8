import { beginsStep, roundTimeStep, stepNumber } from './time-steps';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('roundTimeStep', () => {
  it.each([
    ['an hour in minutes', MINUTE, HOUR, 50, 2 * MINUTE],
    ['a day in quarters', 15 * MINUTE, DAY, 52, 30 * MINUTE],
    ['a day in quarters with room for all', 15 * MINUTE, DAY, 96, 15 * MINUTE],
    ['a week in hours', HOUR, 7 * DAY, 52, 4 * HOUR],
    ['a year in days', DAY, 365 * DAY, 53, 7 * DAY],
    ['three years in days on a phone', DAY, 1100 * DAY, 20, 56 * DAY],
    ['more than there are steps for', DAY, 100_000 * DAY, 10, 10_000 * DAY],
  ])('counts %s', (_what, bucket, span, most, step) => {
    expect(roundTimeStep(bucket, span, most)).toBe(step);
  });

  it('is made of whole buckets', () => {
    // No five or ten minutes out of four at a time.
    expect(roundTimeStep(4 * MINUTE, HOUR, 13)).toBe(HOUR);
  });
});

describe('a step', () => {
  const midnight = new Date(2026, 10, 23).getTime();

  it('begins where the clock on the wall says so', () => {
    expect(beginsStep(midnight, 6 * HOUR)).toBe(true);
    expect(beginsStep(midnight + 6 * HOUR, 6 * HOUR)).toBe(true);
    expect(beginsStep(midnight + 5 * HOUR, 6 * HOUR)).toBe(false);
  });

  it('of a week begins on Monday', () => {
    expect(beginsStep(midnight, 7 * DAY)).toBe(true);
    expect(stepNumber(midnight - 1, 7 * DAY)).toBe(stepNumber(midnight, 7 * DAY) - 1);
    expect(stepNumber(midnight + 6 * DAY, 7 * DAY)).toBe(stepNumber(midnight, 7 * DAY));
  });
});
