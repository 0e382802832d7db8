import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LogsPage$Params } from '../api/generated/fn/logs/logs-page';
import { type LogPage } from '../api/generated/models';
import { LogTail, MOST_LINES } from './log-tail';

const line = (index: number): LogPage['lines'][number] => ({
  id: String(index),
  at: index,
  level: 'INFO',
  component: 'fail2ban.filter',
  jail: null,
  address: null,
  text: `line ${String(index)}`,
});
const lines = (from: number, count: number): LogPage['lines'] =>
  Array.from({ length: count }, (_, index) => line(from + index));
const page = (parts: Partial<LogPage>): LogPage => ({
  place: { kind: 'file', target: '/log', reason: null },
  lines: [],
  older: null,
  newer: 'n0',
  hasMore: false,
  hasGap: false,
  scannedUntil: null,
  ...parts,
});

describe('LogTail', () => {
  let asked: LogsPage$Params[];
  let answers: (LogPage | Error)[];
  /** Looks whose answers take their time. */
  let waiting: PromiseWithResolvers<LogPage>[];
  let tail: LogTail;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    answers = [];
    waiting = [];
    tail = new LogTail((query) => {
      asked.push(query);
      const late = waiting.shift();
      if (late) return late.promise;
      const answer = answers.shift() ?? page({});
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
  });
  afterEach(() => {
    tail.end();
    vi.useRealTimers();
  });

  const ids = (): string[] => tail.lines().map(({ id }) => id);

  it('follows from where the last answer ended, at once when there is more', async () => {
    answers = [page({ lines: lines(1, 2), newer: 'a' }), page({ lines: lines(3, 1), newer: 'b', hasMore: true })];
    tail.restart({ jail: 'web' });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(ids()).toEqual(['1', '2', '3']);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.map(({ after, jail }) => [after, jail])).toEqual([
      [undefined, 'web'],
      ['a', 'web'],
      ['b', 'web'],
    ]);
  });

  it('asks nothing while it is paused, and goes on without a loss', async () => {
    answers = [page({ lines: lines(1, 1), newer: 'a' })];
    tail.restart({});
    await vi.advanceTimersByTimeAsync(0);
    tail.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    answers = [page({ lines: lines(2, 1), newer: 'b' })];
    tail.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked[1]?.after).toBe('a');
    expect(ids()).toEqual(['1', '2']);
  });

  it('brings no line twice when it is paused and goes on while it looks', async () => {
    answers = [page({ lines: lines(1, 1), newer: 'a' })];
    tail.restart({});
    await vi.advanceTimersByTimeAsync(0);
    const late = [1, 2].map(() => Promise.withResolvers<LogPage>());
    waiting = [...late];
    await vi.advanceTimersByTimeAsync(1_500);
    tail.pause();
    tail.resume();
    for (const { resolve } of late) resolve(page({ lines: lines(2, 1), newer: 'b' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(ids()).toEqual(['1', '2']);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(asked.map(({ after }) => after)).toEqual([undefined, 'a', 'a', 'b']);
  });

  it('keeps what it has when a look fails, and tries again', async () => {
    answers = [page({ lines: lines(1, 1), newer: 'a' }), new Error('x'), page({ lines: lines(2, 1) })];
    tail.restart({});
    await vi.advanceTimersByTimeAsync(1_500);
    expect(tail.problem()?.code).toBe('unexpected');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(tail.problem()).toBeNull();
    expect(ids()).toEqual(['1', '2']);
  });

  it('keeps no more lines than it may, and then offers none that stand before', async () => {
    answers = [page({ lines: lines(0, MOST_LINES), newer: 'a', older: 'o' }), page({ lines: lines(MOST_LINES, 10) })];
    tail.restart({});
    await vi.advanceTimersByTimeAsync(1_500);
    expect(ids()).toHaveLength(MOST_LINES);
    expect(ids().at(-1)).toBe(String(MOST_LINES + 9));
    expect([tail.hasDropped(), tail.hasOlder()]).toEqual([true, false]);
  });

  it('reads what stands before', async () => {
    answers = [page({ lines: lines(10, 2), newer: 'a', older: 'o' })];
    tail.restart({});
    await vi.advanceTimersByTimeAsync(0);
    answers = [page({ lines: lines(8, 2), older: null, newer: null })];
    await tail.readOlder();
    expect(asked[1]).toMatchObject({ before: 'o' });
    expect(ids()).toEqual(['8', '9', '10', '11']);
    expect(tail.hasOlder()).toBe(false);
  });

  it('drops an answer to filters that are no longer asked', async () => {
    answers = [page({ lines: lines(1, 1) }), page({ lines: lines(5, 1) })];
    tail.restart({ jail: 'web' });
    tail.restart({ jail: 'ssh' });
    await vi.advanceTimersByTimeAsync(0);
    expect(ids()).toEqual(['5']);
  });
});
