import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../../test/test-clock.ts';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { type Requester } from '../../core/http/requester.ts';
import { Log } from '../../core/logging/log.ts';
import { type AuditRecord } from '../audit/index.ts';
import { TokenExpiryPast, TokenUnknown } from './tokens.errors.ts';
import { TokensRepository } from './tokens.repository.ts';
import { TokensService } from './tokens.service.ts';

const requester: Requester = {
  userId: 'u1',
  username: 'admin',
  sessionId: 's1',
  address: '192.0.2.1',
  requestId: 'r1',
};

describe.each(databaseKinds)('API tokens on %s', (kind) => {
  let test: TestDatabase;
  let tokens: TokensService;
  let clock: TestClock;
  let audited: AuditRecord[];
  const lastUse = async () => (await tokens.page({ limit: 50 })).items[0]?.lastUsedAt;

  beforeEach(async () => {
    test = await testDatabase(kind);
    clock = new TestClock();
    audited = [];
    const audit = { record: (record: AuditRecord) => Promise.resolve(audited.push(record)) };
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    tokens = new TokensService(new TokensRepository(test.database), test.database, audit as never, clock, log);
  });
  afterEach(() => test.close());

  it('are known by their hash alone, which is all that is kept', async () => {
    const { token, ...made } = await tokens.create({ name: 'Firewall', scopes: ['feeds:read'] }, requester);
    expect(await tokens.use(token)).toMatchObject({ id: made.id, scopes: ['feeds:read'] });
    const everything = JSON.stringify([
      await test.database.read.query('SELECT * FROM api_token'),
      audited,
      await tokens.page({ limit: 50 }),
    ]);
    expect(everything).toContain('Firewall');
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(token.slice(4));
  });

  it('end when they are revoked or their time is over', async () => {
    const first = await tokens.create({ name: 'a', scopes: ['metrics:read'] }, requester);
    const second = await tokens.create(
      { name: 'b', scopes: ['metrics:read'], expiresAt: clock.now() + 60_000 },
      requester,
    );
    await tokens.revoke(first.id, requester);
    expect(await tokens.use(first.token)).toBeUndefined();
    await expect(tokens.revoke(first.id, requester)).rejects.toThrow(TokenUnknown);
    expect(await tokens.use(second.token)).toBeDefined();
    clock.advance(60_000);
    expect(await tokens.use(second.token)).toBeUndefined();
    expect((await tokens.page({ limit: 50 })).items).toMatchObject([{ name: 'b', isExpired: true }]);
    const past = { name: 'c', scopes: ['metrics:read' as const], expiresAt: clock.now() };
    await expect(tokens.create(past, requester)).rejects.toThrow(TokenExpiryPast);
  });

  it('made elsewhere are taken up once, however many instances do so', async () => {
    const token = `bgt_${'a'.repeat(43)}`;
    const wanted = { name: 'Enforcers', scopes: ['enforcement:read' as const] };
    await Promise.all([1, 2, 3].map(() => tokens.adopt(token, wanted, requester)));
    await tokens.adopt(token, wanted, requester);
    expect(await tokens.use(token)).toMatchObject({ name: 'Enforcers', scopes: ['enforcement:read'] });
    expect((await tokens.page({ limit: 50 })).items).toHaveLength(1);
    expect(audited).toMatchObject([{ action: 'token.create', subject: 'Enforcers' }]);
  });

  it('note their last use, at most once a minute', async () => {
    clock.stop();
    const { token } = await tokens.create({ name: 'a', scopes: ['feeds:read'] }, requester);
    expect(await lastUse()).toBeNull();
    await Promise.all([tokens.use(token), tokens.use(token), tokens.use(token)]);
    // Writes go one after the other: this one comes after theirs.
    await test.database.write(() => Promise.resolve());
    const first = await lastUse();
    expect(first).toEqual(expect.any(Number));
    clock.advance(59_000);
    await tokens.use(token);
    await test.database.write(() => Promise.resolve());
    expect(await lastUse()).toBe(first);
    clock.advance(1_000);
    await tokens.use(token);
    await test.database.write(() => Promise.resolve());
    expect(await lastUse()).toBeGreaterThan(first ?? 0);
  });

  it('tell the audit log of their making and end', async () => {
    const { id } = await tokens.create({ name: 'Grafana', scopes: ['metrics:read'] }, requester);
    await tokens.revoke(id, requester);
    expect(audited).toMatchObject([
      { action: 'token.create', subject: 'Grafana', requester, after: { scopes: ['metrics:read'] } },
      { action: 'token.delete', subject: 'Grafana', requester, before: { scopes: ['metrics:read'] } },
    ]);
  });

  it.each([
    ['a token', `SELECT * FROM api_token WHERE token_hash = 'x'`, 'uq_api_token_token_hash'],
    ['a page', 'SELECT * FROM api_token ORDER BY created_at DESC, id DESC LIMIT 51', 'ix_api_token_created'],
  ])('find %s through an index', async (_, sql, index) => {
    const plan = await planOf(test.database, sql, []);
    // SQLite names the index of a unique constraint by itself.
    expect(plan).toMatch(
      kind === 'sqlite' && index.startsWith('uq_') ? /USING INDEX sqlite_autoindex_/ : new RegExp(index),
    );
    expect(plan).not.toMatch(/SORT|TEMP B-TREE/i);
  });
});
