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

/** Joins neighbours until at most `most` are left, so that bars stay wide enough to be seen and touched. */
export function mergeBuckets(buckets: readonly TrendBucket[], most: number): readonly TrendBucket[] {
  if (buckets.length <= most || most < 1) return buckets;
  const size = Math.ceil(buckets.length / most);
  const merged: TrendBucket[] = [];
  for (let start = 0; start < buckets.length; start += size) {
    const group = buckets.slice(start, start + size);
    const byJail: Record<string, number> = {};
    for (const bucket of group) {
      for (const [jail, bans] of Object.entries(bucket.byJail)) byJail[jail] = (byJail[jail] ?? 0) + bans;
    }
    merged.push({ at: group[0]?.at ?? 0, total: group.reduce((sum, { total }) => sum + total, 0), byJail });
  }
  return merged;
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
