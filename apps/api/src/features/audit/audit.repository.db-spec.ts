import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { AuditEventEntity } from './audit-event.entity.ts';
import { AuditRepository } from './audit.repository.ts';

function event(at: number, change: Partial<AuditEventEntity> = {}): AuditEventEntity {
  return Object.assign(new AuditEventEntity(), {
    id: randomUUID(),
    at,
    actor: 'admin',
    address: '192.0.2.1',
    action: 'ban.create',
    subject: 'sshd',
    outcome: 'succeeded',
    detail: null,
    before: null,
    after: null,
    requestId: 'r1',
    ...change,
  });
}

describe.each(databaseKinds)('the audit log on %s', (kind) => {
  let test: TestDatabase;
  let audit: AuditRepository;
  const start = 1_763_800_000_000;
  beforeAll(async () => {
    test = await testDatabase(kind);
    audit = new AuditRepository(test.database);
    // Five at the same millisecond: the id decides their order.
    for (const at of [1, 2, 3, 3, 3, 3, 3, 4, 5]) await audit.add(event(start + at));
  });
  afterAll(() => test.close());

  it('comes back as it was written, JSON and big numbers included', async () => {
    const one = event(start + 10, { detail: { list: [1, null, 'ü'] }, before: {}, after: null });
    await audit.add(one);
    expect((await audit.page({ limit: 1 })).items).toEqual([one]);
  });

  it.each([1, 2, 3, 10, 200])(
    'is read in pages of %i without repeating or missing anything, newest first',
    async (limit) => {
      const seen: AuditEventEntity[] = [];
      let cursor: string | undefined;
      do {
        const page = await audit.page({ limit, cursor });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      const keys = seen.map(({ at, id }) => `${at} ${id}`);
      expect(keys).toHaveLength(10);
      expect(keys).toEqual([...new Set(keys)].sort().reverse());
    },
  );

  it.each(['UPDATE audit_event SET actor = $1', 'DELETE FROM audit_event WHERE actor <> $1'])(
    'refuses %s',
    async (statement) => {
      const sql = kind === 'sqlite' ? statement.replace('$1', '?') : statement;
      await expect(test.database.write((manager) => manager.query(sql, ['nobody']))).rejects.toThrow('append-only');
    },
  );

  it('tells from where something succeeded since then, how often and when last', async () => {
    const later = start + 1_000_000;
    for (const [at, address, change] of [
      [1, '192.0.2.7', {}],
      [2, '192.0.2.8', {}],
      [3, '192.0.2.7', {}],
      [4, '192.0.2.9', { outcome: 'refused' }],
      [5, '192.0.2.9', { action: 'session.delete' }],
      [-1, '192.0.2.9', {}],
    ] as const) {
      await audit.add(event(later + at, { action: 'session.create', address, ...change }));
    }
    expect(await audit.addressesOf('session.create', later)).toEqual([
      { address: '192.0.2.7', count: 2, lastAt: later + 3 },
      { address: '192.0.2.8', count: 1, lastAt: later + 2 },
    ]);
    const [sql, parameters] = test.database.read
      .createQueryBuilder(AuditEventEntity, 'event')
      .select('event.address')
      .where('event.at >= :since AND event.action = :action AND event.outcome = :outcome')
      .setParameters({ since: later, action: 'session.create', outcome: 'succeeded' })
      .groupBy('event.address')
      .getQueryAndParameters();
    expect(await planOf(test.database, sql, parameters)).toContain('ix_audit_event_at');
  });

  it('finds the next page through its index, at any depth', async () => {
    const [sql, parameters] = test.database.read
      .createQueryBuilder(AuditEventEntity, 'event')
      .where('(event.at, event.id) < (:at, :id)', { at: start, id: 'x' })
      .orderBy('event.at', 'DESC')
      .addOrderBy('event.id', 'DESC')
      .limit(51)
      .getQueryAndParameters();
    const plan = await planOf(test.database, sql, parameters);
    expect(plan).toContain('ix_audit_event_at');
    expect(plan).not.toMatch(/SORT|TEMP B-TREE/i);
  });
});
