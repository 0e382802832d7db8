import { fileURLToPath } from 'node:url';
import { PlaceDataBad } from '../place-data-bad.ts';

/**
 * The file with the place data that comes with BanGUI, written when it is built:
 *
 *     4 bytes   `BGP1`
 *     4 bytes   length of the description, always the same
 *     …         the description, JSON with spaces behind it, see {@link Description}
 *     …         IPv4 ranges, in order: first address (4 bytes), place (4 bytes)
 *     …         IPv6 ranges, in order: first half of the first address (8 bytes), place (4 bytes)
 *     …         places: country (2 bytes), number of the network (4 bytes), length of its owner's name (1 byte), name
 *
 * All numbers are big-endian. A range reaches to the next one. A place is its offset in the places, or 0xFFFFFFFF for
 * none. IPv6 is told apart down to a /64: what is smaller has one owner.
 */
export const magic = 'BGP1';
/** Place of a range of which nothing is known. */
export const noPlace = 0xffff_ffff;
/** Bytes of one range. */
export const rangeBytes = { 4: 8, 6: 12 } as const;
/** Bytes of a place without the name. */
export const placeHeadBytes = 7;
/** Longest name in bytes. */
export const maxNameBytes = 255;

/** Where the ranges of one IP version are. */
export interface RangesDescription {
  readonly offset: number;
  readonly count: number;
}

/** What the file says of itself. */
export interface Description {
  /** Of the newest of its sources; epoch milliseconds. */
  readonly builtAt: number;
  /** npm packages it was made from, `name@version`. */
  readonly sources: readonly string[];
  readonly ranges: { readonly 4: RangesDescription; readonly 6: RangesDescription };
  readonly places: { readonly offset: number; readonly bytes: number };
}

/** Bytes that the description gets: it tells offsets that depend on its own length. */
export const descriptionBytes = 1_024;
/** Where the ranges begin. */
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
