import { Injectable } from '@nestjs/common';
import { type BanRow } from './ban-row.ts';
import { Fail2banDatabase } from './fail2ban-database.ts';
import { type RowIdentity } from './fail2ban-database-protocol.ts';

/** How far fail2ban's table of bans was read. */
export interface RowCursor {
  /** Names the database file. */
  readonly file: string;
  /** The last row that was read, as it was then. */
  readonly last: RowIdentity;
}

/** Rows after a cursor. */
export interface RowPage {
  readonly file: string;
  readonly rows: readonly BanRow[];
  /** Behind all of them; the given cursor when there was nothing new; null while the table is empty. */
  readonly cursor: RowCursor | null;
  readonly isAtEnd: boolean;
}

/** Rows whose identity is remembered, to find the place from which numbers were given out again. */
const remembered = 4_000;
const stepRows = 500;
/** Pages are put together until they have this many rows, or lines of this many characters. */
const batchRows = 3_000;
const batchCharacters = 8_000_000;

/**
 * Reads rows by number. SQLite gives the number of a deleted last row out again, so a number alone proves nothing: the last
 * row that was read must still be the same one. If it is not, reading goes on behind the last row that is. Rows may come
 * again therefore; the caller knows them.
 */
@Injectable()
export class RowReader {
  private readonly trail = new Map<number, string>();
  private trailFile = '';

  constructor(private readonly database: Fail2banDatabase) {}

  /** @throws {DatabaseUnreadable} */
  async next(path: string, cursor: RowCursor | null): Promise<RowPage> {
    const after = await this.surviving(path, cursor);
    const rows: BanRow[] = [];
    let end = after;
    for (let characters = 0; rows.length < batchRows && characters < batchCharacters;) {
      const page = await this.database.page(path, end?.last.rowid ?? 0);
      // Replaced between two questions: the next turn sees it.
      if (end && page.file !== end.file) return { file: page.file, rows: [], cursor: null, isAtEnd: false };
      if (page.last === null) return { file: page.file, rows, cursor: end, isAtEnd: true };
      this.remember(page.file, page.rows);
      const last = page.rows.at(-1);
      const identity = last?.rowid === page.last ? identityOf(last) : unreadable(page.last);
      end = { file: page.file, last: identity };
      for (const row of page.rows) {
        rows.push(row);
        characters += row.matches.length;
      }
    }
    return { file: end?.file ?? '', rows, cursor: end, isAtEnd: false };
  }

  /** The cursor itself, or the last row before it that was not replaced; null for the beginning. */
  private async surviving(path: string, cursor: RowCursor | null): Promise<RowCursor | null> {
    if (!cursor) return null;
    let upTo = cursor.last.rowid;
    for (let limit = 1; ; limit = stepRows) {
      const { file, rows } = await this.database.identities(path, upTo, limit);
      if (file !== cursor.file) return null;
      for (const row of rows) {
        const isSame =
          row.rowid === cursor.last.rowid ? textOf(row) === textOf(cursor.last) : this.isRemembered(file, row);
        if (isSame) return { file, last: row };
      }
      const lowest = rows.at(-1);
      if (!lowest || (limit > 1 && !rows.some((row) => this.trail.has(row.rowid)))) return null;
      upTo = lowest.rowid - 1;
    }
  }

  private isRemembered(file: string, row: RowIdentity): boolean {
    return file === this.trailFile && this.trail.get(row.rowid) === textOf(row);
  }

  private remember(file: string, rows: readonly BanRow[]): void {
    if (file !== this.trailFile) {
      this.trail.clear();
      this.trailFile = file;
    }
    for (const row of rows) {
      this.trail.delete(row.rowid);
      this.trail.set(row.rowid, textOf(row));
    }
    for (const rowid of this.trail.keys()) {
      if (this.trail.size <= remembered) return;
      this.trail.delete(rowid);
    }
  }
}

/** Identity of a row. */
export function identityOf({ rowid, jail, address, failedAt }: BanRow): RowIdentity {
  return { rowid, jail, address, failedAt };
}

/** A row that could not be read stands for itself by its number. */
function unreadable(rowid: number): RowIdentity {
  return { rowid, jail: '', address: '', failedAt: 0 };
}

function textOf({ jail, address, failedAt }: RowIdentity): string {
  return `${failedAt} ${jail} ${address}`;
}
