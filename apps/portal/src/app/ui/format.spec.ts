import { formatAge, formatBytes, formatDuration, formatRelative, formatSecond } from './format';

describe('formatDuration', () => {
  it.each([
    [-1, 'permanent'],
    [0, '0 s'],
    [45, '45 s'],
    [600, '10 min'],
    [3600, '1 h'],
    [5400, '1 h 30 min'],
    [3601, '1 h'],
    [86_400, '1 d'],
    [90_061, '1 d 1 h'],
    [604_800, '7 d'],
  ])('says %d seconds as %s', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });
});

describe('formatAge', () => {
  it.each([
    [500, 'now'],
    [4000, '4 s'],
    [59_999, '59 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [41 * 86_400_000, '41 d'],
  ])('says %d ms as %s', (ms, words) => {
    expect(formatAge(ms)).toBe(words);
  });
});

describe('formatRelative', () => {
  it('looks back, ahead and at this moment', () => {
    const now = Date.UTC(2026, 10, 22);
    expect(formatRelative(now - 4000, now)).toBe('4 s ago');
    expect(formatRelative(now + 180_000, now)).toBe('in 3 min');
    expect(formatRelative(now + 1000, now)).toBe('just now');
  });
});

describe('formatBytes', () => {
  it('chooses the unit', () => {
    expect([formatBytes(0), formatBytes(999), formatBytes(3_100_000), formatBytes(2e15)]).toEqual([
      '0 B',
      '999 B',
      '3.1 MB',
      '2,000 TB',
    ]);
  });
});

describe('formatSecond', () => {
  it('counts the hours to 24 in every language', () => {
    const at = new Date(2026, 10, 28, 15, 21, 46).getTime();
    expect(formatSecond(at)).toMatch(/ 15:21:46$/);
    expect(formatSecond(at - 15 * 3_600_000)).toMatch(/ 00:21:46$/);
  });
});
