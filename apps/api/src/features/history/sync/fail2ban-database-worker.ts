import { statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { type BanRow, parseBanRow, type RawBanRow } from './ban-row.ts';
import {
  type DatabaseAnswer,
  type DatabaseQuestion,
  type RowIdentity,
  type RowsOfKey,
} from './fail2ban-database-protocol.ts';

// Reads fail2ban's database. Every statement is short and none is kept open: while one is read fail2ban cannot write, and
// a ban that it cannot write for five seconds is lost to it.

/** Longest a statement waits for fail2ban's own transaction, in milliseconds. Nothing is locked meanwhile. */
const busyMs = 2_000;
/** Data up to this many bytes comes with the page; longer data is fetched alone. */
const inlineBytes = 16_384;
/** Data beyond this many bytes is not looked at. */
const maxDataBytes = 64 * 1024 * 1024;
/** A page is made smaller when its statement takes longer than this, in milliseconds. */
const targetMs = 10;
const pageSizes = { least: 25, first: 250, most: 1_000 };
/** Rows of one address in one jail that are looked at, the latest ones. */
const rowsPerKey = 10;

const columns = `rowid, jail, ip, timeofban, bantime, bancount,
  CASE WHEN octet_length(data) <= ${inlineBytes} THEN CAST(data AS TEXT) END AS data, octet_length(data) AS bytes`;

type SizedRow = RawBanRow & { readonly bytes: unknown };

interface Connection {
  readonly path: string;
  readonly file: string;
  readonly database: SqliteDatabase.Database;
}

let connection: Connection | undefined;
let pageSize = pageSizes.first;
let longestMs = 0;

/** The connection, made anew when another file is at the path. Throws what SQLite or the system says. */
function connect(path: string): Connection {
  const { dev, ino } = statSync(path);
  const file = `${dev}:${ino}`;
  if (connection?.path === path && connection.file === file) return connection;
  close();
  const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: busyMs });
  connection = { path, file, database };
  return connection;
}

function close(): void {
  connection?.database.close();
  connection = undefined;
}

/** Runs one statement and notes how long it took. */
function read<Row>({ database }: Connection, sql: string, ...parameters: (string | number)[]): Row[] {
  const statement = database.prepare<(string | number)[], Row>(sql);
  const startedAt = performance.now();
  const rows = statement.all(...parameters);
  longestMs = Math.max(longestMs, performance.now() - startedAt);
  return rows;
}

function page(open: Connection, after: number): { rows: BanRow[]; last: number | null } {
  const startedAt = performance.now();
  const rows = read<SizedRow>(
    open,
    `SELECT ${columns} FROM bans WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    after,
    pageSize,
  );
  const tookMs = performance.now() - startedAt;
  if (tookMs > targetMs) pageSize = Math.max(pageSizes.least, pageSize >> 1);
  else if (tookMs < targetMs / 4) pageSize = Math.min(pageSizes.most, pageSize * 2);
  const last = rows.at(-1)?.rowid;
  return { rows: rows.flatMap((row) => parse(open, row)), last: typeof last === 'number' ? last : null };
}

function parse(open: Connection, row: SizedRow): BanRow[] {
  const isLong = row.data === null && typeof row.bytes === 'number' && row.bytes <= maxDataBytes;
  const data = isLong && typeof row.rowid === 'number' ? longData(open, row.rowid) : row.data;
  const parsed = parseBanRow({ ...row, data });
  return parsed ? [parsed] : [];
}

function longData(open: Connection, rowid: number): unknown {
  return read<{ data: unknown }>(open, 'SELECT CAST(data AS TEXT) AS data FROM bans WHERE rowid = ?', rowid)[0]?.data;
}

function rowsOf(open: Connection, keys: readonly { readonly jail: string; readonly address: string }[]): RowsOfKey[] {
  const bans = `SELECT ${columns} FROM bans WHERE jail = ? AND ip = ? ORDER BY timeofban DESC, rowid DESC LIMIT ${rowsPerKey}`;
  return keys.map(({ jail, address }) => {
    const rows = read<SizedRow>(open, bans, jail, address).flatMap((row) => parse(open, row));
    const [last] = read<RawBanRow>(
      open,
      'SELECT 0 AS rowid, jail, ip, timeofban, bantime, bancount, NULL AS data FROM bips WHERE ip = ? AND jail = ?',
      address,
      jail,
    );
    return { rows, last: (last && parseBanRow(last)) ?? null };
  });
}

function answer(question: DatabaseQuestion): DatabaseAnswer {
  const open = connect(question.path);
  switch (question.kind) {
    case 'page':
      return { kind: 'page', file: open.file, ...page(open, question.after), longestMs };
    case 'identities': {
      const sql =
        'SELECT rowid, jail, ip AS address, timeofban AS failedAt FROM bans WHERE rowid <= ? ORDER BY rowid DESC LIMIT ?';
      return { kind: 'identities', file: open.file, rows: read<RowIdentity>(open, sql, question.upTo, question.limit) };
    }
    case 'rowsOf':
      return { kind: 'rowsOf', file: open.file, keys: rowsOf(open, question.keys) };
  }
}

parentPort?.on('message', (question: DatabaseQuestion) => {
  try {
    parentPort?.postMessage(answer(question));
  } catch (error) {
    // The next question opens the file again, whatever was wrong with it.
    close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    parentPort?.postMessage({ kind: 'error', code, message: error instanceof Error ? error.message : String(error) });
  }
});
