import { DataSource, type MigrationInterface } from 'typeorm';
import BetterSqlite from 'better-sqlite3';
import { type SqlValue } from '../../../../core/database/sql.ts';
import { DatabaseLock } from '../database-lock.ts';
import { type SimulationStore } from './simulated-world.ts';

/** The scheduler's tables in memory, made by the real migration. */
export interface SimulationDatabase extends SimulationStore {
  close(): void;
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
    },
    lockOf: (options) => new DatabaseLock(options.sql, { ...options, kind: 'sqlite' }),
    // SQLite's lock goes by the monotonic time of the instances, which the world gives them.
    setTime: () => Promise.resolve(),
    forget: () => Promise.resolve(void connection.exec('DELETE FROM scheduler_lock')),
    close: () => void connection.close(),
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
