import { type Sql, type SqlValue } from '../../../core/database/sql.ts';
import { LockTimeout } from './scheduler-lock.ts';

/**
 * Between two attempts at a busy SQLite database, in milliseconds. SQLite's own waiting grows to a tenth of a second, in which
 * a writer of many transactions ends one and begins the next without the lock ever getting its turn.
 */
const pauseMs = 2;
const pauseCell = new Int32Array(new SharedArrayBuffer(4));

/** A connection that nobody else uses. */
export interface LockConnection extends Sql {
  close(): Promise<void>;
}

/** Opens an SQLite database for the lock alone. A statement that waits for other writers gives up after `limitMs`. */
export async function sqliteConnection(path: string, limitMs: number): Promise<LockConnection> {
  // Only the driver that is needed is loaded: each costs memory.
  const { default: BetterSqlite } = await import('better-sqlite3');
  const connection = new BetterSqlite(path, { timeout: limitMs, fileMustExist: path !== ':memory:' });
  connection.pragma('synchronous = NORMAL');
  connection.pragma('trusted_schema = OFF');
  // The time-out was for opening; statements are tried again below.
  connection.pragma('busy_timeout = 0');
  const statements = new Map<string, ReturnType<typeof connection.prepare>>();
  const run = (sql: string, parameters: readonly SqlValue[]): unknown[] => {
    const statement = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, statement);
    // `$1` is a name to SQLite, so the parameters go by name; a bare number would be bound as a float.
    const named = Object.fromEntries(
      parameters.map((value, index) => [index + 1, typeof value === 'number' ? BigInt(value) : value]),
    );
    const values = parameters.length > 0 ? [named] : [];
    if (statement.reader) return statement.all(...values);
    statement.run(...values);
    return [];
  };
  return {
    query: <Row>(sql: string, parameters: readonly SqlValue[] = []) => {
      const giveUpAt = performance.now() + limitMs;
      for (;;) {
        try {
          // What the rows are is the caller's knowledge of its own statement.
          return Promise.resolve(run(sql, parameters) as Row[]);
        } catch (error) {
          const isBusy = error instanceof BetterSqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
          if (!isBusy) return Promise.reject(error instanceof Error ? error : new Error(String(error)));
          if (performance.now() >= giveUpAt) return Promise.reject(new LockTimeout({ cause: error }));
          // This thread has nothing else to do.
          Atomics.wait(pauseCell, 0, 0, pauseMs);
        }
      }
    },
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}

/** Connects to PostgreSQL for the lock alone, and anew after each failure. Statements give up after `limitMs`. */
export async function postgresConnection(url: string, limitMs: number): Promise<LockConnection> {
  const { default: pg } = await import('pg');
  const types = new pg.TypeOverrides();
  // Ours are times and counts below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const open = async (): Promise<InstanceType<typeof pg.Client>> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'bangui scheduler lock',
      connectionTimeoutMillis: limitMs,
      query_timeout: limitMs,
      statement_timeout: limitMs,
      keepAlive: true,
      types,
    });
    // The statement that runs, or the next one, tells what is wrong.
    client.on('error', () => drop(client));
    await client.connect();
    return client;
  };
  let current: Promise<InstanceType<typeof pg.Client>> | undefined;
  const drop = (client: InstanceType<typeof pg.Client>): void => {
    current = undefined;
    client.end().catch(() => undefined);
  };
  return {
    query: async <Row>(sql: string, parameters: readonly SqlValue[] = []) => {
      const opening = (current ??= open());
      const client = await opening.catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      try {
        // What the rows are is the caller's knowledge of its own statement.
        return (await client.query(sql, [...parameters])).rows as Row[];
      } catch (error) {
        // Whatever state it is in: a new one is cheap.
        drop(client);
        const isLate = error instanceof Error && /timeout/.test(error.message);
        throw isLate ? new LockTimeout({ cause: error }) : error;
      }
    },
    close: async () => {
      const client = await current?.catch(() => undefined);
      current = undefined;
      await client?.end();
    },
  };
}
