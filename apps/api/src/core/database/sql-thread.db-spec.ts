import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { SqlThread } from './sql-thread.ts';

describe.each(databaseKinds)('long statements on %s', (kind) => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await testDatabase(kind);
    await test.database.writeInBackground((sql) =>
      sql.query('CREATE TABLE note (text varchar(10) PRIMARY KEY, n bigint)'),
    );
  });
  afterEach(() => test.close());
  const count = async (): Promise<number | undefined> =>
    (await test.database.reports.query<{ n: number }>('SELECT count(*) AS n FROM note'))[0]?.n;

  it('take parameters by number and give numbers, null and bytes back', async () => {
    await test.database.writeInBackground((sql) =>
      sql.query('INSERT INTO note VALUES ($2, $1), ($3, NULL)', [1_763_800_000_000, 'a', 'b']),
    );
    expect(await test.database.reports.query('SELECT text, n FROM note ORDER BY text DESC LIMIT $1', [2])).toEqual([
      { text: 'b', n: null },
      { text: 'a', n: 1_763_800_000_000 },
    ]);
    const bytes = kind === 'sqlite' ? '$1' : 'CAST($1 AS bytea)';
    const [row] = await test.database.reports.query<{ b: Uint8Array }>(`SELECT ${bytes} AS b`, [
      new Uint8Array([0, 255]),
    ]);
    expect([...(row?.b ?? [])]).toEqual([0, 255]);
  });

  it('run once for each row where that is quicker, and say which were inserted', async () => {
    const ids = await test.database.writeInBackground(async (sql) => {
      await sql.query(`INSERT INTO note VALUES ('b', 7)`);
      const rows = [
        ['a', 1_763_800_000_000],
        ['b', 2],
        ['c', null],
      ];
      return sql.insertEach?.('INSERT INTO note VALUES (?, ?) ON CONFLICT (text) DO NOTHING', rows);
    });
    expect(ids).toEqual(kind === 'postgres' ? undefined : [2, 0, 3]);
    if (kind === 'postgres') return;
    expect(await test.database.reports.query('SELECT text, n, typeof(n) AS type FROM note ORDER BY text')).toEqual([
      { text: 'a', n: 1_763_800_000_000, type: 'integer' },
      { text: 'b', n: 7, type: 'integer' },
      { text: 'c', n: null, type: 'null' },
    ]);
    // The thread goes on after a statement that fails.
    await expect(
      test.database.writeInBackground(
        (sql) => sql.insertEach?.('INSERT INTO note VALUES (?)', [['x']]) ?? sql.query(''),
      ),
    ).rejects.toThrow(/2 columns/);
    expect(await count()).toBe(3);
  });

  it('carry large arrays there and back, and leave the sender its own', async () => {
    const large = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251);
    const bytes = kind === 'sqlite' ? '$1' : 'CAST($1 AS bytea)';
    for (let round = 1; round <= 3; round += 1) {
      const [row] = await test.database.reports.query<{ b: Uint8Array }>(`SELECT ${bytes} AS b`, [large]);
      expect(Buffer.compare(row?.b ?? new Uint8Array(), large)).toBe(0);
    }
    expect(large.byteLength).toBe(3_000_000);
  });

  it('are rolled back when the work fails, and the next one goes on', async () => {
    await expect(
      test.database.writeInBackground(async (sql) => {
        await sql.query(`INSERT INTO note VALUES ('lost', 1)`);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(
      test.database.writeInBackground(async (sql) => {
        await sql.query(`INSERT INTO note VALUES ('lost', 1)`);
        await sql.query(`INSERT INTO note VALUES ('lost', 2)`);
      }),
    ).rejects.toThrow(/unique/i);
    await test.database.writeInBackground((sql) => sql.query(`INSERT INTO note VALUES ('kept', 1)`));
    expect(await count()).toBe(1);
  });

  it('wait for their turn among all other writes', async () => {
    const order: string[] = [];
    const done = [1, 2, 3].flatMap((n) => [
      test.database.write(async (manager) => {
        await manager.query(`INSERT INTO note VALUES ('m${n}', ${n})`);
        order.push(`m${n}`);
      }),
      test.database.writeInBackground(async (sql) => {
        await sql.query(`INSERT INTO note VALUES ('b${n}', ${n})`);
        order.push(`b${n}`);
      }),
    ]);
    await Promise.all(done);
    expect(order).toEqual(['m1', 'b1', 'm2', 'b2', 'm3', 'b3']);
    expect(await count()).toBe(6);
  });

  it('refuse a write inside a write instead of waiting for ever', async () => {
    await expect(
      test.database.writeInBackground(() => test.database.writeInBackground((sql) => sql.query('SELECT 1'))),
    ).rejects.toThrow('inside Database.write');
  });

  it('let this thread go on meanwhile', async () => {
    // Both need about a tenth of a second and more.
    const long =
      kind === 'sqlite'
        ? 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000) SELECT count(*) AS n FROM c'
        : 'SELECT count(*) AS n FROM generate_series(1, 1000000)';
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await test.database.reports.query(long)).toEqual([{ n: 1_000_000 }]);
    isDone = true;
    expect(turns).toBeGreaterThan(100);
  });

  it('are refused once the database is closed, and the last one before is done', async () => {
    const { database } = test;
    const last = database.writeInBackground((sql) => sql.query(`INSERT INTO note VALUES ('last', 1) RETURNING n`));
    const closed = test.database.close();
    await expect(database.writeInBackground((sql) => sql.query('SELECT 1'))).rejects.toThrow('closed');
    await expect(database.write((manager) => manager.query('SELECT 1'))).rejects.toThrow('closed');
    await closed;
    await expect(database.reports.query('SELECT 1')).rejects.toThrow(/closed|not connected/i);
    expect(await last).toMatchObject([{ n: 1 }]);
  });
});

describe('the SQLite thread for writing', () => {
  it('leaves nothing of a transaction in which it ends, and the next one begins anew', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bangui-thread-'));
    const path = join(dir, 'some.sqlite3');
    await writeFile(path, '');
    const thread = new SqlThread({ path, busyTimeoutMs: 1_000, isReadOnly: false });
    await thread.query('CREATE TABLE note (text text)');
    await expect(
      thread.transaction(async (sql) => {
        await sql.query(`INSERT INTO note VALUES ('before')`);
        // As one that has no memory left.
        const worker: unknown = Reflect.get(thread, 'worker');
        if (!(worker instanceof Worker)) throw new Error('there is no thread');
        const ended = worker.terminate();
        // Nobody answers it any more; one that was asked before may just have been answered.
        const running = sql.query('SELECT 1').catch(String);
        await ended;
        expect(await running).toContain('thread ended');
        return sql.query(`INSERT INTO note VALUES ('after')`);
      }),
    ).rejects.toThrow('in the middle of a transaction');
    await thread.transaction((sql) => sql.query(`INSERT INTO note VALUES ('next')`));
    expect(await thread.query('SELECT text FROM note')).toEqual([{ text: 'next' }]);
    await thread.close();
    await rm(dir, { recursive: true, force: true });
  });
});

describe('the SQLite thread for reading', () => {
  it('cannot write', async () => {
    const test = await testDatabase('sqlite');
    await expect(test.database.reports.query('DELETE FROM session')).rejects.toThrow(/readonly/);
    await test.close();
  });
});
