import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { archiveEvent, archiveWriter, manyEvents, noon, readBack, seeded } from '../../../test/archive-events.ts';
import { databaseKinds, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { BansSnapshot } from '../bans/index.ts';
import { BansRankingRepository, coverRange, type RankedColumn, type StoredEvent } from '../history/index.ts';
import { DashboardRepository } from './dashboard.repository.ts';
import { RankingRepository } from './ranking.repository.ts';
import { rankingSource } from './ranking-source.ts';
import { DashboardService } from './dashboard.service.ts';

/** Shows noon, or what is set, and whatever is done takes no time: a busy machine must not end what is counted early. */
class StoppedClock extends Clock {
  at = noon;

  override now(): number {
    return this.at;
  }

  override monotonic(): number {
    return 0;
  }
}

/** Every look at it is a minute later than the one before. */
class HurriedClock extends Clock {
  private looks = 0;

  override monotonic(): number {
    this.looks += 1;
    return this.looks * 60_000;
  }
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

describe.each(databaseKinds)('the dashboard on %s', (kind) => {
  let test: TestDatabase;
  let dashboard: DashboardService;
  let hurried: DashboardService;
  let events: StoredEvent[];
  let bans: StoredEvent[];
  let snapshot: BansSnapshot;
  const failures: { jail: string; at: number; failures: number }[] = [];
  const clock = new StoppedClock();
  beforeAll(async () => {
    test = await testDatabase(kind);
    const { writer } = await archiveWriter(test.database, clock);
    const stored = await writer.append([
      ...manyEvents(5_000, { days: 70, seed: 3 }),
      ...manyEvents(1_000, { days: 2, seed: 4 }),
      archiveEvent({ at: noon - 1, jail: 'Jail_with.dots-1' }),
    ]);
    events = stored.map(readBack);
    bans = events.filter(({ action }) => action === 'ban');
    const random = seeded(5);
    for (let index = 0; index < 300; index += 1) {
      const at = noon - random(40 * 288) * 300_000;
      failures.push({ jail: index % 2 === 0 ? 'sshd' : 'nginx', at, failures: 1 + random(5) });
    }
    await writer.countFailures(failures);
    // Makes the months that are over of their days.
    await writer.purge(0);
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    snapshot = new BansSnapshot(new EventBus(log));
    const service = (at: Clock): DashboardService =>
      new DashboardService(
        new DashboardRepository(test.database),
        new RankingRepository(test.database),
        new BansRankingRepository(test.database, at),
        snapshot,
        clock,
      );
    dashboard = service(clock);
    hurried = service(new HurriedClock());
  });
  afterAll(() => test.close());

  const within = (from: number, to: number): StoredEvent[] => bans.filter(({ at }) => at >= from && at < to);
  const random = seeded(11);
  const ranges: [from: number, to: number][] = [
    [noon - hourMs, noon],
    [noon - 6 * hourMs, noon],
    [noon - dayMs, noon],
    [noon - 7 * dayMs, noon],
    [noon - 30 * dayMs, noon],
    [noon - 365 * dayMs, noon],
    [Date.UTC(2026, 6, 1), Date.UTC(2026, 7, 1)],
    [Date.UTC(2026, 6, 3), Date.UTC(2026, 6, 4)],
    [noon - 5_000, noon - 3_000],
    ...Array.from({ length: 12 }, (): [number, number] => {
      const from = noon - random(70 * 86_400) * 1_000 - random(1_000);
      return [from, from + 1 + random(60 * 86_400) * 1_000];
    }),
  ];
  const zones = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/New_York', 'Pacific/Auckland'];

  it.each(ranges)('counts from %i to %i exactly, in buckets without gaps, in every zone', async (from, to) => {
    for (const timeZone of zones) {
      const trend = await dashboard.trend({ from, to, timeZone, by: 'jail' });
      expect(trend.buckets[0]?.at).toBeLessThanOrEqual(from);
      trend.buckets.forEach(({ at, total, byJail }, index) => {
        const end = trend.buckets[index + 1]?.at ?? to;
        const inside = within(Math.max(from, at), Math.min(to, end));
        const counts: Record<string, number> = {};
        for (const { jail } of inside) counts[jail] = (counts[jail] ?? 0) + 1;
        expect([timeZone, at, total, byJail]).toEqual([timeZone, at, inside.length, counts]);
      });
      const plain = await dashboard.trend({ from, to, timeZone });
      expect(plain.buckets.map(({ at, total }) => [at, total])).toEqual(
        trend.buckets.map(({ at, total }) => [at, total]),
      );
    }
  });

  it.each(ranges)('sums up from %i to %i beside the period before', async (from, to) => {
    const before = from - (to - from);
    const summary = await dashboard.summary({ from, to, timeZone: 'Europe/Berlin' });
    expect(summary.bans.value).toBe(within(from, to).length);
    expect(summary.bans.previous).toBe(within(before, from).length);
    expect(summary.bans.series.reduce((total, n) => total + n, 0)).toBe(summary.bans.value);
    // Counters have steps of five minutes; a step belongs to the range in which it begins.
    const seen = failures.filter(({ at }) => at >= from && at < to).reduce((total, { failures: n }) => total + n, 0);
    expect(summary.failures.value).toBe(seen);
    const distinct = new Set(within(from, to).map(({ address }) => address)).size;
    const { value, error, series } = summary.distinctAddresses;
    expect(Math.abs(value - distinct)).toBeLessThanOrEqual(Math.max(1, 4 * error * distinct));
    const step = to - from > 8 * dayMs ? dayMs : hourMs;
    const first = Math.floor(from / step) * step;
    expect(series).toHaveLength(Math.ceil((to - first) / step));
    series.forEach((n, index) => {
      const start = first + index * step;
      const inBucket = new Set(within(start, start + step).map(({ address }) => address)).size;
      expect(Math.abs(n - inBucket)).toBeLessThanOrEqual(Math.max(1, 4 * error * inBucket));
    });
  });

  it.each(ranges)('reckons from %i to %i how many bans were in force, from those of now', async (from, to) => {
    for (const inForce of [0, 4_000]) {
      const list = Array.from({ length: inForce }, (_, index) => ({
        address: `10.0.${index >> 8}.${index & 255}`,
        bannedAt: noon / 1_000,
        duration: -1,
        expiresAt: null,
      }));
      await snapshot.replace('sshd', list);
      const query = { from, to, timeZone: 'Europe/Berlin' };
      const { buckets } = await dashboard.trend(query);
      const { bannedNow, bannedOverTime } = await dashboard.summary(query);
      expect(bannedNow).toBe(inForce);
      const expected = buckets.map((_, index) => {
        const end = buckets[index + 1]?.at ?? to;
        const later = events.filter(({ at }) => at >= Math.min(to, end));
        const begun = later.filter(({ action }) => action === 'ban').length;
        return Math.max(0, inForce - begun + (later.length - begun));
      });
      expect(bannedOverTime).toEqual(expected);
    }
  });

  const valueOf: Record<RankedColumn, (event: StoredEvent) => string> = {
    country: ({ country }) => country ?? '?',
    jail: ({ jail }) => jail,
    asn: ({ asn }) => String(asn ?? '?'),
    address: ({ address }) => address,
  };
  const filters = [
    {},
    { jail: 'sshd' },
    { jail: 'Jail_with.dots-1' },
    { country: 'DE' },
    { origin: 'blocklist' as const },
    { jail: 'sshd', country: 'DE' },
    { jail: 'sshd', country: 'DE', origin: 'selfblock' as const },
  ];
  const rankings = (['country', 'jail', 'asn', 'address'] as const).flatMap((by) =>
    filters.map((filter) => [by, JSON.stringify(filter), filter] as const),
  );

  it.each(rankings)('ranks by %s with %s as the rows say', async (by, _text, filter) => {
    for (const [from, to] of ranges) {
      const count = (start: number, end: number): Map<string, number> => {
        const counts = new Map<string, number>();
        for (const event of within(start, end)) {
          const {
            jail = event.jail,
            country = event.country,
            origin = event.origin,
          } = { ...filter } as Partial<StoredEvent>;
          if (event.jail !== jail || event.country !== country || event.origin !== origin) continue;
          const key = valueOf[by](event);
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        return counts;
      };
      const [now, before] = [count(from, to), count(Math.max(0, from - (to - from)), from)];
      const expected = [...now]
        .map(([key, n]) => ({ key, bans: n, previous: before.get(key) ?? 0 }))
        .sort((one, other) => other.bans - one.bans || (one.key < other.key ? -1 : 1))
        .slice(0, 10);
      const ranking = await dashboard.ranking(by, { from, to, limit: 10, ...filter });
      expect([from, to, ranking.items.map(({ key, bans: n, previous }) => ({ key, bans: n, previous }))]).toEqual([
        from,
        to,
        expected,
      ]);
      expect(ranking.total).toBe([...now.values()].reduce((total, n) => total + n, 0));
      expect(ranking.countedSince).toBeUndefined();
    }
  });

  it('ranks offenders the same whether weeks and months were made of their days or not yet', async () => {
    const rankings = () =>
      Promise.all(ranges.map(([from, to]) => dashboard.ranking('address', { from, to, limit: 10 })));
    const grains = () =>
      test.database.reports.query('SELECT DISTINCT grain FROM history_offender WHERE bucket < $1 ORDER BY grain', [
        (noon - 40 * dayMs) / 1_000,
      ]);
    const made = await rankings();
    expect(await grains()).toEqual([{ grain: 'day' }, { grain: 'month' }, { grain: 'week' }]);
    for (const grain of ['week', 'month']) {
      await test.database.writeInBackground((sql) =>
        sql.query('DELETE FROM history_offender WHERE grain = $1', [grain]),
      );
      expect(await rankings()).toEqual(made);
    }
    // What the upkeep of an archive does that has none yet.
    const { writer } = await archiveWriter(test.database, clock);
    await writer.purge(0);
    expect(await grains()).toEqual([{ grain: 'day' }, { grain: 'month' }, { grain: 'week' }]);
    expect(await rankings()).toEqual(made);
  });

  it('names autonomous systems', async () => {
    const { items } = await dashboard.ranking('asn', { from: noon - dayMs, to: noon });
    expect(items.find(({ key }) => key === '64497')?.label).toBe('Example Two');
    expect(items.find(({ key }) => key === '?')).not.toHaveProperty('label');
  });

  it('says since when it counted where a combination of filters takes too long', async () => {
    const query = { from: noon - 70 * dayMs, to: noon, origin: 'selfblock', limit: 300 } as const;
    const { items, total, countedSince = 0 } = await hurried.ranking('address', query);
    const counted = within(countedSince, noon).filter(({ origin }) => origin === 'selfblock');
    expect(countedSince).toBeGreaterThan(query.from);
    expect(total).toBe(counted.length);
    expect(items[0]?.previous).toBe(0);
  });

  it.each([
    [{ from: 5, to: 5 }, 'to'],
    [{ from: 0, to: 1_101 * dayMs }, 'to'],
    [{ from: 0, to: 5, timeZone: 'Nowhere' }, 'timeZone'],
  ])('refuses %j', async (query, field) => {
    await expect(dashboard.trend(query)).rejects.toMatchObject({ status: 400, errors: [{ field }] });
  });
});

describe('a ranking on SQLite', () => {
  const byBucket = 'grain=? AND bucket=?';
  it.each([
    ['asn', '64496', [`SEARCH h USING PRIMARY KEY (server=? AND dimension=? AND ${byBucket} AND value=?)`]],
    [
      'address',
      '192.0.2.1',
      [
        `SEARCH h USING PRIMARY KEY (server=? AND ${byBucket} AND address=?)`,
        'SEARCH history_archive USING INDEX ix_history_archive_address (address_key=? AND at>? AND at<?)',
      ],
    ],
  ] as const)('by %s finds what was before by key', async (by, name, expected) => {
    const test = await testDatabase('sqlite');
    try {
      const source = rankingSource(by, {});
      if (!source) throw new Error('there are sums of it');
      const query = vi.spyOn(test.database.reports, 'query');
      const cover = coverRange(noon - 40 * dayMs, noon, source.grains);
      await new RankingRepository(test.database).bansOf([name], by, source, cover);
      const [sql = '', parameters] = query.mock.lastCall ?? [];
      const plan = await test.database.reports.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
      const searches = plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SEARCH'));
      expect(new Set(searches)).toEqual(new Set(expected));
    } finally {
      await test.close();
    }
  });
});
