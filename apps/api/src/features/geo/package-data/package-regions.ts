import { type Family } from '@bangui/ip';
import { cleanName } from '../place.ts';
import { type RandomAccessFile } from '../random-access-file.ts';
import { lastAtMost } from './last-at-most.ts';
import { type Description, gapOf, pageBytes, pageHeadBytes, type PagesDescription } from './layout.ts';

/** Pages of one IP version. */
interface Pages extends PagesDescription {
  /** First addresses (IPv6: their first halves). */
  readonly starts: Float64Array | BigUint64Array;
}

/** The regions in the place data that comes with BanGUI: see `layout.ts`. */
export class PackageRegions {
  private constructor(
    private readonly file: RandomAccessFile,
    private readonly pages: Readonly<Record<Family, Pages>>,
    /** The first is that of region 1. */
    private readonly names: readonly (string | null)[],
  ) {}

  /** @throws {RangeError} when the file ends too early */
  static open(file: RandomAccessFile, { pages, regions }: Description): PackageRegions {
    return new PackageRegions(
      file,
      { 4: withStarts(file, 4, pages[4]), 6: withStarts(file, 6, pages[6]) },
      namesIn(file.read(regions.offset, regions.bytes)),
    );
  }

  /** The region at an address (IPv6: at the first half of one). @throws {RangeError} when the file is damaged there */
  find(family: Family, wanted: number | bigint): string | null {
    const { offset, starts } = this.pages[family];
    const page = lastAtMost(starts.length, (index) => (starts[index] ?? 0) <= wanted);
    if (page < 0) return null;
    const bytes = this.file.read(offset + page * pageBytes, pageBytes);
    const distance = Number(BigInt(wanted) - bytes.readBigUInt64BE(0));
    return this.names[regionAt(bytes, distance) - 1] ?? null;
  }
}

/** The number of the region that far behind the beginning of a page. One plain loop: it is most of a look-up's cost. */
function regionAt(page: Buffer, distance: number): number {
  let [at, start, region, isRegion] = [pageHeadBytes, 0, 0, true];
  while (at < pageBytes) {
    let byte = page[at] ?? 0;
    at += 1;
    let value = byte & 127;
    for (let weight = 128; byte >= 128 && at < pageBytes; weight *= 128) {
      byte = page[at] ?? 0;
      at += 1;
      value += (byte & 127) * weight;
    }
    if (isRegion) region = value;
    else {
      // The rest of the page is empty, or what follows begins behind the address.
      if (value === 0) break;
      start += gapOf(value);
      if (start > distance) break;
    }
    isRegion = !isRegion;
  }
  return region;
}

function namesIn(bytes: Buffer): (string | null)[] {
  const names: (string | null)[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt8(at);
    names.push(cleanName(bytes.toString('utf8', at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return names;
}

function withStarts(file: RandomAccessFile, family: Family, { offset, count }: PagesDescription): Pages {
  const start = (_: unknown, index: number): bigint => file.read(offset + index * pageBytes, 8).readBigUInt64BE(0);
  const starts =
    family === 4
      ? Float64Array.from({ length: count }, (_, index) => Number(start(_, index)))
      : BigUint64Array.from({ length: count }, start);
  return { offset, count, starts };
}
