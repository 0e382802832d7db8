import { fileURLToPath } from 'node:url';
import { PlaceDataBad } from '../place-data-bad.ts';

/**
 * The file with the place data that comes with BanGUI, written when it is built:
 *
 *     4 bytes   `BGP2`
 *     4 bytes   length of the description, always the same
 *     …         the description, JSON with spaces behind it, see {@link Description}
 *     …         IPv4 regions, in pages
 *     …         IPv6 regions, in pages
 *     …         names of the regions: length (1 byte), name; the first is that of region 1
 *     …         IPv4 ranges, in order: first address (4 bytes), place (4 bytes)
 *     …         IPv6 ranges, in order: first half of the first address (8 bytes), place (4 bytes)
 *     …         places: country (2 bytes), number of the network (4 bytes), length of its owner's name (1 byte), name
 *
 * All numbers are big-endian. A range reaches to the next one. A place is its offset in the places, or 0xFFFFFFFF for
 * none. IPv6 is told apart down to a /64: what is smaller has one owner.
 *
 * Regions lie in a layer of their own, because they change at other addresses than countries and networks do: together
 * there would be a place for each of very many combinations. There are so many that they are packed: a page of 512
 * bytes begins with its first address (8 bytes; IPv6: first half), and goes on with the region there and, for each
 * further run of addresses, the gap from the start of the one before and the region. Both are varints, see
 * {@link gapCode}. Region 0 is none. Zeros fill the page.
 */
export const magic = 'BGP2';
/** Place of a range of which nothing is known. */
export const noPlace = 0xffff_ffff;
/** Bytes of one range. */
export const rangeBytes = { 4: 8, 6: 12 } as const;
/** Bytes of a place without the name. */
export const placeHeadBytes = 7;
/** Longest name in bytes. */
export const maxNameBytes = 255;

/** Bytes of a page: a block of the file holds eight, so none lies in two. */
export const pageBytes = 512;
/** Bytes of a page before its first region. */
export const pageHeadBytes = 8;
/** A page reaches less far than this from its first address, so that its gaps and sums of them are exact as numbers. */
export const mostPageSpan = 1n << 50n;

/**
 * The gap between two addresses as it is written: how many of its last hexadecimal digits are zero, at most seven, in
 * the lowest three bits, and above them the digits before these. Most gaps are powers of two, so most take one byte.
 */
export function gapCode(gap: bigint): number {
  let zeros = 0n;
  while (zeros < 7n && ((gap >> (4n * zeros)) & 15n) === 0n) zeros += 1n;
  return Number(((gap >> (4n * zeros)) << 3n) | zeros);
}

/** The gap that a code stands for. */
export function gapOf(code: number): number {
  const zeros = code % 8;
  return ((code - zeros) / 8) * (1 << (4 * zeros));
}

/** Where the ranges of one IP version are. */
export interface RangesDescription {
  readonly offset: number;
  readonly count: number;
}

/** Where the pages of one IP version are. */
export interface PagesDescription {
  readonly offset: number;
  readonly count: number;
}

/** What the file says of itself. */
export interface Description {
  /** Of the newest of its sources; epoch milliseconds. */
  readonly builtAt: number;
  /** npm packages it was made from, `name@version`. */
  readonly sources: readonly string[];
  readonly pages: { readonly 4: PagesDescription; readonly 6: PagesDescription };
  /** Names of the regions. */
  readonly regions: { readonly offset: number; readonly bytes: number };
  readonly ranges: { readonly 4: RangesDescription; readonly 6: RangesDescription };
  readonly places: { readonly offset: number; readonly bytes: number };
}

/** Bytes that the description gets: it tells offsets that depend on its own length. The head is two pages long. */
export const descriptionBytes = 1_016;
/** Where the pages begin. */
export const headBytes = 8 + descriptionBytes;

/** Reads the first {@link headBytes} of the file. @throws {PlaceDataBad} when they are not ours */
export function readHead(head: Buffer): Description {
  if (head.toString('latin1', 0, 4) !== magic || head.readUInt32BE(4) !== descriptionBytes) {
    throw new PlaceDataBad('It is not place data of BanGUI.');
  }
  // Written by our own build; what it says of sizes is checked by every read.
  return JSON.parse(head.toString('utf8', 8, headBytes)) as Description;
}

/** Beside `src` and `dist` alike. */
export const packagePlacesPath = fileURLToPath(new URL('../../../../data/places.bin', import.meta.url));
