import { resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { StartRefused } from '../start-refused.ts';
import { type DatabaseLocation } from './open-database.ts';
import { migrations } from './migrations/index.ts';
import { schemaOf, type SchemaState } from './schema-state.ts';

/** A connection that neither makes nor migrates anything. */
export interface InspectedDatabase extends AsyncDisposable {
  readonly source: DataSource;
  readonly schema: SchemaState;
}

/** What an SQLite connection can do; the driver types it as `any`. */
interface Pragmas {
  pragma(text: string): unknown;
}

/**
 * Opens a database as it is, only to read it. Connecting to PostgreSQL takes at most `limitMs` milliseconds, and so does each
 * statement there.
 * @throws StartRefused when it cannot be opened or is no database
 */
export async function inspectDatabase(location: DatabaseLocation, limitMs: number): Promise<InspectedDatabase> {
  const common = { migrations: [...migrations], migrationsTableName: 'migration' };
  const source =
    location.databaseUrl === undefined
      ? new DataSource({
          ...common,
          type: 'better-sqlite3',
          database: resolve(location.databasePath),
          readonly: true,
          timeout: limitMs,
          prepareDatabase: (connection: Pragmas) => {
            connection.pragma('trusted_schema = OFF');
          },
        })
      : new DataSource({
          ...common,
          type: 'postgres',
          url: location.databaseUrl,
          poolSize: 1,
          applicationName: 'bangui command',
          connectTimeoutMS: limitMs,
          parseInt8: true,
          extra: { statement_timeout: limitMs, query_timeout: limitMs },
        });
  try {
    await source.initialize();
    const runner = source.createQueryRunner();
    try {
      const schema = await schemaOf(source, runner);
      return { source, schema, [Symbol.asyncDispose]: () => source.destroy() };
    } finally {
      await runner.release();
    }
  } catch (error) {
    if (source.isInitialized) await source.destroy();
    // Node reports a refused connection to a name with several addresses as a list without a message.
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    throw new StartRefused(first instanceof Error ? first.message : String(first), { cause: error });
  }
}
