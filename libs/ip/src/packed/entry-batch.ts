/**
 * Entries of a list as packed numbers, so that a million of them pass between its reader and its host in a few typed
 * arrays instead of a million objects. Unsorted, duplicates allowed. Whoever receives one from code that is not trusted gives it
 * to `AddressSetBuilder.addBatch`, which checks it.
 */
export interface EntryBatch {
  /** Single IPv4 addresses, one number each. */
  readonly hosts4: Uint32Array;
  /** IPv4 ranges, two numbers each: first and last address, both inside. */
  readonly ranges4: Uint32Array;
  /** IPv6 ranges and single addresses, eight numbers each: four of the first address, four of the last, most significant first. */
  readonly ranges6: Uint32Array;
  /** Lines that were neither an entry nor blank nor a comment. */
  readonly invalid: number;
}
