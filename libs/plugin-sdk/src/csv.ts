import { lines } from './lines.ts';
import { MalformedFeed } from './malformed-feed.ts';

/** How a table is written. */
export interface CsvOptions {
  /** Between the cells; a comma unless said otherwise. */
  readonly separator?: ',' | ';' | '\t' | '|';
  /** A line that begins with this is skipped; `#` unless said otherwise, the empty text for none. */
  readonly comment?: string;
  /** Longest row in bytes, also one with line breaks in quotes; 16 KiB unless said otherwise. */
  readonly maxRowBytes?: number;
}

/** Which column of a table is meant. */
export interface CsvColumnOptions extends CsvOptions {
  /** Its place, from 1; or its name, in any case, which then stands in the first row. */
  readonly column: number | string;
  /** Whether the first row holds the names of the columns; true when `column` is a name. */
  readonly hasHeader?: boolean;
}

const MAX_ROW_BYTES = 16 * 1024;

/**
 * The rows of a table as in RFC 4180: quoted cells may hold separators, line breaks and doubled quotes. Empty lines and
 * comments are skipped.
 * @throws MalformedFeed for a row that is too long, or a quote that is never closed
 */
export async function* csvRows(
  body: AsyncIterable<Uint8Array>,
  options: CsvOptions = {},
): AsyncGenerator<string[], void, undefined> {
  const { separator = ',', comment = '#', maxRowBytes = MAX_ROW_BYTES } = options;
  let held = '';
  let isOpen = false;
  for await (const line of lines(body, { maxLineBytes: maxRowBytes })) {
    if (!isOpen && (line.trim() === '' || (comment !== '' && line.startsWith(comment)))) continue;
    // Looks at each line once: an odd number of quotes opens or closes.
    const isOdd = countQuotes(line) % 2 === 1;
    held = isOpen ? `${held}\n${line}` : line;
    if (held.length > maxRowBytes) throw new MalformedFeed(`A row is longer than ${maxRowBytes} bytes.`);
    isOpen = isOpen !== isOdd;
    if (!isOpen) yield cells(held, separator);
  }
  if (isOpen) throw new MalformedFeed('A quote in the table is never closed.');
}

/**
 * The cells of one column. Rows that are too short give an empty text.
 * @throws MalformedFeed when the column's name is not in the first row
 */
export async function* csvColumn(
  body: AsyncIterable<Uint8Array>,
  options: CsvColumnOptions,
): AsyncGenerator<string, void, undefined> {
  const { column } = options;
  let isHeaderNext = options.hasHeader ?? typeof column === 'string';
  let index = typeof column === 'number' ? column - 1 : 0;
  for await (const row of csvRows(body, options)) {
    if (isHeaderNext) {
      isHeaderNext = false;
      if (typeof column === 'string') index = placeOf(column, row);
      continue;
    }
    yield (row[index] ?? '').trim();
  }
}

function placeOf(column: string, header: readonly string[]): number {
  const wanted = column.trim().toLowerCase();
  const index = header.findIndex((name) => name.trim().toLowerCase() === wanted);
  if (index < 0) throw new MalformedFeed(`The table has no column ${JSON.stringify(column)}.`);
  return index;
}

function countQuotes(line: string): number {
  let count = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count += 1;
  return count;
}

function cells(row: string, separator: string): string[] {
  if (!row.includes('"')) return row.split(separator);
  const found: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < row.length; index += 1) {
    const character = row[index] ?? '';
    if (character === '"') {
      // Two quotes inside quotes are one.
      if (isQuoted && row[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else isQuoted = !isQuoted;
    } else if (character === separator && !isQuoted) {
      found.push(cell);
      cell = '';
    } else cell += character;
  }
  found.push(cell);
  return found;
}
