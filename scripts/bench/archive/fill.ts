import BetterSqlite from 'better-sqlite3';
import { Client } from 'pg';
import { archiveRows, type Follower, rowColumns } from './rows.ts';
import { RunningSums } from './running-sums.ts';

/** Rows in one statement on PostgreSQL. */
const rowsPerStatement = 5_000;

/** Indexes that are made once at the end instead of row by row. */
const isSecondary = (name: string): boolean => name.startsWith('ix_history_archive');

/** Fills the empty, migrated archive at this path as a BanGUI leaves it that has run all the while. */
export async function fillSqlite(path: string, count: number, now: number): Promise<void> {
  await insertRows(path, rowColumns, archiveRows(count, now), (connection) => RunningSums.on(connection, now));
}

/**
 * Puts rows with these columns (`address_key` in hexadecimal) into the archive at this path, as quickly as can be: with
 * direct SQL and without any safety. Indexes are made at the end.
 */
export async function insertRows(
  path: string,
  columns: readonly string[],
  rows: Iterable<readonly (string | number | null)[]>,
  follow?: (connection: BetterSqlite.Database) => Promise<Follower>,
): Promise<void> {
  const connection = new BetterSqlite(path);
  // One transaction writes everything: a log of it would be as long as the database.
  connection.pragma('journal_mode = DELETE');
  connection.pragma('locking_mode = EXCLUSIVE');
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -2000000');
  connection.pragma('temp_store = MEMORY');
  connection.pragma('threads = 2');
  const indexes = connection
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > ''`)
    .all()
    .filter(({ name }) => isSecondary(name));
  for (const { name } of indexes) connection.exec(`DROP INDEX ${name}`);
  const values = columns.map((column) => (column === 'address_key' ? 'unhex(?)' : '?')).join(', ');
  const insert = connection.prepare(
    `INSERT OR IGNORE INTO history_archive (server, ${columns.join(', ')}) VALUES ('local', ${values})`,
  );
  const follower = await follow?.(connection);
  connection.exec('BEGIN');
  for (const row of rows) {
    const { changes } = insert.run(...row);
    const taken = changes > 0 ? follower?.take(row) : undefined;
    if (taken) await taken;
  }
  await follower?.end();
  connection.exec('COMMIT');
  for (const { sql } of indexes) connection.exec(sql);
  // Larger pieces in memory make fewer pieces on disk to merge.
  connection.exec(`INSERT INTO history_text (history_text, rank) VALUES ('hashsize', 67108864)`);
  connection.exec('INSERT INTO history_text (rowid, matches) SELECT id, matches FROM history_archive');
  connection.exec('UPDATE history_text_position SET id = (SELECT max(id) FROM history_archive)');
  connection.exec(`INSERT INTO history_text (history_text, rank) VALUES ('hashsize', 1048576)`);
  connection.pragma('journal_mode = WAL');
  connection.close();
}

/** The same on PostgreSQL. */
export async function fillPostgres(url: string, count: number, now: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'history_archive'`,
  );
  const secondary = indexes.filter(({ indexname }) => isSecondary(indexname));
  for (const { indexname } of secondary) await client.query(`DROP INDEX ${indexname}`);
  const types: Partial<Record<(typeof rowColumns)[number], string>> = {
    address_key: 'bytea',
    prefix: 'smallint',
    at: 'bigint',
    duration: 'bigint',
    ban_count: 'integer',
    failures: 'integer',
    asn: 'bigint',
  };
  const values = rowColumns.map((column, index) => {
    if (column === 'address_key') return `decode(value ->> ${index}, 'hex')`;
    return `CAST(value ->> ${index} AS ${types[column] ?? 'text'})`;
  });
  const insert = `INSERT INTO history_archive (server, ${rowColumns.join(', ')})
    SELECT 'local', ${values.join(', ')} FROM jsonb_array_elements(CAST($1 AS jsonb)) ON CONFLICT DO NOTHING`;
  let some: unknown[] = [];
  const flush = async (): Promise<void> => {
    if (some.length > 0) await client.query(insert, [JSON.stringify(some)]);
    some = [];
  };
  for (const row of archiveRows(count, now)) {
    some.push(row);
    if (some.length === rowsPerStatement) await flush();
  }
  await flush();
  for (const { indexdef } of secondary) await client.query(indexdef);
  await client.query('VACUUM ANALYZE history_archive');
  await client.end();
}
