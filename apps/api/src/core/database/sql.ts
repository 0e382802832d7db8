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

  /**
   * Runs an `INSERT … VALUES` with `?` for parameters once for each row. Only SQLite has it: there it takes half the time
   * of one statement for all rows, which PostgreSQL, at the other end of a connection, needs.
   * @param rows numbers take the type of their column
   * @returns for each row, in order, the id of the row that was inserted, or 0 where a conflict left it out; without meaning
   *   where a conflict updates, or where the table has no numbered rows
   */
  insertEach?(sql: string, rows: readonly (readonly (string | number | null)[])[]): Promise<number[]>;
}

/** What a parameter may be. */
export type SqlValue = string | number | Uint8Array | null;
