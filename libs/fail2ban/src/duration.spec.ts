import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadArgument, formatDuration, MAX_DURATION_SECONDS, parseDuration } from './index.ts';
import { runPython } from './testing/python.ts';

/** What fail2ban itself makes of each text; it evaluates them as Python. */
function secondsByFail2ban(texts: readonly string[]): number[] {
  const program = `
import json, sys
from fail2ban.server.mytime import MyTime
json.dump([MyTime.str2seconds(text) for text in json.load(sys.stdin)], sys.stdout)
`;
  return runPython(program, texts) as number[]; // the shape the program prints
}

describe('parseDuration', () => {
  it.each([
    ['-1', -1],
    ['0', 0],
    ['600', 600],
    [' 10m ', 600],
    ['1d 6h', 108_000],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['2 months', 5_259_600],
    ['1Y', 31_557_600],
  ])('reads %j', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    '',
    ' ',
    'soon',
    '-2',
    '-1d',
    '--1',
    '1e3',
    '0x10',
    '1_000',
    '10 minutes ago',
    '1d-6h',
    '1d+6h',
    '2*3600',
    "__import__('os').getpid()",
    '１０',
    '10\nm;',
    '101y',
    '9'.repeat(13),
    '1 '.repeat(100),
    'd',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(BadArgument);
  });

  it('reads the same seconds as fail2ban', () => {
    const unit = fc.constantFrom(
      's',
      'sec',
      'seconds',
      'm',
      'min',
      'minutes',
      'h',
      'hour',
      'hours',
      'd',
      'days',
      'w',
      'week',
    );
    const longUnit = fc.constantFrom('mo', 'month', 'months', 'y', 'year', 'years', 'Mo', 'H', 'D');
    const part = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.oneof(unit, longUnit))
      .map(([count, name]) => `${count}${name}`);
    const text = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
    const texts = fc.sample(
      text.filter((each) => (each.match(/y/g)?.length ?? 0) < 2),
      { numRuns: 300, seed: 7 },
    );
    expect(texts.map(parseDuration)).toEqual(secondsByFail2ban(texts).map(Math.round));
  });

  it('reads what formatDuration writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(-1), fc.nat(100_000), fc.integer({ min: 0, max: MAX_DURATION_SECONDS })),
        (seconds) => {
          expect(parseDuration(formatDuration(seconds))).toBe(seconds);
        },
      ),
    );
  });

  it('takes any text without throwing anything but its own error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789.smhdwoy -+*e'.split(/(?:)/)), maxLength: 120 }),
        (text) => {
          try {
            expect(Number.isInteger(parseDuration(text))).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(BadArgument);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [-1, '-1'],
    [0, '0s'],
    [45, '45s'],
    [5400, '1h 30m'],
    [108_000, '1d 6h'],
    [1_209_600, '2w'],
  ])('writes %d as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
