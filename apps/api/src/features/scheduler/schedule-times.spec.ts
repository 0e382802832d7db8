import { describe, expect, it } from 'vitest';
import { DueTimes, isCron, nextDue, readSchedule } from './schedule-times.ts';

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

describe('due times', () => {
  const hourly = { kind: 'cron', expression: '5 * * * *' } as const;
  const today = (time: string): number => at(`2026-03-01T${time}:00Z`);

  it('are those of the schedule, whether found before or not', () => {
    const times = new DueTimes();
    for (const time of ['10:00', '10:04', '10:05', '10:06', '10:01', '09:00', '12:30']) {
      expect(times.nextDue('a', hourly, today(time))).toBe(nextDue(hourly, today(time)));
    }
  });

  it('are kept apart by task and by expression', () => {
    const times = new DueTimes();
    expect(times.nextDue('a', hourly, today('10:00'))).toBe(today('10:05'));
    expect(times.nextDue('a', { kind: 'cron', expression: '10 * * * *' }, today('10:00'))).toBe(today('10:10'));
    expect(times.nextDue('b', hourly, today('10:00'))).toBe(today('10:05'));
    expect(times.nextDue('b', { kind: 'interval', everyMs: 60_000 }, today('10:00'))).toBe(today('10:01'));
    expect(times.nextDue('b', { kind: 'continuous' }, today('10:00'))).toBeNull();
  });
});
