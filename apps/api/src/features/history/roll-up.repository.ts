import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.ts';
import { jsonRows } from '../../core/database/json-rows.ts';
import { type Sql } from '../../core/database/sql.ts';
import { DistinctSketch } from '../../core/sketch/distinct-sketch.ts';
import { server } from './archived-row.ts';
import {
  type BatchGrains,
  bucketOf,
  day,
  type Grain,
  nextBucket,
  type OffenderRow,
  type RollUpBatch,
  type RollUpRow,
  type SketchOfBucket,
} from './roll-up.ts';

/** Sums in one statement. */
const rowsPerStatement = 2_000;

/** Addresses that stay of a day that is over, of a week and of a month; docs/adr/0014 says what that means for rankings. */
export const keptOffenders = 1_000;

/** Length of a counter's step in seconds. */
const counterStep = 300;

/** Rows that one statement removes at most, so that no write takes long. */
const bite = 5_000;

/** Keeps the sums of the archive. Everything runs inside the caller's transaction. */
@Injectable()
export class RollUpRepository {
  constructor(private readonly database: Database) {}

  /** Adds a batch to what is stored. */
  async add(sql: Sql, batch: RollUpBatch, grains: BatchGrains = 'all'): Promise<void> {
    await this.addSums(sql, batch.rows(grains));
    await this.addOffenders(sql, batch.offenderRows());
    await this.addSketches(sql, batch.sketchesByBucket(grains));
  }

  private async addSums(sql: Sql, sums: Iterable<RollUpRow>): Promise<void> {
    const rows = jsonRows(this.database.kind, '$1', {
      dimension: 'text',
      grain: 'text',
      bucket: 'integer',
      value: 'text',
      bans: 'integer',
      unbans: 'integer',
      failures: 'integer',
    });
    const statement = `INSERT INTO history_hourly (server, dimension, grain, bucket, value, bans, unbans, failures)
      SELECT '${server}', dimension, grain, bucket, value, bans, unbans, failures FROM ${rows} r WHERE true
      ON CONFLICT (server, dimension, grain, bucket, value) DO UPDATE SET
        bans = history_hourly.bans + excluded.bans,
        unbans = history_hourly.unbans + excluded.unbans,
        failures = history_hourly.failures + excluded.failures`;
    await inStatements(
      sums,
      ({ dimension, grain, bucket, value, bans, unbans, failures }) => [
        dimension,
        grain,
        bucket,
        value,
        bans,
        unbans,
        failures,
      ],
      (some) => sql.query(statement, [JSON.stringify(some)]),
    );
  }

  private async addOffenders(sql: Sql, offenders: Iterable<OffenderRow>): Promise<void> {
    const rows = jsonRows(this.database.kind, '$1', { bucket: 'integer', address: 'text', bans: 'integer' });
    const insert = 'INSERT INTO history_offender (server, grain, bucket, address, bans)';
    const conflict =
      'ON CONFLICT (server, grain, bucket, address) DO UPDATE SET bans = history_offender.bans + excluded.bans';
    const statement = `${insert} SELECT '${server}', 'day', bucket, address, bans FROM ${rows} r WHERE true ${conflict}`;
    const each = `${insert} VALUES ('${server}', 'day', ?, ?, ?) ${conflict}`;
    const days = new Set<number>();
    await inStatements(
      offenders,
      ({ bucket, address, bans }) => {
        days.add(bucket);
        return [bucket, address, bans];
      },
      (some) => sql.insertEach?.(each, some) ?? sql.query(statement, [JSON.stringify(some)]),
    );
    // What was made of the days before is no longer right; until it is made again the days are read.
    for (const grain of madeOfDays) {
      for (const bucket of new Set([...days].map((day) => bucketOf(grain, day)))) {
        await this.forgetOffenders(sql, grain, bucket);
      }
    }
  }

  private async forgetOffenders(sql: Sql, grain: Grain, bucket: number): Promise<void> {
    await sql.query(`DELETE FROM history_offender WHERE server = '${server}' AND grain = $1 AND bucket = $2`, [
      grain,
      bucket,
    ]);
  }

  private async addSketches(sql: Sql, sketches: Iterable<SketchOfBucket>): Promise<void> {
    for (const { grain, bucket, sketch } of sketches) {
      const [stored] = await sql.query<{ sketch: Uint8Array }>(
        `SELECT sketch FROM history_sketch WHERE server = '${server}' AND grain = $1 AND bucket = $2`,
        [grain, bucket],
      );
      // A copy, because the batch goes on using its own.
      const merged = DistinctSketch.fromBytes(sketch.toBytes());
      if (stored) merged.mergeBytes(stored.sketch);
      await sql.query(
        `INSERT INTO history_sketch (server, grain, bucket, sketch) VALUES ('${server}', $1, $2, $3)
         ON CONFLICT (server, grain, bucket) DO UPDATE SET sketch = excluded.sketch`,
        [grain, bucket, merged.toBytes()],
      );
    }
  }

  /** Adds to the failures that jails have seen. The sums of the same failures are the batch's. */
  async addFailures(sql: Sql, deltas: readonly { jail: string; at: number; failures: number }[]): Promise<void> {
    const sums = new Map<string, [jail: string, bucket: number, failures: number]>();
    for (const { jail, at, failures } of deltas) {
      const second = Math.floor(at / 1_000);
      const bucket = second - (second % counterStep);
      const sum = sums.get(`${bucket} ${jail}`) ?? [jail, bucket, 0];
      sum[2] += failures;
      sums.set(`${bucket} ${jail}`, sum);
    }
    const rows = jsonRows(this.database.kind, '$1', { jail: 'text', bucket: 'integer', failures: 'integer' });
    await sql.query(
      `INSERT INTO jail_counter (server, jail, bucket, failures)
       SELECT '${server}', jail, bucket, failures FROM ${rows} r WHERE true
       ON CONFLICT (server, bucket, jail) DO UPDATE SET failures = jail_counter.failures + excluded.failures`,
      [JSON.stringify([...sums.values()])],
    );
  }

  /** Failures that jails saw on one day, for making its sums again. `bucket` is the beginning of the day. */
  failuresOf(sql: Sql, bucket: number): Promise<{ jail: string; bucket: number; failures: number }[]> {
    return sql.query(
      `SELECT jail, bucket, failures FROM jail_counter WHERE server = '${server}' AND bucket >= $1 AND bucket < $2`,
      [bucket, bucket + day],
    );
  }

  /** Forgets the hours and the day of one day, before they are made again. */
  async forgetDay(sql: Sql, bucket: number): Promise<void> {
    for (const table of ['history_hourly', 'history_sketch', 'history_offender'] as const) {
      const dimension = table === 'history_hourly' ? `dimension IN (${dimensionList}) AND` : '';
      for (const grain of grainsUpToDay[table]) {
        await sql.query(
          `DELETE FROM ${table} WHERE server = '${server}' AND ${dimension} grain = $1 AND bucket >= $2 AND bucket < $3`,
          [grain, bucket, bucket + day],
        );
      }
    }
    for (const grain of madeOfDays) await this.forgetOffenders(sql, grain, bucketOf(grain, bucket));
  }

  /** Makes the sums of a month from those of its days. */
  async sumUpMonth(sql: Sql, bucket: number): Promise<void> {
    const end = nextBucket('month', bucket);
    const inMonth = `server = '${server}' AND grain = 'day' AND bucket >= $1 AND bucket < $2`;
    await sql.query(
      `DELETE FROM history_hourly WHERE server = '${server}' AND dimension IN (${dimensionList}) AND grain = 'month' AND bucket = $1`,
      [bucket],
    );
    await sql.query(`DELETE FROM history_sketch WHERE server = '${server}' AND grain = 'month' AND bucket = $1`, [
      bucket,
    ]);
    await sql.query(
      `INSERT INTO history_hourly (server, dimension, grain, bucket, value, bans, unbans, failures)
       SELECT '${server}', dimension, 'month', CAST($1 AS bigint), value,
         CAST(sum(bans) AS bigint), CAST(sum(unbans) AS bigint), CAST(sum(failures) AS bigint)
       FROM history_hourly WHERE dimension IN (${dimensionList}) AND ${inMonth} GROUP BY dimension, value`,
      [bucket, end],
    );
    const days = await sql.query<{ sketch: Uint8Array }>(`SELECT sketch FROM history_sketch WHERE ${inMonth}`, [
      bucket,
      end,
    ]);
    if (days.length === 0) return;
    const month = new DistinctSketch();
    for (const { sketch } of days) month.mergeBytes(sketch);
    await sql.query(
      `INSERT INTO history_sketch (server, grain, bucket, sketch) VALUES ('${server}', 'month', $1, $2)`,
      [bucket, month.toBytes()],
    );
  }

  /**
   * Removes sums of buckets that are over before this time (epoch seconds, the beginning of a day), at most a bite of each
   * kind. Resolves to whether there may be more.
   */
  async removeOldest(sql: Sql, before: number): Promise<boolean> {
    const remove = async (table: string, key: string, where: string, parameters: (string | number)[]) => {
      const rows = await sql.query(
        `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${where}
           LIMIT ${bite}) RETURNING 1 AS n`,
        parameters,
      );
      return rows.length === bite;
    };
    let hasMore = false;
    const ends: [Grain, number][] = [
      ['15min', before],
      ['hour', before],
      ['day', before],
      // A week and a month stay until their last day is gone.
      ['week', bucketOf('week', before)],
      ['month', bucketOf('month', before)],
    ];
    for (const [grain, end] of ends) {
      const over = `server = '${server}' AND grain = $1 AND bucket < $2`;
      for (const dimension of dimensions) {
        const sums = await remove(
          'history_hourly',
          'server, dimension, grain, bucket, value',
          `${over} AND dimension = '${dimension}'`,
          [grain, end],
        );
        hasMore ||= sums;
      }
      const sketches = await remove('history_sketch', 'server, grain, bucket', over, [grain, end]);
      const offenders = await remove('history_offender', 'server, grain, bucket, address', over, [grain, end]);
      hasMore ||= sketches || offenders;
    }
    const counters = await remove('jail_counter', 'server, bucket, jail', `server = '${server}' AND bucket < $1`, [
      before,
    ]);
    return hasMore || counters;
  }

  /**
   * Of days that are over at this time (epoch seconds) only the addresses with the most bans stay, and weeks and months that
   * are over are made of their days. At most a bite; resolves to whether there may be more.
   */
  async condenseOffenders(sql: Sql, now: number): Promise<boolean> {
    const today = bucketOf('day', now);
    const [full] = await sql.query<{ bucket: number; n: number }>(
      `SELECT bucket, count(*) AS n FROM history_offender WHERE server = '${server}' AND grain = 'day' AND bucket < $1
       GROUP BY bucket HAVING count(*) > ${keptOffenders} LIMIT 1`,
      [today],
    );
    if (full) {
      await sql.query(
        `DELETE FROM history_offender WHERE server = '${server}' AND grain = 'day' AND bucket = $1 AND address IN (
           SELECT address FROM history_offender WHERE server = '${server}' AND grain = 'day' AND bucket = $1
           ORDER BY bans, address DESC LIMIT $2)`,
        [full.bucket, Math.min(bite, full.n - keptOffenders)],
      );
      return true;
    }
    for (const grain of madeOfDays) {
      const bucket = await this.unmade(sql, grain, bucketOf(grain, now));
      if (bucket === undefined) continue;
      await sql.query(
        `INSERT INTO history_offender (server, grain, bucket, address, bans)
         SELECT '${server}', '${grain}', CAST($1 AS bigint), address, CAST(sum(bans) AS bigint) FROM history_offender
         WHERE server = '${server}' AND grain = 'day' AND bucket >= $1 AND bucket < $2
         GROUP BY address ORDER BY sum(bans) DESC, address LIMIT ${keptOffenders}`,
        [bucket, nextBucket(grain, bucket)],
      );
      return true;
    }
    return false;
  }

  /** A week or month before this one that has days, but was not made of them yet. */
  private async unmade(sql: Sql, grain: Grain, before: number): Promise<number | undefined> {
    const buckets = async (of: Grain): Promise<number[]> => {
      const rows = await sql.query<{ bucket: number }>(
        `SELECT DISTINCT bucket FROM history_offender WHERE server = '${server}' AND grain = $1 AND bucket < $2`,
        [of, before],
      );
      return rows.map(({ bucket }) => bucket);
    };
    const made = new Set(await buckets(grain));
    return (await buckets('day')).map((day) => bucketOf(grain, day)).find((bucket) => !made.has(bucket));
  }
}

const dimensions = ['all', 'jail', 'country', 'asn', 'origin', 'failures', 'jail-country', 'origin-country'];
const dimensionList = dimensions.map((dimension) => `'${dimension}'`).join(', ');

/** Offenders of these are not counted with each event, but made of days. */
const madeOfDays = ['week', 'month'] as const satisfies readonly Grain[];

/** What a day's sums are made of. */
const grainsUpToDay = {
  history_hourly: ['15min', 'hour', 'day'],
  history_sketch: ['hour', 'day'],
  history_offender: ['day'],
} as const satisfies Record<string, readonly Grain[]>;

/** Writes rows as they are made, some in each statement, so that a large batch never keeps the process busy for long. */
async function inStatements<T>(
  rows: Iterable<T>,
  values: (row: T) => readonly (string | number)[],
  run: (some: readonly (readonly (string | number)[])[]) => Promise<unknown>,
): Promise<void> {
  let some: (readonly (string | number)[])[] = [];
  for (const row of rows) {
    some.push(values(row));
    if (some.length < rowsPerStatement) continue;
    await run(some);
    some = [];
  }
  if (some.length > 0) await run(some);
}
