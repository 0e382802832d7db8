import { DataSource, type MigrationInterface } from 'typeorm';
import BetterSqlite from 'better-sqlite3';
import { type Sql, type SqlValue } from '../../../../core/database/sql.ts';

/** The scheduler's tables in memory, made by the real migration. */
export interface SimulationDatabase {
  readonly connection: Sql & { close(): Promise<void> };
  run(sql: string): void;
  /** Sets the wall clock of the database forward or back by so many milliseconds. */
  stepClock(ms: number): void;
  /** As after the migration. */
  reset(): Promise<void>;
}

/** Makes one. */
export async function simulationDatabase(migration: new () => MigrationInterface): Promise<SimulationDatabase> {
  const source = new DataSource({ type: 'better-sqlite3', database: ':memory:', migrations: [migration] });
  await source.initialize();
  await source.runMigrations();
  const schema: { sql: string | null }[] = await source.query(
    `SELECT sql FROM sqlite_master WHERE name LIKE 'scheduler%' AND sql IS NOT NULL ORDER BY rootpage DESC`,
  );
  await source.destroy();
  const connection = new BetterSqlite(':memory:');
  const statements = new Map<string, BetterSqlite.Statement>();
  let offset = 0;
  // In place of SQLite's own, so that a test sets the clock.
  for (const { sql } of schema) if (sql !== null) connection.exec(sql);
  connection.function('unixepoch', { varargs: true }, () => 1_800_000_000 + offset / 1_000);
  return {
    connection: {
      query: <Row>(sql: string, parameters: readonly SqlValue[] = []) => {
        const statement = statements.get(sql) ?? connection.prepare(sql);
        statements.set(sql, statement);
        const named = Object.fromEntries(
          parameters.map((value, index) => [index + 1, typeof value === 'number' ? BigInt(value) : value]),
        );
        const values = parameters.length > 0 ? [named] : [];
        // What the rows are is the caller's knowledge of its own statement.
        if (statement.reader) return Promise.resolve(statement.all(...values) as Row[]);
        statement.run(...values);
        return Promise.resolve([]);
      },
      close: () => {
        connection.close();
        return Promise.resolve();
      },
    },
    run: (sql) => void connection.exec(sql),
    stepClock: (ms) => {
      offset += ms;
    },
    reset: () => {
      offset = 0;
      connection.exec(
        'DELETE FROM scheduler_lock; DELETE FROM scheduler_fence; INSERT INTO scheduler_fence VALUES (1, 0)',
      );
      return Promise.resolve();
    },
  };
}
