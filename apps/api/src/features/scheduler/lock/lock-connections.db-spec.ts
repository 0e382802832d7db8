import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownIdentity } from '../../../core/instances/process-identity.ts';
import { DatabaseLock } from './database-lock.ts';
import { type LockConnection, sqliteConnection } from './lock-connections.ts';
import { LockTimeout } from './scheduler-lock.ts';
import { kernelMonotonic } from './open-lock.ts';
import { Bystander } from './testing/bystander.ts';
import { emptyDatabase, type EmptyDatabase } from '../../../../test/test-database.ts';
import { entities } from '../../../app.module.ts';
import { type Database } from '../../../core/database/database.ts';
import { openDatabase } from '../../../core/database/open-database.ts';

const limitMs = 2_000;
const renewals = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 1) > 10 ? 1_000 : 60;

describe('the SQLite connection of the lock', () => {
  let empty: EmptyDatabase;
  let database: Database;
  let connection: LockConnection;
  let bystander: Bystander;
  beforeEach(async () => {
    empty = await emptyDatabase('sqlite');
    database = await openDatabase(empty, entities);
    connection = await sqliteConnection(empty.databasePath, limitMs);
    bystander = new Bystander(empty.databasePath);
  });
  afterEach(async () => {
    await bystander.end();
    await connection.close();
    await database.close();
    await empty.remove();
  });

  const renew = (): Promise<unknown> => connection.query('UPDATE scheduler_lock SET heartbeat_at = 0 RETURNING token');

  it('waits for another writer, without relying on SQLite to do so', async () => {
    expect(await connection.query('PRAGMA busy_timeout')).toEqual([{ timeout: 0 }]);
    await bystander.holdFor(300);
    await renew();
  });

  it('gives up when its time is over, not before', async () => {
    // Until it is ended: on a busy machine it may have begun long before the next line.
    await bystander.holdFor(60_000);
    const beganAt = performance.now();
    await expect(renew()).rejects.toBeInstanceOf(LockTimeout);
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(limitMs);
  });

  it('never keeps a transaction open, in which SQLite would refuse a write at once instead of waiting', async () => {
    const lock = new DatabaseLock(connection, {
      kind: 'sqlite',
      own: ownIdentity(),
      ttlMs: 60_000,
      monotonic: kernelMonotonic,
      isGone: () => false,
    });
    const acquired = await lock.acquire();
    if (acquired.kind !== 'acquired') throw new Error('Somebody else has the lock of a new database.');
    for (const step of [() => lock.read(), () => lock.renew(acquired.token), () => lock.release(acquired.token)]) {
      await step();
      // Another writer in between: with a snapshot from before it the next write would be SQLITE_BUSY_SNAPSHOT.
      await bystander.write();
      await renew();
    }
  });

  it('gets its turn beside a writer that has the next transaction ready', { timeout: 120_000 }, async () => {
    await bystander.writeOn();
    const tookMs: number[] = [];
    for (let renewal = 0; renewal < renewals; renewal += 1) {
      const beganAt = performance.now();
      // Rejects with LockTimeout if SQLite gave up.
      await renew();
      tookMs.push(performance.now() - beganAt);
      // The writer is in a thread of its own and its next transaction must have begun.
      await bystander.turn();
    }
    console.log(`${renewals} renewals beside a writer, longest ${Math.round(Math.max(...tookMs))} ms`);
    expect(tookMs.filter((ms) => ms > 5)).not.toHaveLength(0);
  });
});
