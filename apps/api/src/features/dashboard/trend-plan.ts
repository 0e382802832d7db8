import { type BucketRange, coverRange, type Grain } from '../history/index.ts';
import { type TimeZone } from './time-zone.ts';

/** Everything here is in epoch seconds, but for what says milliseconds. */
const quarter = 900;
const hour = 3_600;
const day = 86_400;

/** How long a bucket is for a range up to this length; the shortest ones are counted from the rows themselves. */
const steps: readonly { readonly upTo: number; readonly step: number }[] = [
  { upTo: 2 * hour, step: 60 },
  { upTo: 6 * hour, step: 300 },
  { upTo: day, step: quarter },
  { upTo: 8 * day, step: hour },
  { upTo: Infinity, step: day },
];

/** Where the sums of a run of buckets are: in those of a grain, or in the rows. */
export type TrendSource = Exclude<Grain, 'week' | 'month'> | 'rows';

/** Neighbouring buckets of the same length. */
export interface TrendRun {
  readonly source: TrendSource;
  readonly from: number;
  readonly to: number;
  /** Number of the first bucket. */
  readonly first: number;
  /** Length of each; a run of one bucket that is longer or shorter than usual has its own. */
  readonly step: number;
}

/** A local day as the days in UTC from its nearest midnight to that of the next one. */
export interface WholeDays {
  /** Number of the bucket. */
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** Some of the time between a local midnight and the nearest one in UTC: it belongs to the local day before, or after. */
export interface MidnightPiece extends BucketRange {
  /** Number of the bucket that begins at the local midnight. */
  readonly slot: number;
  /** 1 when the local midnight comes later than that in UTC, otherwise -1. */
  readonly sign: 1 | -1;
}

/**
 * Local days: each is its whole days, less the pieces at its own midnight, and the pieces at that of the next day. A year of
 * Berlin so takes an hour or two of each day instead of all twenty-four.
 */
export interface TrendDays {
  readonly days: readonly WholeDays[];
  readonly pieces: readonly MidnightPiece[];
}

/** How a range of time is cut. */
export interface TrendPlan {
  /** Beginnings of the buckets, and the end of the last one. */
  readonly boundaries: readonly number[];
  /** Usual length of a bucket. */
  readonly step: number;
  /** The whole buckets between the first and the last one, which the range may cut; none where they are days. */
  readonly runs: readonly TrendRun[];
  /** The same where buckets are days. */
  readonly days: TrendDays;
}

const noDays: TrendDays = { days: [], pieces: [] };

/** Cuts a range, given in epoch milliseconds, at the minutes, hours or days of a time zone. */
export function planTrend(from: number, to: number, zone: TimeZone): TrendPlan {
  const length = (to - from) / 1_000;
  const step = steps.find(({ upTo }) => length <= upTo)?.step ?? day;
  if (step !== day) {
    const boundaries = even(from, to, step, zone);
    return { boundaries, step, runs: runsOf(boundaries, step), days: noDays };
  }
  const boundaries = zone.daysBetween(from, to).map((at) => at / 1_000);
  return { boundaries, step, runs: [], days: daysOf(boundaries) };
}

/** Boundaries of equal buckets that fit local hours, by the offset at the beginning: it may be by a half or quarter hour. */
function even(from: number, to: number, step: number, zone: TimeZone): number[] {
  const offset = zone.offset(from) / 1_000;
  const first = Math.floor((from / 1_000 + offset) / step) * step - offset;
  const boundaries: number[] = [];
  for (let at = first; ; at += step) {
    boundaries.push(at);
    if (at >= to / 1_000) return boundaries;
  }
}

function runsOf(boundaries: readonly number[], step: number): TrendRun[] {
  const [from, to] = [boundaries[1], boundaries.at(-2)];
  if (from === undefined || to === undefined || from >= to) return [];
  return [{ source: sourceOf(from, step), from, to, first: 1, step }];
}

function sourceOf(from: number, step: number): TrendSource {
  if (step < quarter || from % quarter !== 0) return 'rows';
  return step < hour || from % hour !== 0 ? '15min' : 'hour';
}

function daysOf(boundaries: readonly number[]): TrendDays {
  const days: WholeDays[] = [];
  const pieces: MidnightPiece[] = [];
  for (let slot = 1; slot < boundaries.length - 1; slot += 1) {
    const [at = 0, next = 0] = boundaries.slice(slot, slot + 2);
    const midnight = nearestMidnight(at);
    const sign = at > midnight ? 1 : -1;
    // Offsets have been whole quarters of an hour since 1972, and no ban is older: no rows are left over.
    const { buckets } = coverRange(Math.min(at, midnight) * 1_000, Math.max(at, midnight) * 1_000, ['15min', 'hour']);
    for (const range of buckets) pieces.push({ ...range, slot, sign });
    if (slot < boundaries.length - 2) days.push({ slot, from: midnight, to: nearestMidnight(next) });
  }
  return { days, pieces };
}

function nearestMidnight(at: number): number {
  return Math.round(at / day) * day;
}
