import { Injectable } from '@nestjs/common';
import { Database } from '../../../core/database/database.ts';
import { type WantedOutput } from '../run/wanted-set.ts';

/** Generations whose changes are kept, so that whoever has one of them need not load everything. */
export const keptGenerations = 20;

/** A generation of the set to enforce without its addresses. */
export interface WantedHead {
  readonly generation: number;
  readonly contentHash: string;
  readonly allowedHash: string;
  /** Of everything it was made of. */
  readonly inputsHash: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly ranges: number;
  readonly addedRanges: number;
  readonly removedRanges: number;
}

/** A generation to be stored. */
export interface NewWanted {
  readonly head: Omit<WantedHead, 'ranges' | 'addedRanges' | 'removedRanges'>;
  readonly output: WantedOutput;
  readonly allowed: Uint8Array;
}

/** What one generation has changed, packed. */
export interface WantedStep {
  readonly generation: number;
  readonly added: Uint8Array;
  readonly removed: Uint8Array;
}

const headColumns = `generation, content_hash AS "contentHash", allowed_hash AS "allowedHash",
  inputs_hash AS "inputsHash", at, ranges, added_ranges AS "addedRanges", removed_ranges AS "removedRanges"`;

/** The only place with SQL about the set to enforce. */
@Injectable()
export class WantedRepository {
  constructor(private readonly database: Database) {}

  /** The newest generation; undefined before the first one. */
  async newest(): Promise<WantedHead | undefined> {
    const [row] = await this.database.read.query<WantedHead[]>(
      `SELECT ${headColumns} FROM blocklist_wanted ORDER BY generation DESC LIMIT 1`,
    );
    return row;
  }

  /** The addresses of a generation; undefined when it is no longer the newest. */
  async packed(generation: number): Promise<{ blocked: Uint8Array; allowed: Uint8Array } | undefined> {
    const [row] = await this.database.reports.query<{ blocked: Uint8Array | null; allowed: Uint8Array | null }>(
      'SELECT blocked, allowed FROM blocklist_wanted WHERE generation = $1',
      [generation],
    );
    return row?.blocked && row.allowed ? { blocked: row.blocked, allowed: row.allowed } : undefined;
  }

  /** Who was let through in a generation, as a hash; undefined when nothing is known of it any more. */
  async allowedHash(generation: number): Promise<string | undefined> {
    const [row] = await this.database.reports.query<{ allowedHash: string }>(
      'SELECT allowed_hash AS "allowedHash" FROM blocklist_wanted WHERE generation = $1',
      [generation],
    );
    return row?.allowedHash;
  }

  /** What was changed after a generation and up to another one, oldest first. */
  steps(after: number, upTo: number): Promise<WantedStep[]> {
    return this.database.reports.query<WantedStep>(
      `SELECT generation, added, removed FROM blocklist_wanted
       WHERE generation > $1 AND generation <= $2 ORDER BY generation LIMIT ${keptGenerations}`,
      [after, upTo],
    );
  }

  /** Stores the next generation; the packed sets of the output are used up. @returns false when another one was stored meanwhile: then it is to be made anew */
  async add({ head, output, allowed }: NewWanted): Promise<boolean> {
    return this.database.writeInBackground(async (sql) => {
      await this.database.exclusively(sql, 'blocklist-wanted');
      const [row] = await sql.query<{ newest: number | null }>(
        'SELECT max(generation) AS newest FROM blocklist_wanted',
      );
      if ((row?.newest ?? 0) !== head.generation - 1) return false;
      await sql.query('UPDATE blocklist_wanted SET blocked = NULL, allowed = NULL WHERE blocked IS NOT NULL');
      await sql.query('DELETE FROM blocklist_wanted WHERE generation <= $1', [head.generation - keptGenerations]);
      await sql.query(
        `INSERT INTO blocklist_wanted (generation, content_hash, allowed_hash, inputs_hash, at, ranges, added_ranges,
           removed_ranges, blocked, allowed, added, removed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          head.generation,
          head.contentHash,
          head.allowedHash,
          head.inputsHash,
          head.at,
          output.ranges,
          output.addedRanges,
          output.removedRanges,
          output.blocked,
          allowed,
          output.added,
          output.removed,
        ],
        [output.blocked, output.added, output.removed],
      );
      return true;
    });
  }

  /** Notes that a generation is also what other inputs make. */
  async confirmInputs(generation: number, inputsHash: string): Promise<void> {
    await this.database.writeInBackground((sql) =>
      sql.query('UPDATE blocklist_wanted SET inputs_hash = $2 WHERE generation = $1', [generation, inputsHash]),
    );
  }
}
