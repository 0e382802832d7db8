import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { FenceLost } from './fence.ts';

describe.each(databaseKinds)('a fenced task on %s', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase(kind);
  });
  afterAll(() => test.close());
  beforeEach(() =>
    test.database.write(async (manager) => {
      await manager.query('UPDATE scheduler_fence SET token = 5');
      await manager.query('DELETE FROM task');
    }),
  );

  /** Longer than this process is ever kept from going on in the middle of a transaction. */
  const maxPauseMs = 60_000;
  const insert = `INSERT INTO task (id) VALUES ('written')`;
  const writes: Readonly<Record<'write' | 'writeInBackground', () => Promise<unknown>>> = {
    write: () => test.database.write((manager) => manager.query(insert)),
    writeInBackground: () => test.database.writeInBackground((sql) => sql.query(insert)),
  };
  const rows = async (): Promise<number> => (await test.database.read.query<unknown[]>('SELECT id FROM task')).length;

  it.each(['write', 'writeInBackground'] as const)('writes by %s with the highest token', async (how) => {
    await test.database.fenced({ token: 5, maxPauseMs }, writes[how]);
    expect(await rows()).toBe(1);
  });

  it.each(['write', 'writeInBackground'] as const)('writes nothing by %s once there is a higher one', async (how) => {
    const late = test.database.fenced({ token: 4, maxPauseMs }, writes[how]);
    await expect(late).rejects.toBeInstanceOf(FenceLost);
    expect(await rows()).toBe(0);
  });

  it('is guarded however deep in it the transaction begins, and nobody else is', async () => {
    const deep = async (): Promise<unknown> => {
      await Promise.resolve();
      return writes.write();
    };
    const [inside, outside] = await Promise.allSettled([
      test.database.fenced({ token: 4, maxPauseMs }, deep),
      writes.write(),
    ]);
    expect([inside.status, outside.status]).toEqual(['rejected', 'fulfilled']);
  });
});

describe('a holder that stops in the middle of a transaction on postgres', () => {
  it('does not keep the next one waiting', async () => {
    const test = await testDatabase('postgres');
    const { database } = test;
    try {
      const frozen = database.fenced({ token: 1, maxPauseMs: 200 }, () =>
        database.write(async (manager) => {
          // Waits for the row of the fence, which this transaction holds until the server ends it.
          await database.read.query('UPDATE scheduler_fence SET token = 2');
          await manager.query(`INSERT INTO task (id) VALUES ('too late')`);
        }),
      );
      await expect(frozen).rejects.toThrow();
      expect(await database.read.query('SELECT id FROM task')).toEqual([]);
    } finally {
      await test.close();
    }
  });
});
