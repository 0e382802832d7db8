import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { StartRefused } from '../start-refused.ts';
import { beginTransaction, type DatabaseKind } from './database.ts';
import { schemaOf } from './schema-state.ts';

/** Number of the PostgreSQL advisory lock that guards migrations: "bangui" in ASCII. */
const migrationLock = '108170518788457';

/**
 * Runs the migrations that are missing, all in one transaction under the database's lock, so that two instances that
 * start together migrate once. Rejects with {@link StartRefused} when the schema is newer than this program.
 */
export async function migrate(source: DataSource, kind: DatabaseKind): Promise<readonly string[]> {
  const runner = source.createQueryRunner();
  try {
    await beginTransaction(runner, kind);
    try {
      if (kind === 'postgres') await runner.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
      const executed = await run(source, runner);
      await runner.commitTransaction();
      return executed;
    } catch (error) {
      // The rollback may fail because the connection is gone; the first error tells more.
      await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
  } finally {
    await runner.release();
  }
}

async function run(source: DataSource, runner: QueryRunner): Promise<readonly string[]> {
  const executor = new MigrationExecutor(source, runner);
  const { unknown } = await schemaOf(source, runner);
  if (unknown.length > 0) {
    throw new StartRefused(
      `The database was migrated by a newer BanGUI (${unknown.join(', ')}). Start that version, or restore a backup made before the update.`,
    );
  }
  executor.transaction = 'none';
  return (await executor.executePendingMigrations()).map(({ name }) => name);
}
