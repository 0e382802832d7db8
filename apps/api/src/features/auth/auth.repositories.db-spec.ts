import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { Clock } from '../../core/clock.ts';
import { UsernameTaken } from './auth.errors.ts';
import { SessionEntity } from './session.entity.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { UsersRepository } from './users.repository.ts';

function session(userId: string, change: Partial<SessionEntity> = {}): SessionEntity {
  return Object.assign(new SessionEntity(), {
    id: randomUUID(),
    tokenHash: randomUUID(),
    userId,
    address: '192.0.2.1',
    userAgent: 'test',
    createdAt: 1_000,
    lastUsedAt: 1_000,
    expiresAt: 2_000,
    absoluteExpiresAt: 3_000,
    ...change,
  });
}

describe.each(databaseKinds)('users and sessions on %s', (kind) => {
  let test: TestDatabase;
  let users: UsersRepository;
  let sessions: SessionsRepository;
  const addUser = (name: string) => test.database.write((manager) => users.add(manager, name, 'hash'));
  const addSession = async (one: SessionEntity) => {
    await test.database.write((manager) => sessions.add(manager, one));
    return one;
  };
  beforeEach(async () => {
    test = await testDatabase(kind);
    users = new UsersRepository(test.database, new Clock());
    sessions = new SessionsRepository(test.database);
  });
  afterEach(() => test.close());

  it('find a user in whatever case and keep the name as it was typed', async () => {
    const user = await addUser('Admin');
    expect(await users.byName('aDMIN')).toEqual(user);
    expect(await users.byName('other')).toBeNull();
  });

  it('refuse a name that differs in case alone', async () => {
    await addUser('Admin');
    await expect(addUser('ADMIN')).rejects.toThrow(UsernameTaken);
  });

  it('make one of several first users who come at the same time', async () => {
    const first = (name: string) =>
      test.database.write(async (manager) => {
        await test.database.exclusively(manager, 'first');
        return (await users.isEmpty(manager)) ? users.add(manager, name, 'hash') : undefined;
      });
    const made = await Promise.all(['a', 'b', 'c'].map(first));
    expect(made.filter((user) => user !== undefined)).toHaveLength(1);
  });

  it('end sessions one by one, all but one, and when their time is over', async () => {
    const { id: userId } = await addUser('admin');
    const [a, b, c] = [
      await addSession(session(userId)),
      await addSession(session(userId)),
      await addSession(session(userId, { expiresAt: 1_500 })),
    ];
    expect(await test.database.write((manager) => sessions.remove(manager, userId, a.id))).toEqual([a.id]);
    expect(await test.database.write((manager) => sessions.remove(manager, 'somebody else', b.id))).toEqual([]);
    expect((await sessions.listOf(userId, 1_600)).map(({ id }) => id)).toEqual([b.id]);
    await test.database.write((manager) => sessions.removeExpired(manager, 1_500));
    expect(await sessions.byId(c.id)).toBeNull();
    const d = await addSession(session(userId));
    expect(await test.database.write((manager) => sessions.removeOthers(manager, userId, d.id))).toEqual([b.id]);
    expect(await sessions.byTokenHash(d.tokenHash)).toMatchObject({
      session: { id: d.id, expiresAt: 2_000 },
      user: { username: 'admin' },
    });
  });

  it('delete a user together with the sessions', async () => {
    const { id: userId } = await addUser('admin');
    const one = await addSession(session(userId));
    await test.database.write((manager) => users.remove(manager, userId));
    expect(await sessions.byId(one.id)).toBeNull();
  });

  it.each([
    ['a session by its token', `SELECT * FROM session WHERE token_hash = 'x'`, 'uq_session_token_hash'],
    [
      "a user's sessions",
      `SELECT * FROM session WHERE user_id = 'x' ORDER BY created_at DESC, id DESC LIMIT 200`,
      'ix_session_user',
    ],
    ['what has ended', 'DELETE FROM session WHERE expires_at <= 5', 'ix_session_expires_at'],
    ['a user by name', `SELECT * FROM "user" WHERE username_key = 'x'`, 'uq_user_username_key'],
  ])('find %s through an index', async (_, sql, index) => {
    const plan = await planOf(test.database, sql, []);
    // SQLite names the index of a unique constraint by itself.
    expect(plan).toMatch(
      kind === 'sqlite' && index.startsWith('uq_') ? /USING INDEX sqlite_autoindex_/ : new RegExp(index),
    );
    expect(plan).not.toMatch(/SORT|TEMP B-TREE|SCAN session/i);
  });
});
