import { type TimeZone } from './time-zone.ts';

/** Everything here is in epoch seconds, but for what says milliseconds. */
const hour = 3_600;
const day = 86_400;

/** How long a bucket is for a range up to this length; the shortest ones are counted from the rows themselves. */
const steps: readonly { readonly upTo: number; readonly step: number }[] = [
  { upTo: 2 * hour, step: 60 },
  { upTo: 6 * hour, step: 300 },
  { upTo: day, step: 900 },
  { upTo: 8 * day, step: hour },
  { upTo: Infinity, step: day },
];

/** Where the sums of a run of buckets are: in those of a grain, or in the rows. */
export type TrendSource = 'hour' | 'day' | 'rows';

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

/** How a range of time is cut. */
export interface TrendPlan {
  /** Beginnings of the buckets, and the end of the last one. */
  readonly boundaries: readonly number[];
  /** Usual length of a bucket. */
  readonly step: number;
  /** The whole buckets between the first and the last one, which the range may cut. */
  readonly runs: readonly TrendRun[];
}

/** Cuts a range, given in epoch milliseconds, at the minutes, hours or days of a time zone. */
export function planTrend(from: number, to: number, zone: TimeZone): TrendPlan {
  const length = (to - from) / 1_000;
  const step = steps.find(({ upTo }) => length <= upTo)?.step ?? day;
  const boundaries = step === day ? zone.daysBetween(from, to).map((at) => at / 1_000) : even(from, to, step, zone);
  return { boundaries, step, runs: runsOf(boundaries, step) };
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
  const runs: TrendRun[] = [];
  for (let index = 1; index < boundaries.length - 2; index += 1) {
    const [from = 0, to = 0] = boundaries.slice(index, index + 2);
    const last = runs.at(-1);
    if (last?.step === to - from) runs[runs.length - 1] = { ...last, to };
    else runs.push({ source: sourceOf(from, to, step), from, to, first: index, step: to - from });
  }
  return runs;
}

function sourceOf(from: number, to: number, step: number): TrendSource {
  if (step < hour || from % hour !== 0 || to % hour !== 0) return 'rows';
  return from % day === 0 && to - from === day ? 'day' : 'hour';
}
