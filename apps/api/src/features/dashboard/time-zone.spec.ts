import { describe, expect, it } from 'vitest';
import { TimeZone } from './time-zone.ts';
import { planTrend } from './trend-plan.ts';

function zone(name: string): TimeZone {
  const found = TimeZone.of(name);
  if (!found) throw new Error(name);
  return found;
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

describe('a time zone', () => {
  it.each(['Nowhere/City', '', '../../etc/passwd', 'Europe/Berlin\0', '<b>'])('is not known as %j', (name) => {
    expect(TimeZone.of(name)).toBeUndefined();
  });

  it.each([
    ['UTC', '2026-08-15', '2026-08-15T00:00'],
    ['Europe/Berlin', '2026-08-15', '2026-08-14T22:00'],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00'],
    ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00'],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00'],
    ['Europe/Berlin', '2026-10-26', '2026-10-25T23:00'],
    ['Asia/Kolkata', '2026-08-15', '2026-08-14T18:30'],
    ['Asia/Kathmandu', '2026-08-15', '2026-08-14T18:15'],
    ['Pacific/Kiritimati', '2026-08-15', '2026-08-14T10:00'],
    ['Pacific/Pago_Pago', '2026-08-15', '2026-08-15T11:00'],
    // Clocks go from 23:59 to 01:00: the day begins at one.
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00'],
    // Clocks go from 23:59 back to 23:00: the day begins when they show midnight for good.
    ['America/Santiago', '2026-04-05', '2026-04-05T04:00'],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00'],
  ])('of %s begins the day %s at %s', (name, day, expected) => {
    expect(iso(zone(name).startOfDay(Date.parse(`${day}T00:00Z`)))).toBe(expected);
  });
});

it('knows the days of a year one by one', () => {
  for (const name of [
    'Europe/Berlin',
    'America/Santiago',
    'Africa/Casablanca',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ]) {
    const from = Date.parse('2026-01-10T12:00Z');
    const days = zone(name).daysBetween(from, from + 365 * 86_400_000);
    const first = Date.parse('2026-01-10T00:00Z');
    expect(days).toEqual(days.map((_, index) => zone(name).startOfDay(first + index * 86_400_000)));
    expect(days).toHaveLength(367);
  }
});

describe('the plan of a trend', () => {
  const at = Date.parse('2026-08-15T12:34:56Z');
  const hours = (n: number): number => n * 3_600_000;

  it.each([
    [1, 60, 61],
    [2, 60, 121],
    [6, 300, 73],
    [24, 900, 97],
    [24 * 7, 3_600, 169],
    [24 * 30, 86_400, 31],
    [24 * 365, 86_400, 366],
  ])('cuts %i hours into buckets of %i seconds', (length, step, count) => {
    const plan = planTrend(at - hours(length), at, zone('UTC'));
    expect(plan.step).toBe(step);
    expect(plan.boundaries).toHaveLength(count + 1);
    expect(plan.boundaries[0]).toBeLessThanOrEqual((at - hours(length)) / 1_000);
    expect(plan.boundaries.at(-1)).toBeGreaterThanOrEqual(at / 1_000);
    expect(plan.runs).toHaveLength(step === 86_400 ? 0 : 1);
    expect(plan.days.days).toHaveLength(step === 86_400 ? count - 2 : 0);
  });

  it.each([
    [2, 'UTC', 'rows'],
    [24, 'UTC', '15min'],
    [24 * 7, 'UTC', 'hour'],
    [24 * 7, 'Asia/Kolkata', '15min'],
  ])('reads %i hours in %s from %s', (length, name, source) => {
    expect(planTrend(at - hours(length), at, zone(name)).runs.map((run) => run.source)).toEqual([source]);
  });

  it('makes local days of days in UTC and what lies between the midnights', () => {
    const pieces = (name: string): (readonly [string, number, number])[] =>
      planTrend(at - hours(24 * 9), at, zone(name))
        .days.pieces.filter(({ slot }) => slot === 3)
        .map(({ grain, from, to, sign }) => [grain, (to - from) / 60, sign]);
    expect(pieces('UTC')).toEqual([]);
    expect(pieces('Europe/Berlin')).toEqual([['hour', 120, -1]]);
    expect(pieces('America/Los_Angeles')).toEqual([['hour', 420, 1]]);
    expect(pieces('Asia/Kolkata')).toEqual([
      ['15min', 30, -1],
      ['hour', 300, -1],
    ]);
    expect(pieces('Asia/Kathmandu')).toEqual([
      ['15min', 45, -1],
      ['hour', 300, -1],
    ]);
  });

  it.each(['Europe/Berlin', 'Pacific/Auckland', 'Pacific/Chatham', 'America/St_Johns', 'Pacific/Kiritimati'])(
    'adds up to the hours of each day of a year in %s',
    (name) => {
      const { boundaries, days } = planTrend(
        Date.parse('2026-01-01T00:00Z'),
        Date.parse('2027-01-01T00:00Z'),
        zone(name),
      );
      const between = (slot: number): number =>
        days.pieces
          .filter((piece) => piece.slot === slot)
          .reduce((sum, { from, to, sign }) => sum + sign * (to - from), 0);
      for (const { slot, from, to } of days.days) {
        const [start = 0, end = 0] = boundaries.slice(slot, slot + 2);
        expect([slot, to - from + between(slot + 1) - between(slot)]).toEqual([slot, end - start]);
      }
    },
  );
});
