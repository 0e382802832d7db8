/** Where an address is, as far as the place data tells. Every member is null when it does not. */
export interface Place {
  /** Two capital letters, ISO 3166-1 alpha-2 as the data has it (so `XK` for Kosovo may occur). */
  readonly country: string | null;
  /** Name of the region in English, where the data has regions; at most 128 characters. */
  readonly region: string | null;
  /** Number of the autonomous system that announces the address: 1 to 4,294,967,295. */
  readonly asn: number | null;
  /** Who runs that system; hostile text of at most 128 characters. */
  readonly organisation: string | null;
}

/** The place of an address of which nothing is known. */
export const nowhere: Place = Object.freeze({ country: null, region: null, asn: null, organisation: null });
