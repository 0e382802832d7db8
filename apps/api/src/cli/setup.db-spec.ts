import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, emptyDatabase, type EmptyDatabase } from '../../test/test-database.ts';
import { entities } from '../app.module.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Passwords } from '../features/auth/passwords.ts';
import { type Ran, runHere } from './testing/command.ts';

describe.each(databaseKinds)('bangui setup on %s', (kind) => {
  let place: EmptyDatabase;
  const passwords = new Passwords();

  const setup = (args: readonly string[], input?: string): Promise<Ran> =>
    runHere(
      ['setup', ...args],
      {
        BANGUI_DATABASE_PATH: place.databasePath,
        ...(place.databaseUrl !== undefined && {
          BANGUI_DATABASE_URL: place.databaseUrl,
          BANGUI_SECRET_KEY: 'a key of tests that is long enough',
        }),
      },
      input,
    );
  const rows = async <T>(sql: string): Promise<T[]> => {
    const database = await openDatabase(place, entities);
    try {
      return await database.read.query<T[]>(sql);
    } finally {
      await database.close();
    }
  };
  const users = async (): Promise<{ username: string; password_hash: string }[]> =>
    rows('SELECT username, password_hash FROM "user" ORDER BY created_at');

  beforeEach(async () => {
    place = await emptyDatabase(kind);
  });
  afterEach(() => place.remove());

  it('makes the first administrator before the first start, with a password that is made up', async () => {
    const { status, out, told } = await setup(['anna']);
    expect([status, out]).toEqual([0, expect.stringMatching(/^[A-Za-z2-9]{24}$/)]);
    expect(told).toMatch(/anna is the first administrator/);
    expect(told).not.toContain(out);
    const [user, ...others] = await users();
    expect([user?.username, others]).toEqual(['anna', []]);
    expect(await passwords.matches(out, user?.password_hash)).toBe(true);
    const events = await rows<object>('SELECT actor, action, subject FROM audit_event');
    expect(events).toEqual([
      { actor: expect.stringMatching(/^command:./) as unknown, action: 'administrator.create', subject: 'anna' },
    ]);
  });

  it('takes the password from standard input, never prints it, and makes the codes of the browser worthless', async () => {
    const file = join(dirname(place.databasePath), 'setup-code');
    const database = await openDatabase(place, entities);
    await database.write((manager) => manager.query(`INSERT INTO setup_code (hash, created_at) VALUES ('x', 1)`));
    await database.close();
    await writeFile(file, 'ABCD-EFGH-JKLM\n');
    const ran = await setup(['anna', '--stdin', '--json'], 'another horse battery');
    expect([ran.status, JSON.parse(ran.out), ran.told]).toEqual([0, { username: 'anna' }, '']);
    expect(await passwords.matches('another horse battery', (await users())[0]?.password_hash)).toBe(true);
    expect(await rows('SELECT hash FROM setup_code')).toEqual([]);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('refuses when there is one, and changes nothing', async () => {
    await setup(['anna', '--stdin'], 'another horse battery');
    const before = await users();
    expect(await setup(['bert', '--json'])).toEqual({
      status: 1,
      out: expect.stringMatching(/^{"error":{"code":"setup-done","message":".*already.*"}}$/) as unknown,
      told: expect.stringMatching(/already/) as unknown,
    });
    expect(await users()).toEqual(before);
  });

  it('of several at once makes one', async () => {
    const ends = await Promise.all(['anna', 'bert', 'carl'].map((name) => setup([name])));
    expect(ends.filter(({ status }) => status === 0)).toHaveLength(1);
    expect(await users()).toHaveLength(1);
  });

  it.each([
    ['a b', 'another horse battery', /username must be 1 to 64 letters/],
    ['anna', 'short', /password must be 12 to 256/],
    ['anna', '', /password must be 12 to 256/],
    ['anna', 'aaaaaaaaaaaaaaaaa', /four different/],
  ])('refuses %j with %j', async (name, password, message) => {
    const ran = await setup([name, '--stdin'], password);
    expect(ran).toMatchObject({ status: 1, out: '', told: expect.stringMatching(message) as unknown });
    expect(await users()).toEqual([]);
  });
});
