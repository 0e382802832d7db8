import { stepNumber } from './time-steps';

/** Bans of one stretch of time. */
export interface TrendBucket {
  /** Where it begins; epoch milliseconds. */
  readonly at: number;
  readonly total: number;
  /** By name of the jail; jails without any may be missing. */
  readonly byJail: Readonly<Record<string, number>>;
}

/** One layer of the stack: a jail, or all the jails past the largest ones. */
export interface TrendLayer {
  /** Null for the rest. */
  readonly jail: string | null;
  readonly total: number;
  /** One number for each bucket. */
  readonly values: readonly number[];
}

/**
 * Joins neighbours that lie in the same step of `stepMs` milliseconds, so that bars stay wide enough to be seen and
 * touched, and begin at times that people count in. The first one may be cut short.
 */
export function mergeBuckets(buckets: readonly TrendBucket[], stepMs: number): readonly TrendBucket[] {
  const groups = Map.groupBy(buckets, ({ at }) => stepNumber(at, stepMs));
  if (groups.size === buckets.length) return buckets;
  return [...groups.values()].map((group) => {
    const byJail: Record<string, number> = {};
    for (const bucket of group) {
      for (const [jail, bans] of Object.entries(bucket.byJail)) byJail[jail] = (byJail[jail] ?? 0) + bans;
    }
    return { at: group[0]?.at ?? 0, total: group.reduce((sum, { total }) => sum + total, 0), byJail };
  });
}

/** The layers from the bottom up: the largest jails, at most `most`, and the rest as one. */
export function layersOf(buckets: readonly TrendBucket[], most: number): TrendLayer[] {
  const totals = new Map<string, number>();
  for (const { byJail } of buckets) {
    for (const [jail, bans] of Object.entries(byJail)) totals.set(jail, (totals.get(jail) ?? 0) + bans);
  }
  const largest = [...totals]
    .filter(([, total]) => total > 0)
    .sort(([one, less], [other, more]) => more - less || (one < other ? -1 : 1))
    .slice(0, most);
  const layers: TrendLayer[] = largest.map(([jail, total]) => ({
    jail,
    total,
    values: buckets.map(({ byJail }) => byJail[jail] ?? 0),
  }));
  // What the buckets count beyond the jails they name belongs to the rest as well.
  const rest = buckets.map(({ total }, index) =>
    Math.max(0, total - layers.reduce((sum, { values }) => sum + (values[index] ?? 0), 0)),
  );
  const restTotal = rest.reduce((sum, value) => sum + value, 0);
  return restTotal > 0 ? [...layers, { jail: null, total: restTotal, values: rest }] : layers;
}
