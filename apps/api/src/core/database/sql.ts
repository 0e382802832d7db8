/**
 * Runs SQL with `$1`, `$2` … for parameters on either database. On SQLite it runs in a thread of its own, so that a long
 * statement does not keep the process from answering.
 */
export interface Sql {
  /**
   * Resolves to the rows; 64-bit integers and counts are numbers.
   * @param given parameters that the caller does not need any more: where there is a thread, they are not copied for it
   */
  query<Row>(sql: string, parameters?: readonly SqlValue[], given?: readonly Uint8Array[]): Promise<Row[]>;
}

/** What a parameter may be. */
export type SqlValue = string | number | Uint8Array | null;
