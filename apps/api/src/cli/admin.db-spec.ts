import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, emptyDatabase, type EmptyDatabase } from '../../test/test-database.ts';
import { entities } from '../app.module.ts';
import { type Database } from '../core/database/database.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { SessionEntity, UserEntity } from '../features/auth/index.ts';
import { Passwords } from '../features/auth/passwords.ts';
import { type Ran, runHere } from './testing/command.ts';

describe.each(databaseKinds)('bangui admin on %s', (kind) => {
  let place: EmptyDatabase;
  let database: Database;
  const passwords = new Passwords();

  const admin = (args: readonly string[], input?: string): Promise<Ran> =>
    runHere(
      ['admin', ...args],
      {
        BANGUI_DATABASE_PATH: place.databasePath,
        ...(place.databaseUrl !== undefined && {
          BANGUI_DATABASE_URL: place.databaseUrl,
          BANGUI_SECRET_KEY: 'a key of tests that is long enough',
        }),
      },
      input,
    );
  const isPassword = async (username: string, password: string): Promise<boolean> => {
    const user = await database.read.manager.findOneByOrFail(UserEntity, { username });
    return passwords.matches(password, user.passwordHash);
  };
  const sessionsOf = (userId: string): Promise<number> => database.read.manager.countBy(SessionEntity, { userId });

  beforeEach(async () => {
    place = await emptyDatabase(kind);
    database = await openDatabase(place, entities);
    const passwordHash = await passwords.hash('correct horse battery');
    await database.write(async (manager) => {
      for (const [index, username] of ['Anna', 'Bert'].entries()) {
        await manager.insert(UserEntity, {
          ...{ id: `u${index}`, username, usernameKey: username.toLowerCase(), passwordHash },
          ...{ role: 'administrator', createdAt: index, lastSignInAt: index === 0 ? null : 1_000 },
        });
        for (const number of [1, 2]) {
          await manager.insert(SessionEntity, {
            ...{ id: `s${index}${number}`, tokenHash: `${index}${number}`.padStart(64, '0'), userId: `u${index}` },
            ...{ address: '192.0.2.1', userAgent: '', createdAt: 0, lastUsedAt: 0 },
            ...{ expiresAt: 9_000_000_000_000, absoluteExpiresAt: 9_000_000_000_000 },
          });
        }
      }
    });
  });
  afterEach(async () => {
    await database.close();
    await place.remove();
  });

  it('lists who there is', async () => {
    expect(await admin(['list'])).toEqual({
      status: 0,
      out: 'Anna\t1970-01-01T00:00:00.000Z\tnever\nBert\t1970-01-01T00:00:00.001Z\t1970-01-01T00:00:01.000Z',
      told: '',
    });
    const { out } = await admin(['list', '--json']);
    expect(JSON.parse(out)).toEqual({
      administrators: [
        { username: 'Anna', createdAt: 0, lastSignInAt: null },
        { username: 'Bert', createdAt: 1, lastSignInAt: 1_000 },
      ],
    });
  });

  it('makes up a password, shows it once, ends the sessions of that user alone, and writes it down', async () => {
    const { status, out, told } = await admin(['reset-password', 'anna']);
    expect(status).toBe(0);
    expect(out).toMatch(/^[A-Za-z2-9]{24}$/);
    expect(told).toMatch(/Anna has a new password; 2 sessions ended/);
    expect(told).not.toContain(out);
    expect(await isPassword('Anna', out)).toBe(true);
    expect(await isPassword('Bert', 'correct horse battery')).toBe(true);
    expect([await sessionsOf('u0'), await sessionsOf('u1')]).toEqual([0, 2]);
    const events = await database.read.query<Record<string, unknown>[]>(
      'SELECT actor, action, subject, outcome, detail FROM audit_event',
    );
    expect(events).toEqual([
      expect.objectContaining({
        actor: expect.stringMatching(/^command:./) as unknown,
        ...{ action: 'password.reset', subject: 'Anna', outcome: 'succeeded' },
      }),
    ]);
    expect(JSON.stringify(events)).not.toContain(out);
  });

  it('takes a password from standard input and never prints it', async () => {
    const { status, out, told } = await admin(['reset-password', 'Bert', '--stdin', '--json'], 'another horse battery');
    expect([status, JSON.parse(out), told]).toEqual([0, { username: 'Bert', endedSessions: 2 }, '']);
    expect(await isPassword('Bert', 'another horse battery')).toBe(true);
  });

  it.each([
    ['reset-password nobody', undefined, 1, /no such administrator/],
    ['reset-password Anna --stdin', 'short', 64, /12 to 256 characters/],
    ['reset-password Anna --stdin', '', 64, /12 to 256 characters/],
    ['reset-password Anna --stdin', 'aaaaaaaaaaaaaaaaa', 1, /four different/],
  ])('refuses %s with %j, and changes nothing', async (args, input, status, message) => {
    const ran = await admin(args.split(' '), input);
    expect(ran).toMatchObject({ status, out: '', told: expect.stringMatching(message) as unknown });
    expect(await isPassword('Anna', 'correct horse battery')).toBe(true);
    expect(await sessionsOf('u0')).toBe(2);
  });
});
