import { bucketOf, type Grain, nextBucket } from './roll-up.ts';

/** A range of whole buckets of one grain: from (included) to (excluded), in epoch seconds. */
export interface BucketRange {
  readonly grain: Grain;
  readonly from: number;
  readonly to: number;
}

/** A range of time that no bucket fits into: from (included) to (excluded), in epoch milliseconds. */
export interface RawRange {
  readonly from: number;
  readonly to: number;
}

/** A range of time as few buckets, and what is left over at its ends. */
export interface RangeCover {
  /** At most two ranges of each grain. */
  readonly buckets: readonly BucketRange[];
  /** At most two, each shorter than a bucket of the finest grain. */
  readonly raw: readonly RawRange[];
}

/** Epoch milliseconds. `grains` from the finest to the coarsest; a grain is left out where its sums do not exist. */
export function coverRange(from: number, to: number, grains: readonly Grain[]): RangeCover {
  const buckets: BucketRange[] = [];
  const [finest, ...coarser] = grains;
  if (finest === undefined || to <= from) return { buckets, raw: to <= from ? [] : [{ from, to }] };
  const first = roundUp(finest, Math.ceil(from / 1_000));
  const last = bucketOf(finest, Math.floor(to / 1_000));
  if (first >= last) return { buckets, raw: [{ from, to }] };
  cover(first, last, finest, coarser, buckets);
  const raw = [
    { from, to: first * 1_000 },
    { from: last * 1_000, to },
  ].filter((range) => range.from < range.to);
  return { buckets, raw };
}

/** From and to begin a bucket of the grain. */
function cover(from: number, to: number, grain: Grain, coarser: readonly Grain[], into: BucketRange[]): void {
  const [next, ...rest] = coarser;
  const first = next === undefined ? to : roundUp(next, from);
  const last = next === undefined ? from : bucketOf(next, to);
  if (next === undefined || first >= last) {
    if (from < to) into.push({ grain, from, to });
    return;
  }
  if (from < first) into.push({ grain, from, to: first });
  cover(first, last, next, rest, into);
  if (last < to) into.push({ grain, from: last, to });
}

function roundUp(grain: Grain, seconds: number): number {
  const bucket = bucketOf(grain, seconds);
  return bucket === seconds ? bucket : nextBucket(grain, bucket);
}
