import { type Family } from '@bangui/ip';
import {
  type Description,
  descriptionBytes,
  headBytes,
  magic,
  maxNameBytes,
  noPlace,
  placeHeadBytes,
  rangeBytes,
} from './layout.ts';

/** Addresses from `first` to `last`, both included, with what a source says of them. */
export interface SourceRange<T> {
  readonly first: bigint;
  readonly last: bigint;
  readonly value: T;
}

/** A network's number and who runs it. */
export interface NetworkOwner {
  readonly asn: number;
  readonly organisation: string;
}

/** What the sources say of one IP version. Neither list need be in order. Of ranges that overlap the one that begins later counts. */
export interface Sources {
  readonly countries: readonly SourceRange<string>[];
  readonly networks: readonly SourceRange<NetworkOwner>[];
}

/** The file described in `layout.ts`. */
export function writePlaces(
  sources: Readonly<Record<Family, Sources>>,
  about: Pick<Description, 'builtAt' | 'sources'>,
): Buffer {
  const places = new Places();
  const ranges = { 4: rangesOf(4, sources[4], places), 6: rangesOf(6, sources[6], places) };
  const blob = places.bytes();
  const [four, six] = [headBytes, headBytes + ranges[4].length];
  const description: Description = {
    ...about,
    ranges: {
      4: { offset: four, count: ranges[4].length / rangeBytes[4] },
      6: { offset: six, count: ranges[6].length / rangeBytes[6] },
    },
    places: { offset: six + ranges[6].length, bytes: blob.length },
  };
  const text = JSON.stringify(description);
  if (Buffer.byteLength(text) > descriptionBytes) throw new Error('The description is too long.');
  const head = Buffer.alloc(headBytes, ' ');
  head.write(magic, 'latin1');
  head.writeUInt32BE(descriptionBytes, 4);
  head.write(text, 8);
  return Buffer.concat([head, ranges[4], ranges[6], blob]);
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
    const name = cut(network?.organisation ?? '');
    const part = Buffer.alloc(placeHeadBytes + name.length);
    part.write((country ?? '').padEnd(2, ' '), 0, 2, 'latin1');
    part.writeUInt32BE(network?.asn ?? 0, 2);
    part.writeUInt8(name.length, 6);
    name.copy(part, placeHeadBytes);
    this.parts.push(part);
    this.offsets.set(key, this.length);
    this.length += part.length;
    return this.length - part.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** The name in UTF-8, cut between characters. */
function cut(name: string): Buffer {
  let text = name;
  while (Buffer.byteLength(text) > maxNameBytes) text = [...text].slice(0, -1).join('');
  return Buffer.from(text);
}

/** Both sources laid over each other: ranges in order, without two neighbours of the same place. */
function rangesOf(family: Family, { countries, networks }: Sources, places: Places): Buffer {
  const scale = family === 4 ? 0n : 64n;
  const [country, network] = [boundaries(countries, scale), boundaries(networks, scale)];
  const starts = [...new Set([...country.keys(), ...network.keys()])].sort((a, b) => (a < b ? -1 : 1));
  const bytes: Buffer[] = [];
  let now: { country: string | undefined; network: NetworkOwner | undefined } = {
    country: undefined,
    network: undefined,
  };
  let before = noPlace;
  for (const start of starts) {
    now = {
      country: country.has(start) ? country.get(start) : now.country,
      network: network.has(start) ? network.get(start) : now.network,
    };
    const place = places.offset(now.country, now.network);
    if (place === before) continue;
    before = place;
    const range = Buffer.alloc(rangeBytes[family]);
    if (family === 4) range.writeUInt32BE(Number(start));
    else range.writeBigUInt64BE(start);
    range.writeUInt32BE(place, rangeBytes[family] - 4);
    bytes.push(range);
  }
  return Buffer.concat(bytes);
}

/**
 * Where the value changes, and to what; undefined where nothing is known. Of ranges that overlap the one that begins
 * later counts, and the earlier one goes on behind it.
 */
function boundaries<T>(ranges: readonly SourceRange<T>[], scale: bigint): Map<bigint, T | undefined> {
  const changes = new Map<bigint, T | undefined>();
  const open: { readonly to: bigint; readonly value: T }[] = [];
  const closeUntil = (limit: bigint): void => {
    for (let top = open.at(-1); top !== undefined && top.to <= limit; top = open.at(-1)) {
      while ((open.at(-1)?.to ?? limit + 1n) <= top.to) open.pop();
      changes.set(top.to, open.at(-1)?.value);
    }
  };
  const scaled = ranges
    // Only what fills its part of the scale: the few entries of a source below a /64 are left out.
    .map(({ first, last, value }) => ({
      from: (first + (1n << scale) - 1n) >> scale,
      to: (last + 1n) >> scale,
      value,
    }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => (a.from === b.from ? (a.to > b.to ? -1 : 1) : a.from < b.from ? -1 : 1));
  for (const { from, to, value } of scaled) {
    closeUntil(from);
    open.push({ to, value });
    changes.set(from, value);
  }
  const limit = 1n << (scale === 0n ? 32n : 64n);
  closeUntil(limit);
  // There is nothing behind the last address.
  changes.delete(limit);
  return changes;
}
