import { type DatabaseKind } from './database.ts';

/** What a column of the rows is in the database. `bytes` travel as hexadecimal text. */
export type JsonColumn = 'text' | 'integer' | 'bytes';

/**
 * SQL of a table made of one parameter, which is a JSON array of arrays: one statement then inserts or finds any number of
 * rows. The columns get the given names, in order, and `position` counts the rows.
 */
export function jsonRows(kind: DatabaseKind, parameter: string, columns: Readonly<Record<string, JsonColumn>>): string {
  const members = Object.entries(columns).map(([name, column], index) => {
    const text = `j.value ->> ${index}`;
    if (kind === 'sqlite') return `${column === 'bytes' ? `unhex(${text})` : text} AS ${name}`;
    if (column === 'bytes') return `decode(${text}, 'hex') AS ${name}`;
    return `${column === 'integer' ? `CAST(${text} AS bigint)` : text} AS ${name}`;
  });
  const source =
    kind === 'sqlite'
      ? // The binary form: each member of a row would otherwise parse the row's text again.
        `jsonb_each(${parameter}) j`
      : `jsonb_array_elements(CAST(${parameter} AS jsonb)) WITH ORDINALITY AS j(value, key)`;
  return `(SELECT ${members.join(', ')}, j.key AS position FROM ${source})`;
}
