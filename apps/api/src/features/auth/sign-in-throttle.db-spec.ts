import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../../test/test-clock.ts';
import { databaseKinds, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { TooManyAttempts } from './auth.errors.ts';
import { SignInCountsRepository } from './sign-in-counts.repository.ts';
import { SignInThrottle } from './sign-in-throttle.ts';

describe.each(databaseKinds)('SignInThrottle on %s', (kind) => {
  let test: TestDatabase;
  let clock: TestClock;
  let instances: SignInThrottle[];
  beforeEach(async () => {
    test = await testDatabase(kind);
    clock = new TestClock();
    instances = [1, 2].map(() => new SignInThrottle(new SignInCountsRepository(test.database, clock)));
  });
  afterEach(() => test.close());

  const attempt = async (address: string, username: string, instance = 0) =>
    instances[instance]?.attempt(address, username);
  const rows = () => test.database.read.query<{ key: string; points: number }[]>('SELECT * FROM sign_in_count');
  /** Lets the counts be over, whosever clock they go by. */
  const expire = () =>
    test.database.write((manager) => manager.query('UPDATE sign_in_count SET ends_at = ends_at - 300001'));

  it('counts what all instances see, at the same time too, and not one more', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 25 }, (_, n) => attempt('192.0.2.1', `user${n}`, n % 2)),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(15);
    for (const outcome of refused) expect(outcome).toMatchObject({ reason: expect.any(TooManyAttempts) as unknown });
  });

  it('counts an account from anywhere, but not for an address it is used from', async () => {
    await attempt('198.51.100.1', 'admin');
    await instances[0]?.succeeded('198.51.100.1', 'Admin');
    for (let n = 0; n < 30; n += 1) await attempt(`203.0.113.${n}`, 'ADMIN', n % 2);
    await expect(attempt('203.0.113.99', 'admin', 1)).rejects.toThrow(TooManyAttempts);
    await expect(attempt('198.51.100.1', 'admin', 1)).resolves.toBeUndefined();
  });

  it('gives a right attempt back', async () => {
    for (let n = 0; n < 40; n += 1) {
      await attempt('2001:db8::1', 'admin', n % 2);
      await instances[n % 2]?.succeeded('2001:db8::2', 'admin');
    }
    expect((await rows()).map(({ points }) => points)).toEqual([0, 0, 0]);
  });

  it('begins anew when the time is over, and forgets', async () => {
    for (let n = 0; n < 11; n += 1) await attempt('192.0.2.1', `user${n}`).catch(() => undefined);
    await expire();
    await expect(attempt('192.0.2.1', 'admin')).resolves.toBeUndefined();
    await expire();
    // At most once a minute; another instance has a minute of its own.
    await attempt('192.0.2.2', 'other', 1);
    expect(await rows()).toHaveLength(2);
  });

  it('keeps no name and no address as text', async () => {
    await attempt('192.0.2.1', 'correct horse battery');
    const kept = await rows();
    expect(kept).toHaveLength(2);
    for (const { key } of kept) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
});
