import { randomUUID } from 'node:crypto';
import { Network } from '@bangui/ip';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../../test/test-clock.ts';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { AllowlistEntryEntity } from './allowlist-entry.entity.ts';
import { AllowlistUnreadable } from './allowlist.errors.ts';
import { AllowlistRepository, boundsOf } from './allowlist.repository.ts';
import { Allowlist } from './allowlist.ts';

function network(text: string): Network {
  const parsed = Network.parse(text);
  if (!parsed) throw new Error(`${text} is no network`);
  return parsed;
}

function entry(address: string, change: Partial<AllowlistEntryEntity> = {}): AllowlistEntryEntity {
  return Object.assign(new AllowlistEntryEntity(), {
    id: randomUUID(),
    address: network(address).toString(),
    ...boundsOf(network(address)),
    note: '',
    owner: 'admin',
    createdAt: 1_000,
    changedAt: 1_000,
    expiresAt: null,
    isPushedToFail2ban: false,
    ...change,
  });
}

describe.each(databaseKinds)('the allowlist on %s', (kind) => {
  let test: TestDatabase;
  let repository: AllowlistRepository;
  let allowlist: Allowlist;
  const clock = new TestClock();
  const add = (...entries: AllowlistEntryEntity[]) =>
    test.database.write((manager) => repository.add(manager, entries));
  const found = async (filter: { network?: Network; text?: string }) =>
    (await repository.page({ limit: 50 }, filter)).items.map(({ address }) => address).toSorted();

  beforeEach(async () => {
    test = await testDatabase(kind);
    repository = new AllowlistRepository(test.database);
    allowlist = new Allowlist(repository, clock);
  });
  afterEach(() => test.close());

  it('gives what is in force, and pushed entries apart; what has expired counts no more from that moment on', async () => {
    const expiresAt = clock.now() + 60_000;
    await add(
      entry('192.0.2.0/24'),
      entry('2001:db8::1', { isPushedToFail2ban: true }),
      entry('192.0.3.1', { expiresAt }),
    );
    expect((await allowlist.inForce()).map(String).toSorted()).toEqual(['192.0.2.0/24', '192.0.3.1', '2001:db8::1']);
    expect((await allowlist.pushedInForce()).map(String)).toEqual(['2001:db8::1']);
    clock.advance(60_000);
    expect((await allowlist.inForce()).map(String).toSorted()).toEqual(['192.0.2.0/24', '2001:db8::1']);
  });

  it('rejects instead of giving less than there is: an unreadable table', async () => {
    await add(entry('192.0.2.1'));
    await test.database.write((manager) => manager.query('DROP TABLE allowlist_entry'));
    await expect(allowlist.inForce()).rejects.toThrow(AllowlistUnreadable);
    await expect(allowlist.pushedInForce()).rejects.toThrow(AllowlistUnreadable);
  });

  it('rejects instead of giving less than there is: an entry that is no network', async () => {
    await add(entry('192.0.2.1'), entry('192.0.2.2', { address: 'scribbled over' }));
    await expect(allowlist.inForce()).rejects.toThrow(AllowlistUnreadable);
  });

  it('finds entries that share an address with a network', async () => {
    await add(entry('192.0.2.0/24'), entry('192.0.3.7'), entry('2001:db8::/32'), entry('::ffff:198.51.100.1'));
    expect(await found({ network: network('192.0.2.77') })).toEqual(['192.0.2.0/24']);
    expect(await found({ network: network('192.0.2.0/23') })).toEqual(['192.0.2.0/24', '192.0.3.7']);
    expect(await found({ network: network('2001:db8:ffff::1') })).toEqual(['2001:db8::/32']);
    expect(await found({ network: network('198.51.100.1') })).toEqual(['198.51.100.1']);
    expect(await found({ network: network('0.0.0.0/0') })).toEqual(['192.0.2.0/24', '192.0.3.7', '198.51.100.1']);
  });

  it('finds entries by text, taking nothing in it for a pattern', async () => {
    await add(entry('192.0.2.1', { note: 'Office 100%' }), entry('192.0.2.2', { note: 'x', owner: 'Berta' }));
    expect(await found({ text: 'OFFICE' })).toEqual(['192.0.2.1']);
    expect(await found({ text: 'berta' })).toEqual(['192.0.2.2']);
    expect(await found({ text: '0%' })).toEqual(['192.0.2.1']);
    expect(await found({ text: '_ffice' })).toEqual([]);
    expect(await found({ text: String.raw`\ ' "; DROP` })).toEqual([]);
    expect(await found({ text: '192.0.2' })).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('pages through entries of the same moment without losing or doubling one', async () => {
    await add(...Array.from({ length: 7 }, (_, host) => entry(`192.0.2.${host}`)));
    const seen: string[] = [];
    const walk = async (cursor?: string): Promise<void> => {
      const { items, nextCursor } = await repository.page({ limit: 3, cursor }, {});
      seen.push(...items.map(({ address }) => address));
      if (nextCursor !== null) await walk(nextCursor);
    };
    await walk();
    expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, host) => `192.0.2.${host}`));
  });

  it('does not hold the same address twice', async () => {
    await add(entry('192.0.2.1'));
    await expect(add(entry('192.0.2.1'))).rejects.toThrow();
  });

  it('removes what has expired and tells what it was', async () => {
    await add(entry('192.0.2.1', { expiresAt: 5 }), entry('192.0.2.2', { expiresAt: 6 }), entry('192.0.2.3'));
    expect((await repository.removeExpired(5)).map(({ address }) => address)).toEqual(['192.0.2.1']);
    expect(await repository.removeExpired(5)).toEqual([]);
    expect(await found({})).toEqual(['192.0.2.2', '192.0.2.3']);
  });

  it('remembers what was put into ignore lists until it is taken out', async () => {
    await repository.addPushes('sshd', ['192.0.2.1', '192.0.2.2']);
    await repository.addPushes('sshd', ['192.0.2.2']);
    await repository.addPushes('web', ['192.0.2.1']);
    await repository.removePushes('sshd', ['192.0.2.1', '203.0.113.1']);
    expect(await repository.pushes()).toEqual(
      new Map([
        ['sshd', new Set(['192.0.2.2'])],
        ['web', new Set(['192.0.2.1'])],
      ]),
    );
  });

  it.each([
    [
      'a page',
      'SELECT * FROM allowlist_entry ORDER BY created_at DESC, id DESC LIMIT 51',
      'ix_allowlist_entry_created',
    ],
    [
      'a deep page',
      `SELECT * FROM allowlist_entry WHERE (created_at, id) < (5, 'x') ORDER BY created_at DESC, id DESC LIMIT 51`,
      'ix_allowlist_entry_created',
    ],
    [
      'what has expired',
      'SELECT * FROM allowlist_entry WHERE expires_at <= 5 ORDER BY expires_at LIMIT 500',
      'ix_allowlist_entry_expires_at',
    ],
  ])('finds %s through an index', async (_, sql, index) => {
    const plan = await planOf(test.database, sql, []);
    expect(plan).toMatch(new RegExp(index));
    expect(plan).not.toMatch(/SORT|TEMP B-TREE|Seq Scan/i);
  });
});
