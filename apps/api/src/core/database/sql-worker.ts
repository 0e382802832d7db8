import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite from 'better-sqlite3';
import { handedOver, release } from './handed-over.ts';

/** What the thread is started with. */
export interface SqlWorkerData {
  readonly path: string;
  readonly isReadOnly: boolean;
  /** Milliseconds to wait for another process's write transaction. */
  readonly busyTimeoutMs: number;
}

/** One statement with its parameters by number. */
export interface SqlRequest {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** One statement to run once for each row. */
export interface SqlRequestForEach {
  readonly sql: string;
  /** JSON of an array of arrays: it takes half the time of a structured clone. */
  readonly rows: string;
}

/** What became of it. */
export type SqlAnswer = { readonly rows: unknown[] } | { readonly message: string; readonly code: string | undefined };

/** Prepared statements kept; our own texts are few, and one with a generated list must not push memory up for ever. */
const maxStatements = 100;

// `parentPort` is null only when somebody runs this file as a program.
const { path, isReadOnly, busyTimeoutMs } = workerData as SqlWorkerData;
const connection = new BetterSqlite(path, { readonly: isReadOnly, timeout: busyTimeoutMs, fileMustExist: true });
connection.pragma('trusted_schema = OFF');
connection.pragma('temp_store = MEMORY');
if (!isReadOnly) {
  connection.pragma('synchronous = NORMAL');
  connection.pragma('foreign_keys = ON');
}
const statements = new Map<string, BetterSqlite.Statement>();

function prepared(sql: string): BetterSqlite.Statement {
  const statement = statements.get(sql) ?? connection.prepare(sql);
  // The one used last is the last in the map.
  statements.delete(sql);
  statements.set(sql, statement);
  const [oldest] = statements.keys();
  if (statements.size > maxStatements && oldest !== undefined) statements.delete(oldest);
  return statement;
}

function insertEach({ sql, rows }: SqlRequestForEach): number[] {
  const statement = prepared(sql);
  // This side of the thread made the text from rows of these types.
  return (JSON.parse(rows) as (string | number | null)[][]).map((row) => {
    const { changes, lastInsertRowid } = statement.run(...row);
    return changes === 0 ? 0 : Number(lastInsertRowid);
  });
}

function answer(request: SqlRequest | SqlRequestForEach): SqlAnswer {
  try {
    if ('rows' in request) return { rows: insertEach(request) };
    const { sql, parameters } = request;
    const statement = prepared(sql);
    // `$1` is a name to SQLite, so the parameters go by name; a bare number would be bound as a float.
    const named = Object.fromEntries(
      parameters.map((value, index) => [index + 1, Number.isSafeInteger(value) ? BigInt(value as number) : value]),
    );
    const values = parameters.length > 0 ? [named] : [];
    if (statement.reader) return { rows: statement.all(...values) };
    statement.run(...values);
    return { rows: [] };
  } catch (error) {
    // Whatever SQLite says of the statement is for whoever sent it.
    const code = error instanceof BetterSqlite.SqliteError ? error.code : undefined;
    return { message: error instanceof Error ? error.message : String(error), code };
  }
}

parentPort?.on('message', (request: SqlRequest | SqlRequestForEach) => {
  const answered = answer(request);
  if ('rows' in request) return parentPort?.postMessage(answered);
  // They are copies that were made for this thread.
  for (const value of request.parameters) release(value);
  const rows = 'rows' in answered ? (answered.rows as object[]) : [];
  const given = rows.flatMap((row) => Object.values(row).flatMap(handedOver));
  parentPort?.postMessage(answered, given);
});
