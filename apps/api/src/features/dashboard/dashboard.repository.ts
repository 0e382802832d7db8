import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.ts';
import { jsonRows } from '../../core/database/json-rows.ts';
import { DistinctSketch } from '../../core/sketch/distinct-sketch.ts';
import {
  archiveBy,
  type BucketRange,
  coverRange,
  type Dimension,
  type Grain,
  historyServer as server,
  type RangeCover,
  type RawRange,
} from '../history/index.ts';
import { type TrendDays, type TrendPlan, type TrendRun } from './trend-plan.ts';

/** What goes up and down over time. */
export type TrendMeasure = 'bans' | 'bans-by-jail' | 'bans-less-unbans' | 'failures';

/** A sum in one bucket of a trend. */
export interface TrendSum {
  /** Number of the bucket. */
  readonly slot: number;
  /** Jail; empty for bans of all jails. */
  readonly name: string;
  readonly n: number;
}

/** Where the sums of a measure are kept, and what of them counts. */
const sums: Readonly<Record<TrendMeasure, { readonly dimension: Dimension; readonly sum: string }>> = {
  bans: { dimension: 'all', sum: 'h.bans' },
  'bans-by-jail': { dimension: 'jail', sum: 'h.bans' },
  'bans-less-unbans': { dimension: 'all', sum: '(h.bans - h.unbans)' },
  failures: { dimension: 'failures', sum: 'h.failures' },
};

/** SQL of the bans less the unbans of rows of the archive. */
const bansLessUnbans = `sum(CASE action WHEN 'ban' THEN 1 ELSE -1 END)`;

/** Grains that all of them have, but for months: no bucket of a trend is as long. */
const trendGrains: readonly Grain[] = ['15min', 'hour', 'day'];

/** Reads the sums of the archive over time. All statements are made of numbers and constants of ours; names go as parameters. */
@Injectable()
export class DashboardRepository {
  constructor(private readonly database: Database) {}

  /** Sums by bucket of the plan, for a range in epoch milliseconds. Buckets without anything are absent. */
  async trend(measure: TrendMeasure, plan: TrendPlan, from: number, to: number): Promise<TrendSum[]> {
    const { boundaries } = plan;
    const last = boundaries.length - 2;
    const { days, pieces } = plan.days;
    const parts = plan.runs.map((run) => this.run(measure, run));
    const parameters: string[] = [];
    if (days.length > 0) parts.push(this.days(measure, plan.days, parameters));
    if (days.length > 0 && pieces.length > 0) parts.push(this.pieces(measure, plan.days, parameters));
    const edge = (slot: number, start: number, end: number): void => {
      const cover = coverRange(Math.max(from, start * 1_000), Math.min(to, end * 1_000), trendGrains);
      for (const { grain, from: first, to: stop } of cover.buckets) {
        if (grain === 'week' || grain === 'month') continue;
        parts.push(this.run(measure, { source: grain, from: first, to: stop, first: slot, step: stop - first }));
      }
      for (const range of cover.raw) parts.push(this.rawEdge(measure, slot, range));
    };
    edge(0, boundaries[0] ?? 0, boundaries[1] ?? 0);
    if (last > 0) edge(last, boundaries[last] ?? 0, boundaries[last + 1] ?? 0);
    return this.database.reports.query<TrendSum>(
      `SELECT slot, name, CAST(sum(n) AS bigint) AS n FROM (${parts.join('\nUNION ALL ')}) parts GROUP BY slot, name`,
      parameters,
    );
  }

  private days(measure: TrendMeasure, { days }: TrendDays, parameters: string[]): string {
    const list = `$${parameters.push(JSON.stringify(days.map(({ slot, from, to }) => [slot, from, to])))}`;
    const rows = jsonRows(this.database.kind, list, { slot: 'integer', start: 'integer', stop: 'integer' });
    return this.inRanges(measure, `(SELECT slot, 1 AS sign, 'day' AS grain, start, stop FROM ${rows} d)`);
  }

  /** What is between local midnights and those in UTC: each is read once, and taken from one day and given to the other. */
  private pieces(measure: TrendMeasure, { days, pieces }: TrendDays, parameters: string[]): string {
    const values = pieces.map(({ slot, sign, grain, from, to }) => [slot, sign, grain, from, to]);
    const rows = jsonRows(this.database.kind, `$${parameters.push(JSON.stringify(values))}`, {
      slot: 'integer',
      sign: 'integer',
      grain: 'text',
      start: 'integer',
      stop: 'integer',
    });
    const first = days[0]?.slot ?? 0;
    // PostgreSQL would otherwise read the pieces once for each of the two days.
    const once = this.database.kind === 'postgres' ? 'OFFSET 0' : '';
    return `SELECT p.slot + s.shift AS slot, p.name, p.n * s.sign AS n
      FROM (${this.inRanges(measure, rows)} ${once}) p
      CROSS JOIN (SELECT 0 AS shift, -1 AS sign UNION ALL SELECT -1, 1) s
      WHERE p.slot + s.shift BETWEEN ${first} AND ${first + days.length - 1}`;
  }

  /** Sums by name of each range of a table with slot, sign, grain, start and stop. */
  private inRanges(measure: TrendMeasure, ranges: string): string {
    const { dimension, sum } = sums[measure];
    const where = `h.server = '${server}' AND h.dimension = '${dimension}' AND h.grain = r.grain
      AND h.bucket >= r.start AND h.bucket < r.stop`;
    if (this.database.kind === 'sqlite') {
      return `SELECT r.slot, h.value AS name, CAST(sum(r.sign * ${sum}) AS bigint) AS n
        FROM ${ranges} r CROSS JOIN history_hourly h WHERE ${where} GROUP BY 1, 2`;
    }
    // With a plain join PostgreSQL reads the sums of all time for each of the ranges; OFFSET keeps it from making it one.
    return `SELECT r.slot, l.name, r.sign * l.n AS n FROM ${ranges} r CROSS JOIN LATERAL (
        SELECT h.value AS name, ${sum} AS n FROM history_hourly h WHERE ${where} OFFSET 0
      ) l`;
  }

  private run(measure: TrendMeasure, { source, from, to, first, step }: TrendRun): string {
    if (source === 'rows') {
      return this.rows(
        measure,
        { from: from * 1_000, to: to * 1_000 },
        (seconds) => `(${seconds} - ${from}) / ${step} + ${first}`,
      );
    }
    const { dimension, sum } = sums[measure];
    return `SELECT (bucket - ${from}) / ${step} + ${first} AS slot, value AS name, CAST(sum(${sum}) AS bigint) AS n
      FROM history_hourly h WHERE server = '${server}' AND dimension = '${dimension}' AND grain = '${source}'
      AND bucket >= ${from} AND bucket < ${to} GROUP BY 1, 2`;
  }

  private rawEdge(measure: TrendMeasure, slot: number, range: RawRange): string {
    return this.rows(measure, range, () => String(slot));
  }

  private rows(measure: TrendMeasure, { from, to }: RawRange, slot: (seconds: string) => string): string {
    if (measure === 'failures') {
      return `SELECT CAST(${slot('bucket')} AS bigint) AS slot, jail AS name, CAST(sum(failures) AS bigint) AS n
        FROM jail_counter WHERE server = '${server}' AND bucket >= ${Math.ceil(from / 1_000)}
        AND bucket < ${Math.ceil(to / 1_000)} GROUP BY 1, 2`;
    }
    const name = measure === 'bans-by-jail' ? 'jail' : `''`;
    const [n, only] = measure === 'bans-less-unbans' ? [bansLessUnbans, ''] : ['count(*)', `action = 'ban' AND`];
    return `SELECT CAST(${slot('at / 1000')} AS bigint) AS slot, ${name} AS name, ${n} AS n
      FROM ${archiveBy(this.database.kind, 'ix_history_archive_at')} WHERE ${only} at >= ${from} AND at < ${to} GROUP BY 1, 2`;
  }

  /** All bans of a range, or the bans less the unbans. */
  async total({ buckets, raw }: RangeCover, measure: 'bans' | 'bans-less-unbans' = 'bans'): Promise<number> {
    const parts = ['SELECT 0 AS n'];
    for (const { grain, from, to } of buckets) {
      parts.push(
        `SELECT ${sums[measure].sum} FROM history_hourly h WHERE server = '${server}' AND dimension = 'all'
         AND grain = '${grain}' AND bucket >= ${from} AND bucket < ${to}`,
      );
    }
    const [n, only] = measure === 'bans' ? ['count(*)', `action = 'ban' AND`] : [bansLessUnbans, ''];
    for (const { from, to } of raw) {
      parts.push(
        `SELECT ${n} FROM ${archiveBy(this.database.kind, 'ix_history_archive_at')} WHERE ${only} at >= ${from} AND at < ${to}`,
      );
    }
    const [row] = await this.database.reports.query<{ n: number | null }>(
      `SELECT CAST(sum(n) AS bigint) AS n FROM (${parts.join('\nUNION ALL ')}) parts`,
    );
    return row?.n ?? 0;
  }

  /** The different addresses of a range. */
  async distinct(cover: RangeCover): Promise<number> {
    const sketch = new DistinctSketch();
    for (const { grain, from, to } of cover.buckets) {
      const rows = await this.database.reports.query<{ sketch: Uint8Array }>(
        `SELECT sketch FROM history_sketch WHERE server = '${server}' AND grain = '${grain}'
         AND bucket >= ${from} AND bucket < ${to}`,
      );
      for (const row of rows) sketch.mergeBytes(row.sketch);
    }
    for (const { from, to } of cover.raw) {
      const rows = await this.database.reports.query<{ address_key: Uint8Array }>(
        `SELECT DISTINCT address_key FROM ${archiveBy(this.database.kind, 'ix_history_archive_at')} WHERE action = 'ban' AND at >= ${from} AND at < ${to}`,
      );
      for (const row of rows) sketch.add(row.address_key);
    }
    return sketch.estimate();
  }

  /** The different addresses of each of these buckets that had any, by its beginning. Times are epoch seconds. */
  async distinctByBucket({ grain, from, to }: BucketRange): Promise<ReadonlyMap<number, number>> {
    const rows = await this.database.reports.query<{ bucket: number; sketch: Uint8Array }>(
      `SELECT bucket, sketch FROM history_sketch WHERE server = '${server}' AND grain = '${grain}'
       AND bucket >= ${from} AND bucket < ${to}`,
    );
    return new Map(rows.map(({ bucket, sketch }) => [bucket, DistinctSketch.estimateOf(sketch)]));
  }
}
