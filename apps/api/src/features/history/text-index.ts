import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.ts';
import { jsonRows } from '../../core/database/json-rows.ts';
import { type Sql } from '../../core/database/sql.ts';
import { likePattern, trigramQuery } from './text-search.ts';

/** Ids that the index may be behind for a search to read the rows themselves: about as many as the time of a page is enough for. */
const maxBehind = 20_000;

/** Ids of the first step through the index; each further step is twice as long. */
const firstStep = 250_000;

/**
 * The index of the matched lines on SQLite (FTS5, trigrams). It follows the rows: at once where they are few, later where they are
 * many, because at the first start beside a long history it would take as long as the rows do. PostgreSQL's own index (pg_trgm)
 * is written by PostgreSQL; there nothing is to be done.
 */
@Injectable()
export class TextIndex {
  private readonly isNeeded: boolean;

  constructor(private readonly database: Database) {
    this.isNeeded = database.kind === 'sqlite';
  }

  /** Adds the rows of the next `limit` ids, inside of the caller's transaction. Resolves to whether it has all rows then. */
  async follow(sql: Sql, limit: number): Promise<boolean> {
    if (!this.isNeeded) return true;
    const { position, last } = await extent(sql);
    if (position >= last) return true;
    const next = Math.min(position + limit, last);
    // All at once: the index writes a piece at the end of each statement.
    await sql.query(
      `INSERT INTO history_text (rowid, matches) SELECT id, matches FROM history_archive
       WHERE id > $1 AND id <= $2 AND matches <> '[]'`,
      [position, next],
    );
    await sql.query('UPDATE history_text_position SET id = $1', [next]);
    return next === last;
  }

  /** Adds rows that had no lines when it came to them, and have some now. */
  async addLate(sql: Sql, ids: readonly number[]): Promise<void> {
    if (!this.isNeeded) return;
    await sql.query(
      `INSERT INTO history_text (rowid, matches) SELECT id, matches FROM history_archive
       WHERE id IN (${listed}) AND id <= (SELECT id FROM history_text_position) AND matches <> '[]'`,
      [listOf(ids)],
    );
  }

  /** Forgets rows, whether it has come to them or not. */
  async remove(sql: Sql, ids: readonly number[]): Promise<void> {
    if (!this.isNeeded) return;
    await sql.query(`DELETE FROM history_text WHERE rowid IN (${listed})`, [listOf(ids)]);
  }

  /**
   * Ids of all rows whose lines may contain the text; undefined when there are more than `limit`, when the text is shorter than
   * three letters, or when the index is too far behind or `isLate` before all is looked at. Not for PostgreSQL.
   */
  async find(text: string, limit: number, isLate: () => boolean): Promise<number[] | undefined> {
    const query = trigramQuery(text);
    if (query === undefined) return undefined;
    const { position, last } = await extent(this.database.reports);
    if (last - position > maxBehind) return undefined;
    const rows = await this.database.reports.query<{ id: number }>(
      `SELECT id FROM history_archive WHERE id > $1 AND matches LIKE $2 ESCAPE '!'`,
      [position, likePattern(text)],
    );
    const ids = rows.map(({ id }) => id);
    for (let high = position, step = firstStep; high > 0; high -= step, step *= 2) {
      if (isLate()) return undefined;
      const some = await this.database.reports.query<{ id: number }>(
        `SELECT rowid AS id FROM history_text WHERE history_text MATCH $1 AND rowid > $2 AND rowid <= $3
         LIMIT ${limit + 1 - ids.length}`,
        [query, high - step, high],
      );
      for (const { id } of some) ids.push(id);
      if (ids.length > limit) return undefined;
    }
    return ids.length > limit ? undefined : ids;
  }
}

const listed = `SELECT id FROM ${jsonRows('sqlite', '$1', { id: 'integer' })} r`;

function listOf(ids: readonly number[]): string {
  return JSON.stringify(ids.map((id) => [id]));
}

/** How far the index has come, and how far there are rows. */
async function extent(sql: Sql): Promise<{ readonly position: number; readonly last: number }> {
  const [row] = await sql.query<{ position: number; last: number | null }>(
    `SELECT (SELECT id FROM history_text_position) AS position, (SELECT max(id) FROM history_archive) AS last`,
  );
  return { position: row?.position ?? 0, last: row?.last ?? 0 };
}
