import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedLock } from './bounded-lock.ts';
import { LockKeeper, type LockReport } from './lock-keeper.ts';
import { type SchedulerLock } from './scheduler-lock.ts';

const limitMs = 5_000;
const ttlMs = 60_000;
const maxTickAgeMs = 30_000;

// Only a lock whose answers are chosen can fail to answer for exactly as long as is asked about.
describe('the keeper of the lock', () => {
  let reports: LockReport[];
  let tickAge: number;
  let renew: () => Promise<boolean>;
  let keeper: LockKeeper;

  beforeEach(async () => {
    vi.useFakeTimers();
    reports = [];
    tickAge = 0;
    const lock: SchedulerLock = {
      acquire: () => Promise.resolve({ kind: 'acquired', token: 7 }),
      renew: () => renew(),
      release: () => Promise.resolve(),
      read: () => Promise.resolve(undefined),
      close: () => Promise.resolve(),
    };
    const options = { ttlMs, maxTickAgeMs, monotonic: () => performance.now(), tickAge: () => tickAge };
    keeper = new LockKeeper(new BoundedLock(lock, limitMs), options, (report) => reports.push(report));
    await keeper.turn();
    expect(reports.splice(0)).toEqual([{ kind: 'acquired', token: 7 }]);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives up a renewal without an answer after its limit, and loses the lock only after the time to live', async () => {
    renew = () => new Promise(() => {});
    for (let passed = limitMs; passed < ttlMs; passed += limitMs) {
      const turn = keeper.turn();
      await vi.advanceTimersByTimeAsync(limitMs - 1);
      expect(reports).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await turn;
      expect(reports.splice(0)).toEqual([{ kind: 'timeout', token: 7, durationMs: limitMs }]);
      expect(keeper.token).toBe(7);
    }
    const turn = keeper.turn();
    await vi.advanceTimersByTimeAsync(limitMs);
    await turn;
    expect(reports).toEqual([
      { kind: 'timeout', token: 7, durationMs: limitMs },
      { kind: 'lost', token: 7, reason: 'expired' },
    ]);
    expect(keeper.token).toBeUndefined();
  });

  it('tells a renewal that failed from one without an answer, and goes on with the next', async () => {
    renew = () => Promise.reject(new Error('database is locked'));
    await keeper.turn();
    expect(reports.splice(0)).toMatchObject([{ kind: 'failed', token: 7, reason: 'database is locked' }]);
    renew = () => Promise.resolve(true);
    await keeper.turn();
    expect(reports).toMatchObject([{ kind: 'updated', token: 7 }]);
  });

  it('loses at once a lock that is gone or taken', async () => {
    renew = () => Promise.resolve(false);
    await keeper.turn();
    expect(reports).toEqual([{ kind: 'lost', token: 7, reason: 'gone-or-taken' }]);
  });

  it('renews nothing for a main thread that hangs for longer than it may', async () => {
    const asked = vi.fn(() => Promise.resolve(true));
    renew = asked;
    tickAge = maxTickAgeMs;
    await keeper.turn();
    expect(asked).toHaveBeenCalledTimes(1);
    tickAge = maxTickAgeMs + 1_000;
    await keeper.turn();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(reports.at(-1)).toMatchObject({ kind: 'failed', reason: 'The main thread has not ticked for 31 s.' });
  });
});
