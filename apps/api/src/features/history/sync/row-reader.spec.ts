import { randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseUnreadable, Fail2banDatabase } from './fail2ban-database.ts';
import { type RowCursor, RowReader } from './row-reader.ts';

describe("the reader of fail2ban's database", () => {
  let dir: string;
  let path: string;
  let writer: SqliteDatabase.Database;
  let database: Fail2banDatabase;
  let reader: RowReader;
  let cursor: RowCursor | null;

  const create = (file: string): SqliteDatabase.Database => {
    const made = new SqliteDatabase(file);
    made.pragma('synchronous = OFF');
    made.pragma('journal_mode = MEMORY');
    made.exec(`CREATE TABLE bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL,
        bancount INTEGER NOT NULL DEFAULT 1, data JSON);
      CREATE TABLE bips(ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL,
        bancount INTEGER NOT NULL DEFAULT 1, data JSON, PRIMARY KEY(ip, jail));`);
    return made;
  };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'bangui-rows-'));
    path = join(dir, `${randomUUID()}.sqlite3`);
    writer = create(path);
    database = new Fail2banDatabase();
    reader = new RowReader(database);
    cursor = null;
  });
  afterEach(async () => {
    await database.beforeApplicationShutdown();
    writer.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const insert = (address: string, at: number, data = '{}') =>
    writer.prepare("INSERT INTO bans VALUES('web', ?, ?, 600, 1, ?)").run(address, at, data);
  const remove = (address: string) => writer.prepare('DELETE FROM bans WHERE ip = ?').run(address);
  /** Everything that is new. */
  const read = async (): Promise<string[]> => {
    const found: string[] = [];
    for (;;) {
      const page = await reader.next(path, cursor);
      cursor = page.cursor;
      found.push(...page.rows.map(({ address, failedAt }) => `${address} ${failedAt}`));
      if (page.isAtEnd) return found;
    }
  };

  it('reads each row once', async () => {
    for (let last = 1; last <= 2_500; last += 1) insert(`10.0.${last >> 8}.${last & 255}`, 1_000 + last);
    expect(await read()).toHaveLength(2_500);
    expect(await read()).toEqual([]);
    insert('192.0.2.1', 9_000);
    expect(await read()).toEqual(['192.0.2.1 9000']);
  });

  it('notices a row that has got the number of a deleted one', async () => {
    insert('192.0.2.1', 1);
    insert('192.0.2.2', 2);
    await read();
    remove('192.0.2.2');
    insert('192.0.2.3', 3);
    expect(await read()).toEqual(['192.0.2.3 3']);
  });

  it('goes on behind the last row that is still the same', async () => {
    for (let last = 1; last <= 100; last += 1) insert(`192.0.2.${last}`, last);
    await read();
    for (let last = 60; last <= 100; last += 1) remove(`192.0.2.${last}`);
    insert('198.51.100.1', 200);
    expect(await read()).toEqual(['198.51.100.1 200']);
  });

  it('begins anew when nothing of what it knew is left, as after a purge or in another file', async () => {
    insert('192.0.2.1', 1);
    await read();
    remove('192.0.2.1');
    insert('192.0.2.2', 2);
    expect(await read()).toEqual(['192.0.2.2 2']);
    const other = create(`${path}.new`);
    other.prepare("INSERT INTO bans VALUES('web', '192.0.2.9', 9, 600, 1, '{}')").run();
    other.close();
    renameSync(`${path}.new`, path);
    expect(await read()).toEqual(['192.0.2.9 9']);
  });

  it('gives what there is of an address, also what is kept of its last ban', async () => {
    insert('192.0.2.1', 1);
    insert('192.0.2.1', 2, '{"matches":["x"],"failures":3}');
    writer.prepare("INSERT INTO bips VALUES('192.0.2.1', 'web', 2, 600, 2, '{}')").run();
    const [found, none] = await database.rowsOf(path, [
      { jail: 'web', address: '192.0.2.1' },
      { jail: 'ssh', address: '192.0.2.1' },
    ]);
    expect(found?.rows.map(({ failedAt, failures }) => [failedAt, failures])).toEqual([
      [2, 3],
      [1, 0],
    ]);
    expect(found?.last?.failedAt).toBe(2);
    expect(none).toEqual({ rows: [], last: null });
  });

  it('reads long data by itself, and leaves nothing open that would keep fail2ban from writing', async () => {
    insert('192.0.2.1', 1, JSON.stringify({ matches: ['x'.repeat(1_000_000)] }));
    const page = await reader.next(path, null);
    expect(page.rows[0]?.matches).toBe(`["${'x'.repeat(8_192)}… (8 more characters)"]`);
    writer.pragma('busy_timeout = 0');
    expect(() => writer.exec('BEGIN EXCLUSIVE; COMMIT')).not.toThrow();
  });

  it('says why a database cannot be read', async () => {
    await expect(reader.next(join(dir, 'absent'), null)).rejects.toMatchObject({ code: 'ENOENT' });
    writer.exec('DROP TABLE bans');
    await expect(reader.next(path, null)).rejects.toThrow(DatabaseUnreadable);
  });
});
