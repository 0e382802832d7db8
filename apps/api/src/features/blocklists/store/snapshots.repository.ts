import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.ts';
import { type Sql } from '../../../core/database/sql.ts';
import { type FeedValidators } from '../download/feed-request.ts';
import { type ChangedFeed } from '../run/import-job.ts';
import { type ImportLogEntity } from './log.entity.ts';
import { type RunEnd } from './runs.repository.ts';

/** `current` counts; `held` waits for an administrator. */
export type SnapshotState = 'current' | 'held';

/** A stored feed without its addresses. */
export interface SnapshotHead {
  readonly id: string;
  readonly sourceId: string;
  readonly feed: string;
  readonly state: SnapshotState;
  readonly contentHash: string;
  readonly ranges: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly runId: string;
}

/** What one import stores, all or nothing. */
export interface ImportCommit {
  readonly sourceId: string;
  /** Settings under which it was downloaded. */
  readonly revision: number;
  readonly runId: string;
  readonly end: RunEnd;
  readonly log: readonly ImportLogEntity[];
  /** Undefined to keep what is there: then the whole list is downloaded again. */
  readonly validators: Readonly<Record<string, FeedValidators>> | undefined;
  readonly state: SnapshotState;
  /** Their packed sets are used up. */
  readonly changed: readonly ChangedFeed[];
  /** All feeds of the source now; others are forgotten. */
  readonly feeds: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The settings of the source were changed, or it was removed, while it was imported: nothing was stored. */
export class ImportSuperseded extends Error {
  override readonly name = 'ImportSuperseded';
}

const headColumns = `id, source_id AS "sourceId", feed, state, content_hash AS "contentHash", ranges,
  created_at AS "createdAt", run_id AS "runId"`;

/** The only place with SQL about what feeds hold. */
@Injectable()
export class SnapshotsRepository {
  constructor(private readonly database: Database) {}

  /** Stored feeds of all sources, or of one. */
  async heads(sourceId?: string): Promise<SnapshotHead[]> {
    const parameter = this.database.kind === 'postgres' ? '$1' : '?';
    const where = sourceId === undefined ? '' : `WHERE source_id = ${parameter}`;
    return this.database.read.query<SnapshotHead[]>(
      `SELECT ${headColumns} FROM blocklist_snapshot ${where} ORDER BY source_id, feed, state`,
      sourceId === undefined ? [] : [sourceId],
    );
  }

  /** The packed addresses of a stored feed; undefined when it was replaced meanwhile. */
  async packed(id: string): Promise<Uint8Array | undefined> {
    const [row] = await this.database.reports.query<{ packed: Uint8Array }>(
      'SELECT packed FROM blocklist_snapshot WHERE id = $1',
      [id],
    );
    return row?.packed;
  }

  /**
   * Stores an import in one transaction: addresses, validators, run and log.
   * @throws ImportSuperseded when the settings are others by now
   */
  async commit(commit: ImportCommit): Promise<void> {
    await this.database.writeInBackground(async (sql) => {
      const { sourceId, revision, runId, changed, feeds, state, now } = commit;
      // SQLite has the whole database to itself while it writes.
      const lock = this.database.kind === 'postgres' ? 'FOR UPDATE' : '';
      const rows = await sql.query(`SELECT id FROM blocklist_source WHERE id = $1 AND revision = $2 ${lock}`, [
        sourceId,
        revision,
      ]);
      if (rows.length === 0) throw new ImportSuperseded('The settings of the source were changed meanwhile.');
      if (commit.validators) {
        await sql.query('UPDATE blocklist_source SET validators = $2 WHERE id = $1', [
          sourceId,
          JSON.stringify(commit.validators),
        ]);
      }
      // What was held is older than this, whatever this is.
      if (state === 'held' || changed.length > 0) await this.removeHeld(sql, sourceId);
      for (const feed of changed) {
        await sql.query('DELETE FROM blocklist_snapshot WHERE source_id = $1 AND feed = $2 AND state = $3', [
          sourceId,
          feed.feed,
          state,
        ]);
        await sql.query(
          `INSERT INTO blocklist_snapshot (id, source_id, feed, state, content_hash, ranges, created_at, run_id, packed)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [randomUUID(), sourceId, feed.feed, state, feed.hash, feed.ranges, now, runId, feed.packed],
          [feed.packed],
        );
      }
      if (state === 'current') await this.forgetOtherFeeds(sql, sourceId, feeds);
      await endRun(sql, commit);
    });
  }

  /** Makes what is held count. @returns whether there was something */
  async confirm(manager: EntityManager, sourceId: string): Promise<boolean> {
    const [first, second] = this.database.kind === 'postgres' ? ['$1', '$2'] : ['?', '?'];
    const held = await this.held(manager, sourceId);
    for (const { id, feed } of held) {
      await manager.query(
        `DELETE FROM blocklist_snapshot WHERE source_id = ${first} AND feed = ${second} AND state = 'current'`,
        [sourceId, feed],
      );
      await manager.query(`UPDATE blocklist_snapshot SET state = 'current' WHERE id = ${first}`, [id]);
    }
    return held.length > 0;
  }

  /** Feeds of a source that wait for an administrator. */
  held(manager: EntityManager, sourceId: string): Promise<SnapshotHead[]> {
    const parameter = this.database.kind === 'postgres' ? '$1' : '?';
    return manager.query<SnapshotHead[]>(
      `SELECT ${headColumns} FROM blocklist_snapshot WHERE source_id = ${parameter} AND state = 'held'`,
      [sourceId],
    );
  }

  /** Forgets what is held. */
  async reject(manager: EntityManager, sourceId: string): Promise<void> {
    const parameter = this.database.kind === 'postgres' ? '$1' : '?';
    await manager.query(`DELETE FROM blocklist_snapshot WHERE source_id = ${parameter} AND state = 'held'`, [sourceId]);
  }

  private async removeHeld(sql: Sql, sourceId: string): Promise<void> {
    await sql.query(`DELETE FROM blocklist_snapshot WHERE source_id = $1 AND state = 'held'`, [sourceId]);
  }

  private async forgetOtherFeeds(sql: Sql, sourceId: string, feeds: readonly string[]): Promise<void> {
    const names = feeds.map((_, index) => `$${index + 2}`).join(', ');
    await sql.query(`DELETE FROM blocklist_snapshot WHERE source_id = $1 AND feed NOT IN (${names})`, [
      sourceId,
      ...feeds,
    ]);
  }
}

async function endRun(sql: Sql, { runId, end, log }: ImportCommit): Promise<void> {
  await sql.query(
    `UPDATE import_run SET outcome = $2, finished_at = $3, error = $4, message = $5, retry_at = $6, failures = $7,
       funnel = $8 WHERE id = $1`,
    [
      runId,
      end.outcome,
      end.finishedAt,
      end.error,
      end.message,
      end.retryAt,
      end.failures,
      end.funnel === null ? null : JSON.stringify(end.funnel),
    ],
  );
  for (const { position, at, level, message } of log) {
    await sql.query('INSERT INTO import_log (run_id, position, at, level, message) VALUES ($1, $2, $3, $4, $5)', [
      runId,
      position,
      at,
      level,
      message,
    ]);
  }
}
