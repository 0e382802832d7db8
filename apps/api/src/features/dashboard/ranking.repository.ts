import { Injectable } from '@nestjs/common';
import { Network } from '@bangui/ip';
import { Database } from '../../core/database/database.ts';
import { jsonRows } from '../../core/database/json-rows.ts';
import {
  archiveBy,
  type BucketRange,
  type Grain,
  historyServer as server,
  nextBucket,
  type RangeCover,
  type RankedColumn,
  rankedValue,
  type RawRange,
} from '../history/index.ts';
import { type RankingSource } from './ranking-source.ts';

/** One line of a ranking. */
export interface RankedSum {
  readonly name: string;
  readonly bans: number;
}

/** Ranked sums with the sum of all. */
export interface RankedSums {
  readonly items: RankedSum[];
  readonly total: number;
}

/** Names asked about in one statement at most. */
const maxNames = 1_000;

/** Reads who has the most bans from the sums of the archive. Names and filters go as parameters. */
@Injectable()
export class RankingRepository {
  constructor(private readonly database: Database) {}

  /** The most banned of a range, and the bans of all. */
  async ranking(by: RankedColumn, source: RankingSource, cover: RangeCover, limit: number): Promise<RankedSums> {
    // Addresses have a total of their own, and there are too many of them to go through them twice.
    const total = by === 'address' ? 'sum(0)' : 'sum(sum(bans)) OVER ()';
    const rows = await this.database.reports.query<RankedSum & { total: number }>(
      `SELECT name, CAST(sum(bans) AS bigint) AS bans, CAST(${total} AS bigint) AS total
       FROM (${this.rankingParts(by, source, cover)}) parts GROUP BY name HAVING sum(bans) > 0
       ORDER BY 2 DESC, 1 LIMIT ${limit}`,
      source.parameter === null ? [] : [source.parameter],
    );
    return { items: rows.map(({ name, bans }) => ({ name, bans })), total: rows[0]?.total ?? 0 };
  }

  /** Bans of these in a range. */
  async bansOf(
    names: readonly string[],
    by: RankedColumn,
    source: RankingSource,
    cover: RangeCover,
  ): Promise<Map<string, number>> {
    const some = names.slice(0, maxNames);
    const parameters = source.parameter === null ? [] : [source.parameter];
    const parameter = (value: unknown): string => `$${parameters.push(JSON.stringify(value))}`;
    const wanted = jsonRows(this.database.kind, parameter(some.map((name) => [name])), { name: 'text' });
    const parts: string[] = [];
    // A few names in a few buckets, or a few addresses in the rows: found by their key, one by one.
    if (this.isKey(source)) parts.push(this.bucketsOfNames(source, parameter(bucketsOf(cover.buckets)), wanted));
    const isByKey = by === 'address' && this.isKey(source);
    if (isByKey) parts.push(...cover.raw.map((range) => this.rowsOfAddresses(range, parameter(keysOf(some)))));
    const scanned = { buckets: this.isKey(source) ? [] : cover.buckets, raw: isByKey ? [] : cover.raw };
    parts.push(
      `SELECT name, bans FROM (${this.rankingParts(by, source, scanned)}) parts
       WHERE name IN (SELECT name FROM ${wanted} r)`,
    );
    const rows = await this.database.reports.query<RankedSum>(
      `SELECT name, CAST(sum(bans) AS bigint) AS bans FROM (${parts.join('\nUNION ALL ')}) parts GROUP BY name`,
      parameters,
    );
    return new Map(rows.map(({ name, bans }) => [name, bans]));
  }

  /**
   * Sums of names in buckets. With an inner join SQLite reads whole buckets instead, and PostgreSQL, unless it is told that
   * there is one at most, the whole table.
   */
  private bucketsOfNames({ table, dimension, name }: RankingSource, buckets: string, wanted: string): string {
    const inDimension = dimension === null ? '' : `AND h.dimension = '${dimension}'`;
    const ofKey = `${table} h WHERE h.server = '${server}' ${inDimension}
      AND h.grain = b.grain AND h.bucket = b.bucket AND h.${name} = n.name`;
    return `SELECT n.name, h.bans
      FROM ${jsonRows(this.database.kind, buckets, { grain: 'text', bucket: 'integer' })} b CROSS JOIN ${wanted} n
      CROSS JOIN ${this.database.kind === 'sqlite' ? ofKey : `LATERAL (SELECT h.bans FROM ${ofKey} LIMIT 1) h`}`;
  }

  /** Bans of addresses in the rows of a range, which may hold a hundred thousand of others. */
  private rowsOfAddresses({ from, to }: RawRange, keys: string): string {
    const ofKey = `${archiveBy(this.database.kind, 'ix_history_archive_address')} WHERE
      history_archive.address_key = n.address_key AND at >= ${from} AND at < ${to} AND address = n.name AND action = 'ban'`;
    return `SELECT n.name, 1 AS bans
      FROM ${jsonRows(this.database.kind, keys, { name: 'text', address_key: 'bytes' })} n
      CROSS JOIN ${this.database.kind === 'sqlite' ? ofKey : `LATERAL (SELECT 1 FROM ${ofKey} OFFSET 0) a`}`;
  }

  /** Whether the ranked value is the last column of the sums' key, and nothing else narrows them. */
  private isKey({ parameter }: RankingSource): boolean {
    return parameter === null;
  }

  /**
   * The same cover with weeks or days instead of months and weeks that were not made of days yet: the running ones, and those
   * that got late events until the next upkeep.
   */
  async withMade(cover: RangeCover): Promise<RangeCover> {
    const { buckets } = cover;
    const months = bucketsOf(buckets.filter(({ grain }) => grain === 'month'));
    const weeks = bucketsOf(buckets.flatMap((range) => (range.grain === 'day' ? [] : [{ ...range, grain: 'week' }])));
    if (weeks.length === 0) return cover;
    const rows = await this.database.reports.query<{ grain: string; bucket: number }>(
      `SELECT m.grain, m.bucket FROM ${jsonRows(this.database.kind, '$1', { grain: 'text', bucket: 'integer' })} m
       WHERE EXISTS (SELECT 1 FROM history_offender o WHERE o.server = '${server}' AND o.grain = m.grain AND o.bucket = m.bucket)`,
      [JSON.stringify([...months, ...weeks])],
    );
    const made = new Set(rows.map(({ grain, bucket }) => `${grain} ${bucket}`));
    const finer: Partial<Record<Grain, Grain>> = { month: 'week', week: 'day' };
    const asMade = (range: BucketRange): BucketRange[] => {
      const next = finer[range.grain];
      if (next === undefined) return [range];
      return bucketsOf([range]).flatMap(([grain, from]) => {
        const bucket = { grain, from, to: nextBucket(grain, from) };
        return made.has(`${grain} ${from}`) ? [bucket] : asMade({ ...bucket, grain: next });
      });
    };
    return { ...cover, buckets: joined(buckets.flatMap(asMade)) };
  }

  private rankingParts(by: RankedColumn, source: RankingSource, cover: RangeCover): string {
    const { table, dimension, name, where } = source;
    const inDimension = dimension === null ? '' : `AND dimension = '${dimension}'`;
    const parts = cover.buckets.map(
      ({ grain, from, to }) =>
        `SELECT ${name} AS name, bans FROM ${table} WHERE server = '${server}' ${inDimension} AND grain = '${grain}'
         AND bucket >= ${from} AND bucket < ${to} AND ${where}`,
    );
    for (const { from, to } of cover.raw) {
      parts.push(
        `SELECT ${rankedValue(by)} AS name, 1 AS bans FROM ${archiveBy(this.database.kind, 'ix_history_archive_at')}
         WHERE action = 'ban' AND at >= ${from} AND at < ${to} AND ${source.rawWhere}`,
      );
    }
    // An empty range has no part at all.
    return parts.length > 0 ? parts.join('\nUNION ALL ') : `SELECT '' AS name, 0 AS bans WHERE 1 = 0`;
  }

  /** Who runs these autonomous systems, by the newest ban from each. */
  async organisations(asns: readonly number[]): Promise<Map<string, string>> {
    const rows = await this.database.reports.query<{ asn: number; organisation: string | null }>(
      `SELECT asn, (SELECT organisation FROM history_archive a WHERE a.asn = r.asn ORDER BY a.at DESC, a.id DESC LIMIT 1)
         AS organisation FROM ${jsonRows(this.database.kind, '$1', { asn: 'integer' })} r`,
      [JSON.stringify(asns.map((asn) => [asn]))],
    );
    return new Map(
      rows.flatMap(({ asn, organisation }) => (organisation === null ? [] : [[String(asn), organisation]])),
    );
  }
}

/** Addresses with the keys by which the archive has them. */
function keysOf(addresses: readonly string[]): [address: string, key: string][] {
  return addresses.flatMap((address): [string, string][] => {
    const network = Network.parse(address);
    return network ? [[address, Buffer.from(network.key()).toString('hex')]] : [];
  });
}

/** Every bucket of these ranges. */
function bucketsOf(ranges: readonly BucketRange[]): [grain: Grain, bucket: number][] {
  return ranges.flatMap(({ grain, from, to }) => {
    const all: [Grain, number][] = [];
    for (let bucket = from; bucket < to; bucket = nextBucket(grain, bucket)) all.push([grain, bucket]);
    return all;
  });
}

/** Ranges of the same grain that follow one another as one, so that statements stay short. */
function joined(ranges: readonly BucketRange[]): BucketRange[] {
  const all: BucketRange[] = [];
  for (const range of ranges) {
    const last = all.at(-1);
    if (last?.grain === range.grain && last.to === range.from) all.splice(-1, 1, { ...last, to: range.to });
    else all.push(range);
  }
  return all;
}
