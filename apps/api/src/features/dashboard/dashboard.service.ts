import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { DistinctSketch } from '../../core/sketch/distinct-sketch.ts';
import { BansSnapshot } from '../bans/index.ts';
import {
  BansRankingRepository,
  bucketOf,
  coverRange,
  type Grain,
  nextBucket,
  type RangeCover,
  type RankedColumn,
} from '../history/index.ts';
import {
  type DashboardSummary,
  type DashboardTrend,
  type FigureWithSeries,
  type Ranking,
  type RankingItem,
  type RangeQuery,
  type RankingQuery,
  type TrendQuery,
} from './dashboard.dto.ts';
import { RangeInvalid } from './dashboard.errors.ts';
import { DashboardRepository, type TrendMeasure } from './dashboard.repository.ts';
import { RankingRepository } from './ranking.repository.ts';
import { rankingSource, type RankingSource } from './ranking-source.ts';
import { TimeZone } from './time-zone.ts';
import { planTrend, type TrendPlan } from './trend-plan.ts';

/** Longest range, in milliseconds: three years and a little. */
const longest = 1_100 * 86_400_000;

/** Longest range whose addresses are counted by the hour, in milliseconds; longer ones have too many points for a line. */
const longestByHour = 8 * 86_400_000;

/** Lines of a ranking unless said otherwise. */
const defaultLimit = 10;

/** A range of more than a day that ended within this many milliseconds still reaches until now. */
const nowMs = 10_000;

/** A range in epoch milliseconds. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const allGrains: readonly Grain[] = ['hour', 'day', 'month'];

/** Figures and rankings over any range of time. */
@Injectable()
export class DashboardService {
  constructor(
    private readonly repository: DashboardRepository,
    private readonly rankings: RankingRepository,
    private readonly ranked: BansRankingRepository,
    private readonly bans: BansSnapshot,
    private readonly clock: Clock,
  ) {}

  /** The figures beside those of the period before. @throws {RangeInvalid} */
  async summary(query: RangeQuery): Promise<DashboardSummary> {
    const range = rangeOf(query);
    const before = periodBefore(range);
    const zone = zoneOf(query);
    const [plan, planBefore] = [planTrend(range.from, range.to, zone), planTrend(before.from, before.to, zone)];
    const figure = async (measure: TrendMeasure): Promise<FigureWithSeries> => {
      const [series, previous] = await Promise.all([
        this.series(measure, plan, range),
        this.series(measure, planBefore, before),
      ]);
      return { value: sum(series), previous: sum(previous), series };
    };
    // At once: PostgreSQL answers over several connections, while this process works on what it has.
    const [bans, failures, value, previous, series, changes, since] = await Promise.all([
      figure('bans'),
      figure('failures'),
      this.repository.distinct(this.cover(range, allGrains)),
      this.repository.distinct(this.cover(before, allGrains)),
      this.distinctSeries(range),
      this.series('bans-less-unbans', plan, range),
      this.repository.total(this.cover({ from: range.to, to: this.clock.now() }, allGrains), 'bans-less-unbans'),
    ]);
    const distinctAddresses = { value, previous, series, error: DistinctSketch.standardError };
    const bannedNow = this.bans.newestFirst().length;
    return { bans, failures, distinctAddresses, bannedNow, bannedOverTime: backwards(bannedNow - since, changes) };
  }

  /** Bans over time. @throws {RangeInvalid} */
  async trend(query: TrendQuery): Promise<DashboardTrend> {
    const range = rangeOf(query);
    const plan = planTrend(range.from, range.to, zoneOf(query));
    const buckets = plan.boundaries.slice(0, -1).map((at) => ({ at: at * 1_000, total: 0, byJail: newCounts() }));
    const measure = query.by === 'jail' ? 'bans-by-jail' : 'bans';
    for (const { slot, name, n } of await this.repository.trend(measure, plan, range.from, range.to)) {
      const bucket = buckets[slot];
      if (!bucket || n === 0) continue;
      bucket.total += n;
      if (measure === 'bans-by-jail') bucket.byJail[name] = n;
    }
    return { buckets, bucketSeconds: plan.step };
  }

  /** Who has the most bans. @throws {RangeInvalid} */
  async ranking(by: RankedColumn, query: RankingQuery): Promise<Ranking> {
    const range = rangeOf(query);
    const { jail, country, origin, limit = defaultLimit } = query;
    const source = rankingSource(by, { jail, country, origin });
    if (!source) return this.counted(by, query, range, limit);
    const [{ items, total: ranked }, all] = await Promise.all([
      this.rankings.ranking(by, source, await this.coverOf(source, range), limit),
      // Only the most banned addresses of a day are kept, so their sum is not that of all.
      by === 'address' ? this.repository.total(this.cover(range, allGrains)) : undefined,
    ]);
    const total = all ?? ranked;
    const previous = await this.previous(
      items.map(({ name }) => name),
      by,
      source,
      periodBefore(range),
    );
    const lines = items.map(({ name, bans }) => ({ key: name, bans, previous: previous.get(name) ?? 0 }));
    return { items: await this.labelled(by, lines), total };
  }

  private async previous(
    names: readonly string[],
    by: RankedColumn,
    source: RankingSource,
    before: Range,
  ): Promise<ReadonlyMap<string, number>> {
    if (names.length === 0) return new Map();
    return this.rankings.bansOf(names, by, source, await this.coverOf(source, before));
  }

  private coverOf({ grains, table }: RankingSource, range: Range): RangeCover | Promise<RangeCover> {
    const cover = this.cover(range, grains);
    return table === 'history_offender' ? this.rankings.withMade(cover) : cover;
  }

  /** For combinations of filters without sums: by counting rows, as many as time allows. */
  private async counted(
    by: RankedColumn,
    { jail, country, origin }: RankingQuery,
    range: Range,
    limit: number,
  ): Promise<Ranking> {
    const { bans, countedSince } = await this.ranked.count(by, { jail, country, origin, ...range });
    const isWhole = countedSince === null;
    const before = isWhole
      ? await this.ranked.count(by, { jail, country, origin, ...periodBefore(range) })
      : { bans: new Map<string, number>() };
    const lines = [...bans]
      .map(([key, n]) => ({ key, bans: n, previous: before.bans.get(key) ?? 0 }))
      .sort((one, other) => other.bans - one.bans || (one.key < other.key ? -1 : 1))
      .slice(0, limit);
    return {
      items: await this.labelled(by, lines),
      total: sum(bans.values()),
      ...(!isWhole && { countedSince }),
    };
  }

  private async labelled(by: RankedColumn, items: RankingItem[]): Promise<RankingItem[]> {
    if (by !== 'asn') return items;
    const asns = items.map(({ key }) => Number(key)).filter(Number.isInteger);
    const organisations = await this.rankings.organisations(asns);
    return items.map((item) => {
      const label = organisations.get(item.key);
      return label === undefined ? item : { ...item, label };
    });
  }

  private async series(measure: TrendMeasure, plan: TrendPlan, { from, to }: Range): Promise<number[]> {
    const series = plan.boundaries.slice(0, -1).map(() => 0);
    for (const { slot, n } of await this.repository.trend(measure, plan, from, to))
      series[slot] = (series[slot] ?? 0) + n;
    return series;
  }

  private async distinctSeries({ from, to }: Range): Promise<number[]> {
    const grain = to - from > longestByHour ? 'day' : 'hour';
    const first = bucketOf(grain, Math.floor(from / 1_000));
    const end = Math.ceil(to / 1_000);
    const counts = await this.repository.distinctByBucket({ grain, from: first, to: end });
    const series: number[] = [];
    for (let bucket = first; bucket < end; bucket = nextBucket(grain, bucket)) series.push(counts.get(bucket) ?? 0);
    return series;
  }

  /** A range that reaches until now, give or take a request's way, takes the buckets of now whole: nothing lies beyond. */
  private cover({ from, to }: Range, grains: readonly Grain[]): RangeCover {
    const now = this.clock.now();
    const slack = to - from > 86_400_000 ? nowMs : 0;
    const end =
      to < now - slack ? to : Math.max(to, nextBucket('month', bucketOf('month', Math.floor(now / 1_000))) * 1_000);
    return coverRange(from, end, grains);
  }
}

function rangeOf({ from, to }: RangeQuery): Range {
  if (to <= from) throw new RangeInvalid('to', 'must be after from');
  if (to - from > longest) throw new RangeInvalid('to', 'must be at most 1,100 days after from');
  return { from, to };
}

/** What there was at the end of each part, by what there is at the end of the last one and what changed in each. */
function backwards(atEnd: number, changes: readonly number[]): number[] {
  let n = atEnd;
  const series: number[] = [];
  for (const change of [...changes].reverse()) {
    series.push(Math.max(0, n));
    n -= change;
  }
  return series.reverse();
}

function periodBefore({ from, to }: Range): Range {
  return { from: Math.max(0, from - (to - from)), to: from };
}

function zoneOf({ timeZone = 'UTC' }: RangeQuery): TimeZone {
  const zone = TimeZone.of(timeZone);
  if (!zone) throw new RangeInvalid('timeZone', 'is not the name of a time zone');
  return zone;
}

/** Without a prototype, because a jail may be called `__proto__`. */
function newCounts(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const n of numbers) total += n;
  return total;
}
