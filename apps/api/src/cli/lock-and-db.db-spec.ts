import { open, rm, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, emptyDatabase, type EmptyDatabase } from '../../test/test-database.ts';
import { entities } from '../app.module.ts';
import { type Database } from '../core/database/database.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { ownIdentity } from '../core/instances/process-identity.ts';
import { openLock } from '../features/scheduler/lock/open-lock.ts';
import { type Ran, runHere } from './testing/command.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let place: EmptyDatabase;
  let database: Database;

  const run = (...args: string[]): Promise<Ran> =>
    runHere(args, {
      BANGUI_DATABASE_PATH: place.databasePath,
      ...(place.databaseUrl !== undefined && {
        BANGUI_DATABASE_URL: place.databaseUrl,
        BANGUI_SECRET_KEY: 'a key of tests that is long enough',
      }),
    });
  /** Takes the lock as a process does, and leaves it. @returns its token */
  const take = async (change: { readonly processStart?: string } = {}): Promise<number> => {
    const lock = await openLock({
      own: { ...ownIdentity(), ...change },
      ...{ ttlMs: 60_000, limitMs: 5_000, redisUrl: undefined },
      ...{ sqlitePath: place.databasePath, postgresUrl: place.databaseUrl },
    });
    const got = await lock.acquire();
    await lock.close();
    if (got.kind !== 'acquired') throw new Error('The lock was not free.');
    return got.token;
  };
  const tokens = async (): Promise<number[]> =>
    (await database.read.query<{ token: number }[]>('SELECT token FROM scheduler_lock')).map(({ token }) => token);

  beforeEach(async () => {
    place = await emptyDatabase(kind);
    database = await openDatabase(place, entities);
  });
  afterEach(async () => {
    await database.close();
    await place.remove();
  });

  describe('bangui lock', () => {
    it('says that nobody holds it, and clears nothing', async () => {
      expect(await run('lock', 'show')).toMatchObject({ status: 0, out: expect.stringMatching(/^Nobody/) as unknown });
      expect(await run('lock', 'clear')).toMatchObject({ status: 0, told: '' });
      expect(JSON.parse((await run('lock', 'show', '--json')).out)).toMatchObject({ lock: 'database', holder: null });
    });

    it('shows a holder that lives and leaves it the lock, unless forced', async () => {
      const token = await take();
      const shown = await run('lock', 'show');
      expect(shown).toMatchObject({ status: 0, told: '' });
      expect(shown.out).toMatch(new RegExp(`process ${process.pid} on .*token ${token}.*condition +alive`, 's'));
      const refused = await run('lock', 'clear');
      expect(refused).toMatchObject({ status: 1, told: expect.stringMatching(/lives.*--force/) as unknown });
      expect(await tokens()).toEqual([token]);
      const forced = await run('lock', 'clear', '--force', '--json');
      expect(forced.status).toBe(0);
      expect(JSON.parse(forced.out)).toMatchObject({ isCleared: true, holder: { token, condition: 'alive' } });
      expect(forced.told).toMatch(/lower token/);
      expect(await tokens()).toEqual([]);
      // The fence has survived.
      expect(await take()).toBe(token + 1);
    });

    it('clears the lock of a process that is no more', async () => {
      await take({ processStart: '1' });
      expect((await run('lock', 'show')).out).toMatch(/condition +gone/);
      expect((await run('lock', 'clear')).status).toBe(0);
      expect(await tokens()).toEqual([]);
    });

    it('clears the lock of a holder that has been silent for longer than its time to live', async () => {
      await take();
      const column = kind === 'sqlite' ? 'heartbeat_monotonic' : 'heartbeat_at';
      await database.write((manager) => manager.query(`UPDATE scheduler_lock SET ${column} = ${column} - 61000`));
      expect((await run('lock', 'show')).out).toMatch(/condition +silent/);
      expect((await run('lock', 'clear')).status).toBe(0);
      expect(await tokens()).toEqual([]);
    });
  });

  describe('bangui db check', () => {
    it('finds nothing in a database that is whole, while it is used', async () => {
      expect(await run('db', 'check')).toMatchObject({ status: 0, out: 'ok' });
      const report = JSON.parse((await run('db', 'check', '--json')).out) as Record<string, unknown>;
      expect(report).toMatchObject({ kind, isSound: true, faults: [], schema: { missing: [], unknown: [] } });
    });

    it('tells a newer schema', async () => {
      await database.write((manager) =>
        manager.query(`INSERT INTO migration (timestamp, name) VALUES (2099, 'Later2099')`),
      );
      expect(await run('db', 'check')).toMatchObject({ status: 1, out: expect.stringMatching(/Later2099/) as unknown });
    });

    if (kind === 'sqlite') {
      it('tells damage and rows that refer to nothing', async () => {
        await database.write(async (manager) => {
          await manager.query('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
          await manager.query(
            'CREATE TABLE orphan (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)',
          );
        });
        await database.close();
        const { default: BetterSqlite } = await import('better-sqlite3');
        const connection = new BetterSqlite(place.databasePath);
        connection.pragma('foreign_keys = OFF');
        connection.exec('INSERT INTO orphan VALUES (7)');
        connection.pragma('wal_checkpoint(TRUNCATE)');
        connection.close();
        const orphaned = await run('db', 'check');
        expect(orphaned).toMatchObject({
          status: 1,
          out: expect.stringMatching(/orphan refers to one of parent/) as unknown,
        });
        const { size } = await stat(place.databasePath);
        const file = await open(place.databasePath, 'r+');
        await file.write(Buffer.alloc(size / 2, 0xa5), 0, size / 2, size / 4);
        await file.close();
        expect((await run('db', 'check')).status).toBe(1);
        await rm(place.databasePath);
        expect(await run('db', 'check')).toMatchObject({
          status: 1,
          told: expect.stringMatching(/no database/) as unknown,
        });
        database = await openDatabase(place, entities);
      });
    }
  });
});
