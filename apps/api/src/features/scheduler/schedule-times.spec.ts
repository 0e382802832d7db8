import { describe, expect, it } from 'vitest';
import { isCron, nextDue, readSchedule } from './schedule-times.ts';

const at = (text: string): number => Date.parse(text);

describe('isCron', () => {
  it.each(['17 * * * *', '*/5 0-6 1,15 * 0', '40 3 1 * *', '0 0 29 2 *'])('takes %s', (text) => {
    expect(isCron(text)).toBe(true);
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '0 0 * JAN *',
    '@daily',
    '0 0 32 * *',
    '* '.repeat(200),
    '0 0 * * *\n',
  ])('refuses %j', (text) => {
    expect(isCron(text)).toBe(false);
  });

  it('refuses a day that never comes', () => {
    expect(isCron('0 0 30 2 *')).toBe(false);
  });
});

describe('nextDue', () => {
  it('is the next time of a cron expression in UTC', () => {
    const schedule = { kind: 'cron', expression: '17 * * * *' } as const;
    expect(nextDue(schedule, at('2026-03-29T00:17:00Z'))).toBe(at('2026-03-29T01:17:00Z'));
    expect(nextDue(schedule, at('2026-03-29T00:16:59Z'))).toBe(at('2026-03-29T00:17:00Z'));
  });

  it('is an interval after the last begin', () => {
    expect(nextDue({ kind: 'interval', everyMs: 60_000 }, 1_000)).toBe(61_000);
  });

  it('is never for what always runs', () => {
    expect(nextDue({ kind: 'continuous' }, 0)).toBeNull();
  });
});

describe('readSchedule', () => {
  it('reads back what was stored and nothing else', () => {
    const cron = { kind: 'cron', expression: '0 4 * * *' };
    const interval = { kind: 'interval', everyMs: 60_000 };
    expect([cron, interval].map(readSchedule)).toEqual([cron, interval]);
    for (const other of [null, 'cron', {}, { kind: 'cron', expression: '@reboot' }, { kind: 'interval', everyMs: 0 }]) {
      expect(readSchedule(other)).toBeUndefined();
    }
  });
});
