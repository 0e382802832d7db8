/** Addresses from `first` to `last`, both included, with what a source says of them. */
export interface SourceRange<T> {
  readonly first: bigint;
  readonly last: bigint;
  readonly value: T;
}

/**
 * What a range fills of a scale with `1 << scale` addresses to the step, as a half-open interval; empty where it fills
 * no whole step: the few entries of a source below a /64 are left out.
 */
export function scaled(range: SourceRange<unknown>, scale: bigint): { readonly from: bigint; readonly to: bigint } {
  return { from: (range.first + (1n << scale) - 1n) >> scale, to: (range.last + 1n) >> scale };
}

/** What holds from an address on, up to the next change; undefined where nothing is known. */
export interface Change<T> {
  readonly start: bigint;
  readonly value: T | undefined;
}

/**
 * Where the value changes, and to what, in order. Of ranges that overlap the one that begins later counts, and the
 * earlier one goes on behind it. There is nothing from `limit` on.
 */
export function boundaries<T>(ranges: readonly SourceRange<T>[], scale: bigint, limit: bigint): Change<T>[] {
  const changes: Change<T>[] = [];
  const change = (start: bigint, value: T | undefined): void => {
    if (changes.at(-1)?.start === start) changes.pop();
    changes.push({ start, value });
  };
  const open: { readonly to: bigint; readonly value: T }[] = [];
  const closeUntil = (end: bigint): void => {
    for (let top = open.at(-1); top !== undefined && top.to <= end; top = open.at(-1)) {
      while ((open.at(-1)?.to ?? end + 1n) <= top.to) open.pop();
      change(top.to, open.at(-1)?.value);
    }
  };
  const intervals = ranges
    .map((range) => ({ ...scaled(range, scale), value: range.value }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => (a.from === b.from ? (a.to > b.to ? -1 : 1) : a.from < b.from ? -1 : 1));
  for (const { from, to, value } of intervals) {
    closeUntil(from);
    open.push({ to, value });
    change(from, value);
  }
  closeUntil(limit);
  // There is nothing behind the last address.
  if (changes.at(-1)?.start === limit) changes.pop();
  return changes;
}
