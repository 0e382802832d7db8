import { Network } from '@bangui/ip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  archiveEvent,
  archiveWriter,
  manyEvents,
  network,
  noon,
  readBack,
  seeded,
} from '../../../test/archive-events.ts';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { Clock } from '../../core/clock.ts';
import { type SqlValue } from '../../core/database/sql.ts';
import { type StoredEvent } from './archive-event.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
import { HistoryRepository } from './history.repository.ts';
import { TextIndex } from './text-index.ts';

/** Every look at it is a minute later than the one before. */
class HurriedClock extends Clock {
  private looks = 0;

  override monotonic(): number {
    this.looks += 1;
    return this.looks * 60_000;
  }
}

const lower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

function passes(event: StoredEvent, filter: HistoryFilter): boolean {
  const address = Network.parse(event.address);
  return (
    (filter.jail === undefined || event.jail === filter.jail) &&
    (filter.network === undefined || (address !== undefined && filter.network.contains(address))) &&
    (filter.country === undefined || event.country === filter.country) &&
    (filter.asn === undefined || event.asn === filter.asn) &&
    (filter.origin === undefined || event.origin === filter.origin) &&
    (filter.action === undefined || event.action === filter.action) &&
    (filter.from === undefined || event.at >= filter.from) &&
    (filter.to === undefined || event.at < filter.to) &&
    (filter.text === undefined || event.matches.some((line) => lower(line).includes(lower(filter.text ?? ''))))
  );
}

describe.each(databaseKinds)('the archive on %s', (kind) => {
  let test: TestDatabase;
  let history: HistoryRepository;
  let all: StoredEvent[];
  beforeAll(async () => {
    test = await testDatabase(kind);
    history = new HistoryRepository(test.database, new Clock(), new TextIndex(test.database));
    const { writer } = await archiveWriter(test.database);
    const hostile = [
      '100 % _sure_',
      'a"quote\\back',
      'tab\there',
      'ÄÖÜ straße',
      '\u001b[31mred',
      'say "u001b"',
      'FAILED',
    ];
    all = [
      ...(await writer.append([
        ...manyEvents(4_000, { days: 20 }),
        ...hostile.map((line, index) => archiveEvent({ at: noon - index, matches: ['first', line] })),
        archiveEvent({ address: '198.18.0.0/16', jail: 'nginx' }),
        archiveEvent({ address: '0.0.0.0/0', jail: 'nginx' }),
        archiveEvent({ address: '2001:db8::/32', jail: 'nginx' }),
      ])),
      // The same millisecond for many: the id decides.
      ...(await writer.append(
        Array.from({ length: 300 }, (_, index) =>
          archiveEvent({ address: `203.0.113.${index % 250}`, jail: `j${index}` }),
        ),
      )),
    ]
      .map(readBack)
      .sort((one, other) => other.at - one.at || other.id - one.id);
  });
  afterAll(() => test.close());

  const walk = async (filter: HistoryFilter, pageSize: number): Promise<StoredEvent[]> => {
    const seen: StoredEvent[] = [];
    let after: HistoryPosition | undefined;
    for (;;) {
      const page = await history.getArchivedHistory({ ...filter, pageSize, after });
      expect(page.items.length).toBeLessThanOrEqual(pageSize);
      seen.push(...page.items);
      if (!page.next) return seen;
      after = page.next;
    }
  };

  const random = seeded(99);
  const pick = <T>(...from: T[]): T | undefined => from[random(from.length)];
  const filters: HistoryFilter[] = Array.from({ length: 60 }, () => ({
    jail: pick(undefined, undefined, 'sshd', 'nginx', 'blocklist-import', 'absent'),
    network: pick(
      undefined,
      undefined,
      network('198.18.1.7'),
      network('198.18.4.0/22'),
      network('198.18.0.0/16'),
      network('0.0.0.0/0'),
      network('2001:db8::/64'),
      network('::/0'),
    ),
    country: pick(undefined, undefined, undefined, 'DE', 'FR', 'JP'),
    asn: pick(undefined, undefined, undefined, 64_497, 4_200_000_000),
    origin: pick(undefined, undefined, 'selfblock' as const, 'blocklist' as const),
    action: pick(undefined, undefined, 'ban' as const, 'unban' as const),
    from: pick(undefined, undefined, noon - 5 * 86_400_000),
    to: pick(undefined, undefined, noon - 86_400_000),
    text: pick(undefined, undefined, undefined, 'from 17', 'failed password', '1', 'absent words'),
  }));

  it.each(
    filters.map((filter) => [JSON.stringify({ ...filter, network: filter.network?.toString() }), filter] as const),
  )('gives exactly the events that pass %s, newest first', async (_text, filter) => {
    const expected = all.filter((event) => passes(event, filter)).map(({ id }) => id);
    const seen = await walk(filter, pick(7, 100, 1_000) ?? 100);
    expect(seen.map(({ id }) => id)).toEqual(expected);
  });

  it.each([
    ['100 % _sure_', 1],
    ['%', 1],
    ['quote\\', 1],
    ['"', 2],
    ['tab\t', 1],
    ['straße', 1],
    ['\u001b[31m', 1],
    ['u001b', 1],
    ['failed', 1],
    ['st', 308],
  ])('finds the text %j as it stands in the lines', async (text, count) => {
    const found = await walk({ text, from: noon - 1_000 }, 50);
    expect(found).toEqual(all.filter((event) => passes(event, { text, from: noon - 1_000 })));
    if (count < 300) expect(found).toHaveLength(count);
  });

  it.each([1, 50, 299, 5_000])(
    'is read by id in pages of %i without repeating or missing anything',
    async (pageSize) => {
      const seen: number[] = [];
      let lastBanId: number | undefined;
      for (let left = Math.min(all.length, pageSize * 40); left > 0; left -= pageSize) {
        const page = await history.getArchivedHistoryKeyset({ pageSize, lastBanId });
        seen.push(...page.items.map(({ id }) => id));
        lastBanId = page.items.at(-1)?.id;
      }
      expect(seen).toEqual(all.slice(0, seen.length).map(({ id }) => id));
    },
  );

  it('says that an event to go on after is gone', async () => {
    await expect(history.getArchivedHistoryKeyset({ pageSize: 1, lastBanId: 999_999 })).rejects.toThrow('999999');
  });

  it('reads everything a page at a time, at most as much as wanted, and stops when nobody listens', async () => {
    const ids: number[] = [];
    for await (const { id } of history.getAllArchivedHistory({ pageSize: 100 })) ids.push(id);
    expect(ids).toEqual(all.map(({ id }) => id));
    const some: number[] = [];
    for await (const { id } of history.getAllArchivedHistory({ pageSize: 100, maxRows: 250 })) some.push(id);
    expect(some).toEqual(ids.slice(0, 250));
    const after: number[] = [];
    for await (const { id } of history.getAllArchivedHistory({ lastBanId: some.at(-1) })) {
      after.push(id);
      if (after.length === 5) break;
    }
    expect(after).toEqual(ids.slice(250, 255));
  });

  it('ends a long search with how far it came, and goes on from there', async () => {
    const hurried = new HistoryRepository(test.database, new HurriedClock(), new TextIndex(test.database));
    const page = await hurried.getArchivedHistory({ action: 'ban', text: '~~', pageSize: 50 });
    expect(page.items).toEqual([]);
    expect(page.scannedUntil).toBe(page.next?.at);
    expect(page.scannedUntil).toBe(all[1_999]?.at);
    const seen: StoredEvent[] = [];
    let after: HistoryPosition | undefined;
    let pages = 0;
    do {
      const next = await hurried.getArchivedHistory({ text: '17', pageSize: 50, after });
      seen.push(...next.items);
      after = next.next ?? undefined;
      pages += 1;
    } while (after);
    expect(seen).toEqual(all.filter((event) => passes(event, { text: '17' })));
    expect(pages).toBeGreaterThan(1);
  });

  it('tells what was stored after an id, in the order of ids', async () => {
    const ids = all.map(({ id }) => id).sort((one, other) => one - other);
    expect((await history.storedAfter(ids[9] ?? 0, 20)).map(({ id }) => id)).toEqual(ids.slice(10, 30));
    expect(await history.idSpan()).toEqual({ first: ids[0], last: ids.at(-1) });
  });

  it.each<[string, HistoryFilter]>([
    ['ix_history_archive_at', {}],
    ['ix_history_archive_at', { from: noon - 86_400_000, to: noon }],
    ['ix_history_archive_at', { action: 'ban' }],
    ['ix_history_archive_jail', { jail: 'sshd' }],
    ['ix_history_archive_jail', { jail: 'sshd', action: 'unban', to: noon }],
    ['ix_history_archive_country', { country: 'FR' }],
    ['ix_history_archive_asn', { asn: 64_497 }],
    ['ix_history_archive_origin', { origin: 'blocklist' }],
    ['ix_history_archive_address', { network: network('198.18.1.7') }],
    ['ix_history_archive_address', { network: network('198.18.1.0/28') }],
  ])('finds a page through %s, without sorting the archive', async (index, filter) => {
    const asked: [string, readonly SqlValue[]][] = [];
    const { reports } = test.database;
    const watched = Object.create(test.database, {
      reports: {
        value: {
          query: (sql: string, parameters: readonly SqlValue[] = []) => {
            asked.push([sql, parameters]);
            return reports.query(sql, parameters);
          },
        },
      },
    }) as typeof test.database;
    const after = { at: noon - 10 * 86_400_000, id: 5 };
    const read = new HistoryRepository(watched, new Clock(), new TextIndex(watched));
    await read.getArchivedHistory({ ...filter, pageSize: 50, after });
    expect(asked.length).toBeGreaterThan(0);
    for (const [sql, parameters] of asked) {
      const isPostgres = kind === 'postgres';
      const values = parameters.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));
      const plan = await planOf(
        test.database,
        isPostgres ? sql : sql.replaceAll(/\$\d+/g, '?'),
        isPostgres ? values : [...sql.matchAll(/\$(\d+)/g)].map(([, number]) => values[Number(number) - 1]),
      );
      expect(plan).toContain(index);
      const isRange = filter.network?.isAddress === false;
      // Only the few events of a network are sorted.
      if (!isRange) expect(plan).not.toMatch(/SORT|TEMP B-TREE/i);
    }
  });

  it('sums up an address and a network by jail', async () => {
    const sums = await history.totalsOf(network('198.18.0.0/16'));
    const inside = all.filter((event) => passes(event, { network: network('198.18.0.0/16') }));
    expect(sums.reduce((total, { events }) => total + events, 0)).toBe(inside.length);
    const sshd = inside.filter(({ jail, action }) => jail === 'sshd' && action === 'ban');
    expect(sums.find(({ jail, action }) => jail === 'sshd' && action === 'ban')).toEqual({
      jail: 'sshd',
      action: 'ban',
      events: sshd.length,
      failures: sshd.reduce((total, { failures }) => total + (failures ?? 0), 0),
      firstAt: Math.min(...sshd.map(({ at }) => at)),
      lastAt: Math.max(...sshd.map(({ at }) => at)),
    });
  });
});
