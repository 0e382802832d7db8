import { type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { AppError } from '../http/app-error.ts';

/** A cursor that was not given out by this list. */
export class CursorInvalid extends AppError {
  readonly code = 'cursor-invalid';
  readonly status = 400;
  constructor() {
    super('The cursor is not one this list has given out.', {
      errors: [{ field: 'cursor', message: 'is not valid', code: 'cursor-invalid' }],
    });
  }
}

/** Value of one column of the sort key. */
export type KeyPart = string | number;

/** What the parts of a key are, in order. */
export type KeyShape = readonly ('string' | 'number')[];

/** Longest text inside a cursor. */
const maxPartLength = 256;

/** Writes the key of a page's last row as text for the client. */
export function encodeCursor(key: readonly KeyPart[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

/** Reads a cursor. It comes from outside, so every part is checked. Throws {@link CursorInvalid}. */
export function decodeCursor(text: string, shape: KeyShape): KeyPart[] {
  const key = jsonOf(text);
  if (!Array.isArray(key) || key.length !== shape.length) throw new CursorInvalid();
  return key.map((part: unknown, index) => {
    if (shape[index] === 'number' && typeof part === 'number' && Number.isSafeInteger(part)) return part;
    // PostgreSQL cannot store NUL in a text; lone surrogates do not survive UTF-8.
    const isText =
      typeof part === 'string' && part.length <= maxPartLength && part.isWellFormed() && !part.includes('\0');
    if (shape[index] === 'string' && isText) return part;
    throw new CursorInvalid();
  });
}

function jsonOf(text: string): unknown {
  if (text.length > 512 || !/^[A-Za-z0-9_-]+$/.test(text)) throw new CursorInvalid();
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    // Whatever is wrong with it, it is not ours.
    throw new CursorInvalid();
  }
}

/** A page of a list. */
export interface KeysetPage<T> {
  readonly items: T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** How a list is ordered: all columns descending, the last one unique. */
export interface Keyset<T> {
  /** Columns as the query knows them, for example `['event.at', 'event.id']`. */
  readonly columns: readonly string[];
  readonly shape: KeyShape;
  readonly keyOf: (row: T) => readonly KeyPart[];
}

/** Reads one page after the cursor. Its cost does not depend on how deep the page is, given an index on the columns. */
export async function keysetPage<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  { columns, shape, keyOf }: Keyset<T>,
): Promise<KeysetPage<T>> {
  if (cursor !== undefined) {
    const parts = decodeCursor(cursor, shape);
    const names = parts.map((_, index) => `:cursor${index}`);
    query.andWhere(
      `(${columns.join(', ')}) < (${names.join(', ')})`,
      Object.fromEntries(parts.map((part, index) => [`cursor${index}`, part])),
    );
  }
  for (const column of columns) query.addOrderBy(column, 'DESC');
  // One more than asked tells whether there is a next page.
  const rows = await query.limit(limit + 1).getMany();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}
