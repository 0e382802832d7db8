import { type Family } from '@bangui/ip';
import { type Change, scaled, type SourceRange } from './boundaries.ts';
import { gapCode, mostPageSpan, pageBytes, pageHeadBytes } from './layout.ts';
import { nameBytes } from './name-bytes.ts';
import { RegionRuns } from './region-runs.ts';

/** A region's name, and the country that the data about regions holds it for. */
export interface Region {
  readonly country: string | null;
  readonly name: string | null;
}

/** Longest varint of the number of a region. */
const mostRegionBytes = 3;
/** Longest varint of a gap: 53 bits. */
const mostGapBytes = 8;

/**
 * Where the region changes. It is told only where both sources agree about the country, so that a region never
 * contradicts the country it is shown with. `regions` is read once, and has to be in order, without overlaps.
 */
export function regionRuns(
  countries: readonly Change<string>[],
  regions: Iterable<SourceRange<Region>>,
  scale: bigint,
  limit: bigint,
): RegionRuns {
  const runs = new RegionRuns();
  /** Of the country at the address that is being looked at. */
  let index = -1;
  let end = 0n;
  for (const range of regions) {
    const { from, to } = scaled(range, scale);
    if (from >= to) continue;
    if (from < end) throw new Error('The regions are not in order.');
    if (from > end) runs.add(end, null);
    let at = from;
    while (at < to) {
      while ((countries[index + 1]?.start ?? limit) <= at) index += 1;
      const next = countries[index + 1]?.start ?? limit;
      runs.add(at, countries[index]?.value === range.value.country ? range.value.name : null);
      at = next < to ? next : to;
    }
    end = to;
  }
  if (end < limit) runs.add(end, null);
  return runs;
}

/** The regions' part of the file: see `layout.ts`. */
export function writeRegions(runs: Readonly<Record<Family, RegionRuns>>): {
  readonly pages: Readonly<Record<Family, Buffer>>;
  readonly names: Buffer;
} {
  const uses = new Map<string, number>();
  for (const family of [4, 6] as const) {
    for (const [name, count] of runs[family].uses()) uses.set(name, (uses.get(name) ?? 0) + count);
  }
  // The names that are needed most get the short numbers.
  const names = [...uses].sort(([, one], [, other]) => other - one).map(([name]) => name);
  const numbers = new Map(names.map((name, index) => [name, index + 1]));
  return {
    pages: { 4: pagesOf(runs[4], numbers), 6: pagesOf(runs[6], numbers) },
    names: Buffer.concat(names.map(nameBytes)),
  };
}

function pagesOf(runs: RegionRuns, numbers: ReadonlyMap<string, number>): Buffer {
  const pages: Buffer[] = [];
  let page = Buffer.alloc(0);
  let used = 0;
  let [first, before] = [0n, 0n];
  for (const [start, name] of runs) {
    const isFull = used + mostGapBytes + mostRegionBytes > page.length;
    if (isFull || start - first >= mostPageSpan) {
      page = Buffer.alloc(pageBytes);
      pages.push(page);
      page.writeBigUInt64BE(start);
      used = pageHeadBytes;
      first = start;
    } else used = writeVarint(page, used, gapCode(start - before));
    used = writeVarint(page, used, name === null ? 0 : (numbers.get(name) ?? 0));
    before = start;
  }
  return Buffer.concat(pages);
}

/** Seven bits to a byte, the lowest first; the eighth says that more follow. Returns where the next one goes. */
function writeVarint(bytes: Buffer, at: number, value: number): number {
  let [left, next] = [value, at];
  for (; left >= 128; next += 1) {
    bytes[next] = (left % 128) + 128;
    left = Math.floor(left / 128);
  }
  bytes[next] = left;
  return next + 1;
}
