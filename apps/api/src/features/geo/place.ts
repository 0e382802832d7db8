/** Where an address is, as far as the place data tells. Every member is null when it does not. */
export interface Place {
  /** Two capital letters, ISO 3166-1 alpha-2, or `XK` for Kosovo. */
  readonly country: string | null;
  /** Name of the region in English, where the data has regions; at most 128 characters. */
  readonly region: string | null;
  /** Number of the autonomous system that announces the address: 1 to 4,294,967,295. */
  readonly asn: number | null;
  /** Who runs that system: text from outside, at most 128 characters, without control characters. */
  readonly organisation: string | null;
}

/** What lists show of a place. */
export type CountryAndNetwork = Omit<Place, 'region'>;

/** The place of an address of which nothing is known. */
export const nowhere: Place = Object.freeze({ country: null, region: null, asn: null, organisation: null });

/** Longest name, in UTF-16 units. */
const maxNameLength = 128;
/** Codes that data uses for "somewhere in this region", "a proxy" or "nobody knows". */
const noCountries = new Set(['A1', 'A2', 'AP', 'EU', 'O1', 'T1', 'XX', 'ZZ']);

/** A country's code out of data that may hold anything. */
export function cleanCountry(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value) && !noCountries.has(value) ? value : null;
}

/** A name out of data that may hold anything: well-formed, on one line, cut to its limit. */
export function cleanName(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const line = value
    .slice(0, 4 * maxNameLength)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, maxNameLength)
    .toWellFormed();
  return line === '' ? null : line;
}

/** The number of an autonomous system, also in the form `AS64496`. */
export function cleanAsn(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(/^AS(\d{1,10})$/.exec(value)?.[1]) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 2 ** 32 ? number : null;
}
