import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { archiveEvent, archiveWriter, manyEvents, network, noon, readBack } from '../../../test/archive-events.ts';
import { databaseKinds, emptyDatabase, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { entities } from '../../app.module.ts';
import { Clock } from '../../core/clock.ts';
import { openDatabase } from '../../core/database/open-database.ts';
import { type EventBus } from '../../core/events/event-bus.ts';
import { DistinctSketch } from '../../core/sketch/distinct-sketch.ts';
import { type AppendedEvent, type ArchiveEvent, archiveGrew } from './archive-event.ts';
import { type ArchiveWriter } from './archive-writer.ts';
import { keptMatches } from './kept-matches.ts';

const day = 86_400;

/** Every look at it is so many milliseconds later than the one before. */
class ClockAt extends Clock {
  private looks = 0;

  constructor(private readonly stepMs: number) {
    super();
  }

  override monotonic(): number {
    this.looks += 1;
    return this.looks * this.stepMs;
  }
}

describe.each(databaseKinds)('the writer of the archive on %s', (kind) => {
  let test: TestDatabase;
  let writer: ArchiveWriter;
  let events: EventBus;
  beforeEach(async () => {
    test = await testDatabase(kind);
    ({ writer, events } = await archiveWriter(test.database));
  });
  afterEach(() => test.close());
  const rows = <Row>(sql: string): Promise<Row[]> => test.database.reports.query<Row>(sql);
  const sums = (): Promise<unknown[]> =>
    rows(`SELECT dimension, grain, bucket, value, bans, unbans, failures FROM history_hourly
          ORDER BY dimension, grain, bucket, value`);
  const offenders = (): Promise<unknown[]> =>
    rows('SELECT grain, bucket, address, bans FROM history_offender ORDER BY grain, bucket, address');
  const sketches = async (): Promise<unknown[]> =>
    (await rows<{ sketch: Uint8Array }>('SELECT grain, bucket, sketch FROM history_sketch ORDER BY grain, bucket')).map(
      (row) => ({ ...row, sketch: Buffer.from(row.sketch).toString('hex') }),
    );

  it('fills in what became known of a ban later: its lines are found, and sums agree with the rows', async () => {
    const late = archiveEvent({ address: '192.0.2.7', failures: null, banCount: null, duration: null });
    const known = archiveEvent({ address: '192.0.2.8', matches: ['as it was'] });
    await writer.append([late, known]);
    const told = {
      failedAt: noon - 1_000,
      duration: 600,
      banCount: 2,
      failures: 5,
      matches: keptMatches(['Failed password']),
    };
    const bans = ['192.0.2.7', '192.0.2.8', '192.0.2.9'].map((address) => ({
      ...told,
      jail: 'sshd',
      address,
      at: noon,
    }));
    for (let round = 0; round < 2; round += 1) {
      await test.database.writeInBackground((sql) => writer.complete(sql, bans));
    }
    expect(
      await rows('SELECT address, failed_at, duration, ban_count, failures, matches FROM history_archive ORDER BY id'),
    ).toEqual([
      {
        address: '192.0.2.7',
        failed_at: noon - 1_000,
        duration: 600,
        ban_count: 2,
        failures: 5,
        matches: '["Failed password"]',
      },
      expect.objectContaining({ address: '192.0.2.8', failures: 3, matches: '["as it was"]' }),
    ]);
    if (kind === 'sqlite')
      expect(await rows(`SELECT rowid AS id FROM history_text WHERE history_text MATCH 'pas'`)).toEqual([{ id: 1 }]);
    const added = await sums();
    await writer.rebuildRollUps();
    expect(await sums()).toEqual(added);
  });

  it('stores everything of an event, gives it an id, and tells it after the commit', async () => {
    const told: AppendedEvent[][] = [];
    events.on(archiveGrew, (stored) => told.push([...stored]));
    const stored = await writer.append([
      archiveEvent({
        address: '2001:db8::5',
        failedAt: noon - 2_000,
        duration: -1,
        banCount: 7,
        matches: ['one', 'two'],
        origin: 'blocklist',
        actor: 'admin',
        reason: 'because',
      }),
      archiveEvent({ address: '10.0.0.0/8', action: 'unban', duration: null, cause: 'bangui' }),
    ]);
    expect(stored.map(({ id }) => id)).toEqual([1, 2]);
    expect(stored[0]).toEqual({
      id: 1,
      jail: 'sshd',
      address: '2001:db8::5',
      action: 'ban',
      at: noon,
      failedAt: noon - 2_000,
      duration: -1,
      banCount: 7,
      failures: 3,
      matches: '["one","two"]',
      origin: 'blocklist',
      cause: null,
      actor: 'admin',
      reason: 'because',
      country: 'FR',
      asn: 64_497,
      organisation: 'Example Two',
    });
    expect(told).toEqual([stored]);
    expect(await rows('SELECT address, prefix, cause FROM history_archive ORDER BY id')).toEqual([
      { address: '2001:db8::5', prefix: 128, cause: null },
      { address: '10.0.0.0/8', prefix: 104, cause: 'bangui' },
    ]);
  });

  it('stores the same event once, within a call and over calls, and says what was new', async () => {
    const one = archiveEvent();
    const other = archiveEvent({ at: noon + 1 });
    expect(await writer.append([one, one])).toHaveLength(1);
    expect((await writer.append([one, other])).map(({ at }) => at)).toEqual([noon + 1]);
    expect(await writer.append([one, other])).toEqual([]);
    expect(await writer.append([])).toEqual([]);
    expect(await rows(`SELECT bans FROM history_hourly WHERE dimension = 'all' AND grain = 'hour'`)).toEqual([
      { bans: 2 },
    ]);
  });

  it('stores what is there already no second time, and ids go up', async () => {
    await writer.append([archiveEvent()]);
    for (let round = 0; round < 5; round += 1) expect(await writer.append([archiveEvent()])).toEqual([]);
    const [next] = await writer.append([archiveEvent({ at: noon + 5 })]);
    // A server's sequence is shared by all who insert; SQLite's number is the table's own, and there are 2^63 of them.
    if (kind === 'postgres') expect(next?.id).toBe(2);
    expect(next?.id).toBeGreaterThan(1);
    expect(await rows('SELECT count(*) AS n FROM history_archive')).toEqual([{ n: 2 }]);
  });

  it('takes back rows, sums and what goes along when one of them fails', async () => {
    await expect(
      writer.append([archiveEvent()], async (sql) => {
        await sql.query('INSERT INTO jail_counter (server, bucket, jail, failures) VALUES ($1, $2, $3, $4)', [
          'local',
          300,
          'sshd',
          1,
        ]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await rows('SELECT id FROM history_archive')).toEqual([]);
    expect(await sums()).toEqual([]);
    expect(await rows('SELECT failures FROM jail_counter')).toEqual([]);
    await writer.append([archiveEvent()], async (sql) => {
      await sql.query('INSERT INTO jail_counter (server, bucket, jail, failures) VALUES ($1, $2, $3, $4)', [
        'local',
        300,
        'sshd',
        1,
      ]);
    });
    expect(await rows('SELECT failures FROM jail_counter')).toEqual([{ failures: 1 }]);
  });

  it('keeps hostile lines as they are, cut where they are too long or too many', async () => {
    const hostile = ['<script>alert(1)</script>', '\u001b[31m\u0007\u0000', '\ud800 lone', '=cmd|calc', 'ü€😀', '"\\'];
    const append = async (event: ArchiveEvent) => (await writer.append([event])).map(readBack)[0];
    const stored = await append(
      archiveEvent({ matches: [...hostile, 'x'.repeat(1_000_000), '€'.repeat(8_000)], reason: 'a\0b\ud800' }),
    );
    const many = await append(archiveEvent({ at: noon + 1, matches: Array<string>(5_000).fill('line') }));
    const wide = await append(archiveEvent({ at: noon + 2, matches: Array<string>(100).fill('y'.repeat(8_000)) }));
    expect(stored?.matches.slice(0, 6)).toEqual(hostile);
    expect(stored?.matches[6]).toMatch(/^x{8192}… \(991808 more characters\)$/);
    expect(Buffer.byteLength(stored?.matches[7] ?? '')).toBeLessThan(8_192 + 60);
    expect(stored?.matches[7]).toMatch(/^€+… \(\d+ more characters\)$/);
    expect(stored?.reason).toBe('a\ufffdb\ufffd');
    expect(many?.matches).toHaveLength(101);
    expect(many?.matches.at(-1)).toBe('… (4900 more lines)');
    expect(Buffer.byteLength(JSON.stringify(wide?.matches))).toBeLessThan(70_000);
    const read = await rows<{ matches: string }>('SELECT matches FROM history_archive ORDER BY id');
    expect(JSON.parse(read[0]?.matches ?? '')).toEqual(stored?.matches);
  });

  it('keeps sums, offenders and sketches that agree with the rows, however the events come', async () => {
    const all = manyEvents(6_000, { days: 40 });
    await writer.append(all.slice(0, 4_500));
    for (let start = 4_500; start < all.length; start += 500) await writer.append(all.slice(start, start + 500));
    const perDay = await rows(
      `SELECT at / ${day * 1000} * ${day} AS bucket, jail AS value,
         count(CASE WHEN action = 'ban' THEN 1 END) AS bans, count(CASE WHEN action = 'unban' THEN 1 END) AS unbans,
         CAST(coalesce(sum(CASE WHEN action = 'ban' THEN failures END), 0) AS bigint) AS failures
       FROM history_archive GROUP BY at / ${day * 1000} * ${day}, jail ORDER BY bucket, value`,
    );
    expect(
      await rows(
        `SELECT bucket, value, bans, unbans, failures FROM history_hourly WHERE dimension = 'jail' AND grain = 'day'
         ORDER BY bucket, value`,
      ),
    ).toEqual(perDay);
    const [total] = await rows<{ n: number }>(`SELECT count(*) AS n FROM history_archive WHERE action = 'ban'`);
    for (const dimension of ['all', 'jail', 'country', 'asn', 'origin', 'jail-country', 'origin-country']) {
      for (const grain of dimension.includes('-') ? ['day', 'month'] : ['hour', 'day', 'month']) {
        expect([
          dimension,
          grain,
          await rows(
            `SELECT CAST(sum(bans) AS bigint) AS n FROM history_hourly
             WHERE dimension = '${dimension}' AND grain = '${grain}'`,
          ),
        ]).toEqual([dimension, grain, [total]]);
      }
    }
    expect(
      await rows(`SELECT address, CAST(sum(bans) AS bigint) AS bans FROM history_offender WHERE grain = 'day'
                  GROUP BY address ORDER BY address`),
    ).toEqual(
      await rows(`SELECT address, count(*) AS bans FROM history_archive WHERE action = 'ban'
                  GROUP BY address ORDER BY address`),
    );
    const distinct = new Set(all.filter(({ action }) => action === 'ban').map(({ address }) => address.toString()))
      .size;
    const whole = new DistinctSketch();
    for (const { sketch } of await rows<{ sketch: Uint8Array }>(
      `SELECT sketch FROM history_sketch WHERE grain = 'month'`,
    )) {
      whole.mergeBytes(sketch);
    }
    expect(Math.abs(whole.estimate() / distinct - 1)).toBeLessThan(4 * DistinctSketch.standardError);
  });

  it('makes the same sums again from the rows, also when they were wrong or gone', async () => {
    await writer.append(manyEvents(5_000, { days: 40, seed: 7 }));
    await writer.countFailures([
      { jail: 'sshd', at: noon, failures: 5 },
      { jail: 'sshd', at: noon - day * 1_000, failures: 7 },
    ]);
    const before = [await sums(), await offenders(), await sketches()];
    await test.database.writeInBackground(async (sql) => {
      await sql.query(`DELETE FROM history_hourly WHERE dimension = 'country'`);
      await sql.query(`UPDATE history_hourly SET bans = bans + 1`);
      await sql.query(`DELETE FROM history_offender`);
      await sql.query(`DELETE FROM history_sketch`);
    });
    await writer.rebuildRollUps();
    expect([await sums(), await offenders(), await sketches()]).toEqual(before);
  });

  it('forgets whole days and their sums, in bites, and nothing else', async () => {
    await writer.append(manyEvents(5_000, { days: 5 }));
    const cut = noon - 2 * day * 1_000;
    const midnight = cut - (cut % (day * 1_000));
    const [old] = await rows<{ n: number }>(`SELECT count(*) AS n FROM history_archive WHERE at < ${midnight}`);
    const [kept] = await rows(`SELECT count(*) AS n FROM history_archive WHERE at >= ${midnight}`);
    const n = old?.n ?? 0;
    expect(n).toBeGreaterThan(1_500);
    expect(await writer.purge(cut)).toBe(n);
    expect(await rows('SELECT count(*) AS n FROM history_archive')).toEqual([kept]);
    expect(
      await rows(`SELECT grain FROM history_hourly WHERE grain <> 'month' AND bucket < ${midnight / 1_000}`),
    ).toEqual([]);
    if (kind === 'sqlite') {
      const kept = await rows(`SELECT count(*) AS n FROM history_archive WHERE matches LIKE '%Fai%'`);
      await expect.poll(() => rows(`SELECT count(*) AS n FROM history_text('"Fai"')`)).toEqual(kept);
    }
    expect(await writer.purge(cut)).toBe(0);
  });

  it('takes smaller bites where they take long, because other writes wait for them', async () => {
    await writer.append(manyEvents(2_000, { days: 1 }));
    const bites = async (speed: Clock): Promise<number> => {
      const patient = await archiveWriter(test.database, speed);
      const write = vi.spyOn(test.database, 'writeInBackground');
      await patient.writer.purge(noon + 2 * day * 1_000);
      // The other steps of the clean-up tell whether there is more.
      const counted = write.mock.settledResults.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
      write.mockRestore();
      expect(counted.reduce((sum, n) => sum + n, 0)).toBe(2_000);
      return counted.length;
    };
    expect(await bites(new ClockAt(60_000))).toBeGreaterThan(60);
    await writer.append(manyEvents(2_000, { days: 1 }));
    expect(await bites(new ClockAt(1))).toBe(4);
  });

  it('lets only the worst offenders of days that are over stay, and makes weeks and months that are over of them', async () => {
    const addresses = Array.from({ length: 1_500 }, (_, index) => `198.18.${index >> 8}.${index & 255}`);
    await writer.append(addresses.map((address) => archiveEvent({ address })));
    await writer.append(addresses.slice(700, 1_200).map((address) => archiveEvent({ address, at: noon + 1 })));
    await writer.purge(0);
    const kept = (grain: string): Promise<{ address: string; bans: number }[]> =>
      rows(`SELECT address, bans FROM history_offender WHERE grain = '${grain}' ORDER BY bans DESC, address`);
    expect(await kept('day')).toHaveLength(1_000);
    expect((await kept('day')).filter(({ bans }) => bans === 2)).toHaveLength(500);
    expect(await kept('week')).toEqual(await kept('day'));
    expect(await kept('month')).toEqual(await kept('day'));
    // A late event makes them wrong, so they are made again.
    await writer.append([archiveEvent({ at: noon + day * 1_000 })]);
    expect(await kept('week')).toEqual([]);
    expect(await kept('month')).toEqual([]);
    await writer.purge(0);
    expect(await kept('week')).toHaveLength(1_000);
    expect(await kept('month')).toHaveLength(1_000);
    // It may also be made again from the rows.
    const made = await kept('week');
    await test.database.writeInBackground((sql) =>
      sql.query(`UPDATE history_offender SET bans = bans + 1 WHERE grain <> 'day'`),
    );
    await writer.rebuildRollUps();
    expect(await kept('week')).toEqual([]);
    await writer.purge(0);
    expect(await kept('week')).toEqual(made);
  });

  it('adds up the failures that jails have seen', async () => {
    await writer.countFailures([
      { jail: 'sshd', at: noon, failures: 2 },
      { jail: 'sshd', at: noon + 60_000, failures: 3 },
      { jail: 'nginx', at: noon, failures: 0 },
    ]);
    await writer.countFailures([{ jail: 'sshd', at: noon + 300_000, failures: 4 }]);
    expect(await rows('SELECT bucket, failures FROM jail_counter ORDER BY bucket')).toEqual([
      { bucket: noon / 1_000, failures: 5 },
      { bucket: noon / 1_000 + 300, failures: 4 },
    ]);
    expect(await rows(`SELECT grain, value, failures FROM history_hourly ORDER BY grain`)).toEqual(
      ['15min', 'day', 'hour', 'month'].map((grain) => ({ grain, value: 'sshd', failures: 9 })),
    );
  });

  it('finds a network by the 16 bytes of its first address', async () => {
    await writer.append([archiveEvent({ address: '192.0.2.0/24' })]);
    const [row] = await rows<{ address_key: Uint8Array }>('SELECT address_key FROM history_archive');
    expect([...(row?.address_key ?? [])]).toEqual([...network('192.0.2.0').key()]);
  });
});

describe('two writers on one PostgreSQL', () => {
  it('store each event once, and nobody ever sees an id before a smaller one', async () => {
    const empty = await emptyDatabase('postgres');
    const databases = [await openDatabase(empty, entities), await openDatabase(empty, entities)] as const;
    const [one, other] = await Promise.all(databases.map((database) => archiveWriter(database)));
    const all = manyEvents(3_000);
    const seen: number[] = [];
    const state = { isDone: false };
    const watching = (async () => {
      while (!state.isDone) {
        const rows = await databases[0].reports.query<{ id: number }>(
          'SELECT id FROM history_archive WHERE id > $1 ORDER BY id',
          [seen.at(-1) ?? 0],
        );
        seen.push(...rows.map(({ id }) => id));
      }
    })();
    await Promise.all(
      [one, other].map(async (half) => {
        for (let start = 0; start < all.length; start += 50) await half?.writer.append(all.slice(start, start + 50));
      }),
    );
    state.isDone = true;
    await watching;
    const rows = await databases[1].reports.query<{ id: number }>('SELECT id FROM history_archive ORDER BY id');
    for (const database of databases) await database.close();
    await empty.remove();
    const distinct = new Set(all.map(({ jail, address, action, at }) => [jail, address.toString(), action, at].join()));
    expect(rows).toHaveLength(distinct.size);
    expect(seen).toEqual(rows.map(({ id }) => id).slice(0, seen.length));
  });
});
