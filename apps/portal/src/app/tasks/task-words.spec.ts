import { type TaskSchedule } from '../api/generated/models';
import { cronFaultWords, resultWords, scheduleWords, taskTitle, tookWords } from './task-words';

const cron = (text: string): TaskSchedule => ({ kind: 'cron', cron: text, everySeconds: null });
const every = (seconds: number): TaskSchedule => ({ kind: 'interval', cron: null, everySeconds: seconds });

describe('scheduleWords', () => {
  it.each([
    [every(60), 'every minute'],
    [every(3600), 'every hour'],
    [every(5400), 'every 1 h 30 min'],
    [every(86_400), 'every day'],
    [cron('* * * * *'), 'every minute'],
    [cron('*/15 * * * *'), 'every 15 min'],
    [cron('*/7 * * * *'), 'by cron */7 * * * *, in UTC'],
    [cron('5 * * * *'), 'every hour at minute 5'],
    [cron('40 3 * * *'), 'every day at 03:40 UTC'],
    [cron('40 3 * * 0'), 'every Sunday at 03:40 UTC'],
    [cron('40 3 * * 7'), 'every Sunday at 03:40 UTC'],
    [cron('40 3 1 * *'), 'on day 1 of every month at 03:40 UTC'],
    [cron('40 3 1 6 *'), 'by cron 40 3 1 6 *, in UTC'],
    [{ kind: 'continuous', cron: null, everySeconds: null } as const, 'all the time'],
  ])('says %o as %s', (schedule, words) => {
    expect(scheduleWords(schedule)).toBe(words);
  });
});

describe('the words of a task', () => {
  it('names a task that this portal does not know as the API does', () => {
    expect([taskTitle({ id: 'new_one', title: 'Do it' }), taskTitle({ id: 'new_one' })]).toEqual(['Do it', 'new_one']);
  });

  it('says what is wrong with a field of a cron expression', () => {
    expect(cronFaultWords({ kind: 'field', field: 1 })).toBe(
      'The hour must be made of the numbers 0 to 23 and * , - /',
    );
  });

  it('says what a run did and how long it took', () => {
    expect([resultWords({ removed: 1200, other: 1 }), resultWords(null)]).toEqual(['1,200 removed, 1 other', '']);
    expect([resultWords({ days: 1 }), resultWords({ days: 2, events: 1 })]).toEqual([
      '1 day',
      '2 days, 1 event removed',
    ]);
    expect([tookWords(12), tookWords(61_000)]).toEqual(['12 ms', '1 min 1 s']);
  });
});
