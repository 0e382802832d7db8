import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { databaseKinds, emptyDatabase, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { entities } from '../../app.module.ts';
import { openDatabase } from './open-database.ts';

interface Row {
  readonly n: number;
}

describe.each(databaseKinds)('the database on %s', (kind) => {
  let test: TestDatabase;
  const count = async () => Number((await test.database.read.query<Row[]>('SELECT count(*) AS n FROM note'))[0]?.n);
  const add = (text: string) => test.database.write((manager) => manager.query(`INSERT INTO note VALUES ('${text}')`));
  beforeEach(async () => {
    test = await testDatabase(kind);
    await test.database.write((manager) => manager.query('CREATE TABLE note (text varchar(10) PRIMARY KEY)'));
  });
  afterEach(() => test.close());

  it('has exactly the tables that the entities describe', async () => {
    const wanted = await test.database.read.driver.createSchemaBuilder().log();
    expect(wanted.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('keeps what a finished write did and nothing of a failed one', async () => {
    await add('kept');
    await expect(
      test.database.write(async (manager) => {
        await manager.query("INSERT INTO note VALUES ('lost')");
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await count()).toBe(1);
  });

  it('runs many writes at once one after the other, a failing one among them', async () => {
    const outcomes = await Promise.allSettled(['a', 'b', 'a', 'c'].map((text) => add(text)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await count()).toBe(3);
  });

  it('does not show readers what is not committed yet', async () => {
    await test.database.write(async (manager) => {
      await manager.query("INSERT INTO note VALUES ('new')");
      expect(await count()).toBe(0);
    });
    expect(await count()).toBe(1);
  });

  it('refuses a write inside a write instead of waiting for ever', async () => {
    await expect(test.database.write(() => add('inner'))).rejects.toThrow('inside Database.write');
    await add('after');
    expect(await count()).toBe(1);
  });

  it('lets saves of entities take part in the transaction', async () => {
    await expect(
      test.database.write(async (manager) => {
        await manager.transaction((nested) => nested.query("INSERT INTO note VALUES ('nested')"));
        throw new Error('outer');
      }),
    ).rejects.toThrow('outer');
    expect(await count()).toBe(0);
  });
});

describe.each(databaseKinds)('migrations on %s', (kind) => {
  it('run once, and not again at the next start', async () => {
    const empty = await emptyDatabase(kind);
    const names = async () => {
      const database = await openDatabase(empty, entities);
      const rows: { id: number; name: string }[] = await database.read.query(
        'SELECT id, name FROM migration ORDER BY id',
      );
      await database.close();
      return rows.map(({ id, name }) => `${id} ${name}`);
    };
    const first = await names();
    expect(first.length).toBeGreaterThan(0);
    expect(await names()).toEqual(first);
    await empty.remove();
  });

  it('refuse a schema that a newer BanGUI made, and change nothing', async () => {
    const empty = await emptyDatabase(kind);
    const database = await openDatabase(empty, entities);
    await database.write((manager) =>
      manager.query(`INSERT INTO migration (timestamp, name) VALUES (9999999999999, 'Future9999999999999')`),
    );
    await database.close();
    await expect(openDatabase(empty, entities)).rejects.toThrow('newer BanGUI (Future9999999999999)');
    await empty.remove();
  });
});

describe('an SQLite database', () => {
  it('reads through a connection that cannot write', async () => {
    const test = await testDatabase('sqlite');
    await expect(test.database.read.query('DELETE FROM session')).rejects.toThrow(/readonly/);
    await test.close();
  });

  it('keeps a write-ahead log, so that reading goes on while it is written', async () => {
    const test = await testDatabase('sqlite');
    expect(await test.database.read.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    await test.close();
  });

  it('that is new and that another process has just begun to write is waited for', async () => {
    const empty = await emptyDatabase('sqlite');
    const other = new BetterSqlite(empty.databasePath);
    other.exec('BEGIN IMMEDIATE');
    const asked = vi.spyOn(BetterSqlite.prototype, 'pragma');
    try {
      const opening = openDatabase(empty, entities);
      await expect.poll(() => asked).toHaveBeenCalledWith('journal_mode = WAL');
      other.close();
      const database = await opening;
      expect(await database.read.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
      await database.close();
    } finally {
      asked.mockRestore();
      other.close();
      await empty.remove();
    }
  });
});

describe('a PostgreSQL database', () => {
  it('is told by each of its connections that statements are short', async () => {
    const test = await testDatabase('postgres');
    const settings = await Promise.all(
      Array.from({ length: 5 }, () =>
        test.database.read.query(
          `SELECT current_setting('max_parallel_workers_per_gather') AS helpers, current_setting('jit') AS jit FROM pg_sleep(0.01)`,
        ),
      ),
    );
    expect(settings).toEqual(Array.from({ length: 5 }, () => [{ helpers: '0', jit: 'off' }]));
    await test.close();
  });
});
