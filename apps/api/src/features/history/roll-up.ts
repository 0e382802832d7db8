import { DistinctSketch } from '../../core/sketch/distinct-sketch.ts';
import { type EventAction, type EventOrigin } from './archive-event.ts';

/**
 * Length of a bucket. All begin at UTC times; time zones cut them where they are read, and some of them by quarters of an
 * hour. What is not read by local time (places, origins, combinations) has no quarters. Weeks begin on the 1st, 9th, 17th and
 * 25th, so that a month is made of whole ones; only offenders have them.
 */
export type Grain = '15min' | 'hour' | 'day' | 'week' | 'month';

/** What sums are kept by. `failures` holds what jails have seen; the last two serve the combinations that screens ask for. */
export type Dimension = 'all' | 'jail' | 'country' | 'asn' | 'origin' | 'failures' | 'jail-country' | 'origin-country';

/** The value of a dimension where it is not known. */
export const unknownValue = '?';

/** Between the two values of a combination; neither a jail's name nor an origin contains it. */
export const valueSeparator = '|';

/** A quarter of an hour in seconds. */
const quarter = 900;
/** An hour in seconds. */
export const hour = 3_600;
/** A day in seconds. */
export const day = 86_400;
/** Eight days in seconds. The last week of a month is what is left: four to seven days. */
const week = 8 * day;
const weeksOfMonth = 4;

/** Beginning of the bucket a time is in; both in epoch seconds. */
export function bucketOf(grain: Grain, seconds: number): number {
  if (grain === '15min') return seconds - (seconds % quarter);
  if (grain === 'hour') return seconds - (seconds % hour);
  if (grain === 'day') return seconds - (seconds % day);
  const date = new Date(seconds * 1_000);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1_000;
  if (grain === 'month') return month;
  return month + Math.min(weeksOfMonth - 1, Math.floor((seconds - month) / week)) * week;
}

/** Beginning of the bucket after this one, in epoch seconds. */
export function nextBucket(grain: Grain, bucket: number): number {
  if (grain === '15min') return bucket + quarter;
  if (grain === 'hour') return bucket + hour;
  if (grain === 'day') return bucket + day;
  const date = new Date(bucket * 1_000);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1_000;
  return grain === 'month' ? month : Math.min(bucket + week, month);
}

/** What of an event counts. */
export interface CountedEvent {
  readonly jail: string;
  readonly address: string;
  readonly action: EventAction;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly failures: number | null;
  readonly origin: EventOrigin;
  readonly country: string | null;
  readonly asn: number | null;
}

/** What is summed up. */
export interface Counts {
  bans: number;
  unbans: number;
  failures: number;
}

/** Sums of one bucket by dimension and value. */
type Bucket = Map<string, Counts>;

/** One line to add to the stored sums. */
export interface RollUpRow extends Readonly<Counts> {
  readonly grain: Grain;
  readonly bucket: number;
  readonly dimension: Dimension;
  readonly value: string;
}

function merge(into: Bucket, from: Bucket): void {
  for (const [name, { bans, unbans, failures }] of from) add(into, name, bans, unbans, failures);
}

function add(into: Bucket, name: string, bans: number, unbans: number, failures: number): void {
  const counts = into.get(name);
  if (counts) {
    counts.bans += bans;
    counts.unbans += unbans;
    counts.failures += failures;
  } else into.set(name, { bans, unbans, failures });
}

function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** Bans of an address on a day. */
export interface OffenderRow {
  readonly bucket: number;
  readonly address: string;
  readonly bans: number;
}

/** The addresses of an hour, day or month. */
export interface SketchOfBucket {
  readonly grain: Grain;
  readonly bucket: number;
  readonly sketch: DistinctSketch;
}

/** Which grains of a batch to write: while sums are made again, months are added up from days. */
export type BatchGrains = 'all' | 'up-to-day';

/** Sums of many events, made in memory and then added to the stored ones at once. */
export class RollUpBatch {
  /** What is read by local time. */
  private readonly quarters = new Map<number, Bucket>();
  private readonly hours = new Map<number, Bucket>();
  /** Combinations by day: by hour they would be more than the events. */
  private readonly days = new Map<number, Bucket>();
  private readonly sketches = new Map<number, DistinctSketch>();
  private readonly offenders = new Map<number, Map<string, number>>();

  /**
   * Counts one event.
   * @param key of its address: 16 bytes, see `Network.key`
   */
  add(event: CountedEvent, key: Uint8Array): void {
    const { address, action, at, failures } = event;
    const bans = action === 'ban' ? 1 : 0;
    this.count(event, bans, 1 - bans, bans * (failures ?? 0));
    if (bans === 0) return;
    const second = Math.floor(at / 1_000);
    made(this.sketches, bucketOf('hour', second), newSketch).add(key);
    const offenders = made(this.offenders, bucketOf('day', second), () => new Map<string, number>());
    offenders.set(address, (offenders.get(address) ?? 0) + 1);
  }

  /** Counts the failures of a ban that is counted already, and of which they were not known then. */
  addSeenLate(event: CountedEvent): void {
    this.count(event, 0, 0, event.failures ?? 0);
  }

  private count(event: CountedEvent, bans: number, unbans: number, seen: number): void {
    const { jail, at, origin, country, asn } = event;
    const second = Math.floor(at / 1_000);
    const place = country ?? unknownValue;
    const ofQuarter = made(this.quarters, bucketOf('15min', second), newBucket);
    add(ofQuarter, 'all:', bans, unbans, seen);
    add(ofQuarter, `jail:${jail}`, bans, unbans, seen);
    const ofHour = made(this.hours, bucketOf('hour', second), newBucket);
    add(ofHour, `country:${place}`, bans, unbans, seen);
    add(ofHour, `asn:${asn ?? unknownValue}`, bans, unbans, seen);
    add(ofHour, `origin:${origin}`, bans, unbans, seen);
    if (unbans > 0) return;
    const ofDay = made(this.days, bucketOf('day', second), newBucket);
    add(ofDay, `jail-country:${jail}${valueSeparator}${place}`, bans, 0, seen);
    add(ofDay, `origin-country:${origin}${valueSeparator}${place}`, bans, 0, seen);
  }

  /** Counts failures that a jail has seen. */
  addFailures(jail: string, at: number, failures: number): void {
    const bucket = bucketOf('15min', Math.floor(at / 1_000));
    add(made(this.quarters, bucket, newBucket), `failures:${jail}`, 0, 0, failures);
  }

  /** The sums of all grains, or of those up to a day. */
  *rows(grains: BatchGrains = 'all'): Generator<RollUpRow> {
    yield* rowsOf('15min', this.quarters);
    const hours = coarser('hour', this.hours, this.quarters);
    yield* rowsOf('hour', hours);
    const days = coarser('day', this.days, hours);
    yield* rowsOf('day', days);
    if (grains === 'all') yield* rowsOf('month', coarser('month', new Map(), days));
  }

  /** The sketches of all grains, or of those up to a day. */
  *sketchesByBucket(grains: BatchGrains = 'all'): Generator<SketchOfBucket> {
    const days = new Map<number, DistinctSketch>();
    const months = new Map<number, DistinctSketch>();
    for (const [bucket, sketch] of this.sketches) {
      yield { grain: 'hour', bucket, sketch };
      made(days, bucketOf('day', bucket), newSketch).merge(sketch);
    }
    for (const [bucket, sketch] of days) {
      yield { grain: 'day', bucket, sketch };
      if (grains === 'all') made(months, bucketOf('month', bucket), newSketch).merge(sketch);
    }
    for (const [bucket, sketch] of months) yield { grain: 'month', bucket, sketch };
  }

  /** Bans by address and day. Weeks and months are made of days when they are over. */
  *offenderRows(): Generator<OffenderRow> {
    for (const [bucket, addresses] of this.offenders) {
      for (const [address, bans] of addresses) yield { bucket, address, bans };
    }
  }
}

/** Buckets of a grain: what is counted by them, and the sums of the finer ones. */
function coarser(
  grain: Grain,
  counted: ReadonlyMap<number, Bucket>,
  finer: ReadonlyMap<number, Bucket>,
): Map<number, Bucket> {
  const buckets = new Map<number, Bucket>();
  for (const [bucket, sums] of counted) merge(made(buckets, bucket, newBucket), sums);
  for (const [bucket, sums] of finer) merge(made(buckets, bucketOf(grain, bucket), newBucket), sums);
  return buckets;
}

function newBucket(): Bucket {
  return new Map();
}

function newSketch(): DistinctSketch {
  return new DistinctSketch();
}

function* rowsOf(grain: Grain, buckets: ReadonlyMap<number, Bucket>): Generator<RollUpRow> {
  for (const [bucket, sums] of buckets) {
    for (const [name, counts] of sums) {
      const colon = name.indexOf(':');
      // The names were made above.
      yield { grain, bucket, dimension: name.slice(0, colon) as Dimension, value: name.slice(colon + 1), ...counts };
    }
  }
}
