import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { nowSql } from '../../core/database/database-clock.ts';
import { type Sql } from '../../core/database/sql.ts';

/** How an attempt counted. */
export interface CountedAttempt {
  readonly points: number;
  /** Milliseconds until the points are forgotten. */
  readonly leftMs: number;
}

/** What is over is removed at most this often, in milliseconds. */
const cleanEveryMs = 60_000;

/** The only place with SQL about attempts to sign in. Instances share the counts, and the database's clock with them. */
@Injectable()
export class SignInCountsRepository {
  private cleanAt = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  private get now(): string {
    return nowSql(this.database.kind, this.clock.now());
  }

  /** Runs the work in one transaction. */
  write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.writeInBackground(async (sql) => {
      await this.clean(sql);
      return work(sql);
    });
  }

  /** Counts one attempt; points that are over begin anew. */
  async add(sql: Sql, key: string, durationMs: number): Promise<CountedAttempt> {
    const rows = await sql.query<{ points: number; left_ms: number | string }>(
      `INSERT INTO sign_in_count (key, points, ends_at) VALUES ($1, 1, ${this.now} + ${durationMs})
       ON CONFLICT (key) DO UPDATE SET
         points = CASE WHEN sign_in_count.ends_at <= ${this.now} THEN 1 ELSE sign_in_count.points + 1 END,
         ends_at = CASE WHEN sign_in_count.ends_at <= ${this.now} THEN excluded.ends_at ELSE sign_in_count.ends_at END
       RETURNING points, ends_at - ${this.now} AS left_ms`,
      [key],
    );
    const [row] = rows;
    return { points: row?.points ?? 1, leftMs: Number(row?.left_ms ?? durationMs) };
  }

  /** Takes one attempt back. */
  async takeBack(sql: Sql, key: string): Promise<void> {
    await sql.query('UPDATE sign_in_count SET points = points - 1 WHERE key = $1 AND points > 0', [key]);
  }

  /** Remembers a key without points for this long. */
  async remember(sql: Sql, key: string, durationMs: number): Promise<void> {
    await sql.query(
      `INSERT INTO sign_in_count (key, points, ends_at) VALUES ($1, 0, ${this.now} + ${durationMs})
       ON CONFLICT (key) DO UPDATE SET ends_at = excluded.ends_at`,
      [key],
    );
  }

  /** Whether the key is remembered. */
  async has(sql: Sql, key: string): Promise<boolean> {
    const rows = await sql.query(`SELECT 1 FROM sign_in_count WHERE key = $1 AND ends_at > ${this.now}`, [key]);
    return rows.length > 0;
  }

  private async clean(sql: Sql): Promise<void> {
    const now = this.clock.monotonic();
    if (now < this.cleanAt) return;
    this.cleanAt = now + cleanEveryMs;
    await sql.query(`DELETE FROM sign_in_count WHERE ends_at <= ${this.now}`);
  }
}
