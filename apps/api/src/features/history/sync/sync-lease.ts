import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type QueryRunner } from 'typeorm';
import { Database } from '../../../core/database/database.ts';

/** Of several instances the one that feeds the archive holds this lock. */
const lockName = 'bangui:history-sync';

/**
 * Sees to it that one instance feeds the archive. On PostgreSQL it is a lock of the session, which ends with the
 * connection however the process ends. An SQLite database belongs to one process.
 */
@Injectable()
export class SyncLease implements BeforeApplicationShutdown {
  private runner: QueryRunner | undefined;

  constructor(private readonly database: Database) {}

  /** Whether this instance holds the lease, which it takes if it is free. Never rejects. */
  async hold(): Promise<boolean> {
    if (this.database.kind === 'sqlite') return true;
    try {
      if (this.runner) {
        // Rejects when the connection is gone, and with it the lock.
        await this.runner.query('SELECT 1');
        return true;
      }
      const runner = this.database.read.createQueryRunner();
      try {
        const rows: unknown = await runner.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held', [
          lockName,
        ]);
        const found: unknown[] = Array.isArray(rows) ? rows : [];
        const [row] = found;
        if (typeof row === 'object' && row !== null && 'held' in row && row.held === true) {
          this.runner = runner;
          return true;
        }
      } catch {
        // The database is away; the next turn tries again.
      }
      await runner.release();
      return false;
    } catch {
      const { runner } = this;
      this.runner = undefined;
      await runner?.release().catch(() => undefined);
      return false;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { runner } = this;
    this.runner = undefined;
    await runner?.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await runner?.release().catch(() => undefined);
  }
}
