import { type Family } from '@bangui/ip';
import { boundaries, type Change, type SourceRange } from './boundaries.ts';
import {
  type Description,
  descriptionBytes,
  headBytes,
  magic,
  noPlace,
  pageBytes,
  placeHeadBytes,
  rangeBytes,
} from './layout.ts';
import { nameBytes } from './name-bytes.ts';
import { type Region, regionRuns, writeRegions } from './write-regions.ts';

/** A network's number and who runs it. */
export interface NetworkOwner {
  readonly asn: number;
  readonly organisation: string;
}

/**
 * What the sources say of one IP version. Countries and networks need not be in order; of ranges that overlap the one
 * that begins later counts. Regions are by far the most: they come in order, without overlaps, and are not kept.
 */
export interface Sources {
  readonly countries: readonly SourceRange<string>[];
  readonly networks: readonly SourceRange<NetworkOwner>[];
  readonly regions: Iterable<SourceRange<Region>>;
}

/** The file described in `layout.ts`. */
export function writePlaces(
  sources: Readonly<Record<Family, Sources>>,
  about: Pick<Description, 'builtAt' | 'sources'>,
): Buffer {
  const places = new Places();
  const four = layersOf(4, sources[4], places);
  const six = layersOf(6, sources[6], places);
  const { pages, names } = writeRegions({ 4: four.regions, 6: six.regions });
  const parts = [pages[4], pages[6], names, four.ranges, six.ranges, places.bytes()];
  const at = (part: number): number => parts.slice(0, part).reduce((sum, { length }) => sum + length, headBytes);
  const description: Description = {
    ...about,
    pages: {
      4: { offset: at(0), count: pages[4].length / pageBytes },
      6: { offset: at(1), count: pages[6].length / pageBytes },
    },
    regions: { offset: at(2), bytes: names.length },
    ranges: {
      4: { offset: at(3), count: four.ranges.length / rangeBytes[4] },
      6: { offset: at(4), count: six.ranges.length / rangeBytes[6] },
    },
    places: { offset: at(5), bytes: at(6) - at(5) },
  };
  const text = JSON.stringify(description);
  if (Buffer.byteLength(text) > descriptionBytes) throw new Error('The description is too long.');
  const head = Buffer.alloc(headBytes, ' ');
  head.write(magic, 'latin1');
  head.writeUInt32BE(descriptionBytes, 4);
  head.write(text, 8);
  return Buffer.concat([head, ...parts]);
}

/** Distinct places, each written once. */
class Places {
  private readonly offsets = new Map<string, number>();
  private readonly parts: Buffer[] = [];
  private length = 0;

  offset(country: string | undefined, network: NetworkOwner | undefined): number {
    if (country === undefined && network === undefined) return noPlace;
    const key = `${country ?? ''} ${network?.asn ?? 0} ${network?.organisation ?? ''}`;
    const known = this.offsets.get(key);
    if (known !== undefined) return known;
    const head = Buffer.alloc(placeHeadBytes - 1);
    head.write((country ?? '').padEnd(2, ' '), 0, 2, 'latin1');
    head.writeUInt32BE(network?.asn ?? 0, 2);
    const part = Buffer.concat([head, nameBytes(network?.organisation ?? '')]);
    this.parts.push(part);
    this.offsets.set(key, this.length);
    this.length += part.length;
    return this.length - part.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** What changes where, as one layer for countries and networks and one for regions. */
function layersOf(family: Family, { countries, networks, regions }: Sources, places: Places) {
  const [scale, limit] = family === 4 ? [0n, 1n << 32n] : [64n, 1n << 64n];
  const country = boundaries(countries, scale, limit);
  return {
    ranges: rangesOf(family, country, boundaries(networks, scale, limit), places),
    regions: regionRuns(country, regions, scale, limit),
  };
}

/** Both sources laid over each other: ranges in order, without two neighbours of the same place. */
function rangesOf(
  family: Family,
  countries: readonly Change<string>[],
  networks: readonly Change<NetworkOwner>[],
  places: Places,
): Buffer {
  const size = rangeBytes[family];
  const bytes = Buffer.alloc((countries.length + networks.length) * size);
  let used = 0;
  let before = noPlace;
  for (const { start, country, network } of both(countries, networks)) {
    const place = places.offset(country, network);
    if (place === before) continue;
    before = place;
    if (family === 4) bytes.writeUInt32BE(Number(start), used);
    else bytes.writeBigUInt64BE(start, used);
    used += size;
    bytes.writeUInt32BE(place, used - 4);
  }
  return bytes.subarray(0, used);
}

/** Changes of either, with what holds of both from there on. */
function* both(countries: readonly Change<string>[], networks: readonly Change<NetworkOwner>[]) {
  let [left, right] = [0, 0];
  for (;;) {
    const [country, network] = [countries[left], networks[right]];
    if (country === undefined && network === undefined) return;
    const isCountry = network === undefined || (country !== undefined && country.start <= network.start);
    const isNetwork = country === undefined || (network !== undefined && network.start <= country.start);
    if (isCountry) left += 1;
    if (isNetwork) right += 1;
    yield {
      start: (isCountry ? country?.start : network.start) ?? 0n,
      country: countries[left - 1]?.value,
      network: networks[right - 1]?.value,
    };
  }
}
