import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import BetterSqlite from 'better-sqlite3';
import { DataSource, type EntitySchema } from 'typeorm';
import { StartRefused } from '../start-refused.ts';
import { Database, type DatabaseKind } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { refuseNetworkFileSystem } from './network-file-system.ts';
import { SqlThread } from './sql-thread.ts';
import { type TablePerKind } from './table-per-kind.ts';

/** How long a statement waits for another process's write transaction, in milliseconds. */
const busyTimeoutMs = 15_000;

/** Pause before SQLite is asked again for what it does not wait for by itself, in milliseconds. */
const busyPauseMs = 20;

/** Connections of one instance to PostgreSQL. */
const poolSize = 10;

/** Where the data is: a URL wins over a path. */
export interface DatabaseLocation {
  readonly databasePath: string;
  readonly databaseUrl?: string | undefined;
}

/** Classes of the tables' rows, and tables that look different on each database. */
export type Entities = readonly ((new () => object) | TablePerKind)[];

function described(entities: Entities, kind: DatabaseKind): ((new () => object) | EntitySchema)[] {
  return entities.map((entity) => ('describe' in entity ? entity.describe(kind) : entity));
}

/** What a prepared SQLite connection can do; the driver types it as `any`. */
interface Pragmas {
  pragma(text: string): unknown;
}

/**
 * Turns the write-ahead log on. Where another process does the same to the same new database, SQLite says at once that it is
 * busy, whatever its timeout is.
 */
async function keepWriteAheadLog(connection: Pragmas): Promise<void> {
  for (let left = busyTimeoutMs / busyPauseMs; ; left -= 1) {
    try {
      connection.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (left <= 0 || !(error instanceof BetterSqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY'))
        throw error;
      await pause(busyPauseMs);
    }
  }
}

/** What the pool gives for each new connection; only what is used of it. */
interface NewConnection {
  query(sql: string): Promise<unknown>;
}

/**
 * Tells PostgreSQL that statements are short, as ours are: helpers take longer to start than they save, and so does compiling.
 * Its own estimate is wrong about tables made of a parameter (`json-rows.ts`), of which it knows nothing.
 */
async function expectShortStatements(connection: NewConnection): Promise<void> {
  await connection.query('SET max_parallel_workers_per_gather = 0; SET jit = off');
}

/** Opens the database and brings its schema up to date. Rejects with `StartRefused` when it must not be used. */
export async function openDatabase(location: DatabaseLocation, entities: Entities): Promise<Database> {
  if (location.databaseUrl !== undefined) return openPostgres(location.databaseUrl, entities);
  return openSqlite(resolve(location.databasePath), entities);
}

async function openPostgres(url: string, entities: Entities): Promise<Database> {
  const source = new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName: 'bangui',
    connectTimeoutMS: 5_000,
    // Ours are times and counts below 2^53.
    parseInt8: true,
    extra: { onConnect: expectShortStatements },
    entities: described(entities, 'postgres'),
    migrations: [...migrations],
    migrationsTableName: 'migration',
  });
  // The reason never holds the URL, and so never the password.
  await source
    .initialize()
    .catch((error: unknown) => refuse('The PostgreSQL database of BANGUI_DATABASE_URL cannot be used', error));
  return migrated(new Database(source, source, 'postgres'), source);
}

async function openSqlite(path: string, entities: Entities): Promise<Database> {
  // The database holds password hashes: nobody else on the machine needs to read it.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) =>
    refuse(`The folder of the SQLite database ${path} cannot be made`, error),
  );
  await refuseNetworkFileSystem(path);
  const common = {
    type: 'better-sqlite3' as const,
    database: path,
    timeout: busyTimeoutMs,
    entities: described(entities, 'sqlite'),
  };
  const writer = new DataSource({
    ...common,
    migrations: [...migrations],
    migrationsTableName: 'migration',
    prepareDatabase: async (connection: Pragmas) => {
      await keepWriteAheadLog(connection);
      connection.pragma('synchronous = NORMAL');
      connection.pragma('trusted_schema = OFF');
    },
  });
  await writer.initialize().catch((error: unknown) => refuse(`The SQLite database ${path} cannot be used`, error));
  const read = new DataSource({ ...common, readonly: true });
  const database = new Database(read, writer, 'sqlite', {
    reader: new SqlThread({ path, busyTimeoutMs, isReadOnly: true }),
    writer: new SqlThread({ path, busyTimeoutMs, isReadOnly: false }),
  });
  await migrated(database, writer);
  await read.initialize();
  return database;
}

/** Turns the driver's error into one line for the operator. */
function refuse(message: string, error: unknown): never {
  // Node reports a refused connection to a name with several addresses as a list without a message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  throw new StartRefused(`${message}: ${first instanceof Error ? first.message : String(first)}`, { cause: error });
}

/** Migrates; closes the connection when that fails. */
async function migrated(database: Database, source: DataSource): Promise<Database> {
  try {
    await migrate(source, database.kind);
    return database;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}
