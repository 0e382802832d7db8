import { join } from 'node:path';
import { type PrivateFail2ban } from '@bangui/fail2ban/testing';
import SqliteDatabase from 'better-sqlite3';

/** Rows of one short statement on a database that somebody else writes. */
export function rowsOf<Row>(path: string, sql: string, ...parameters: string[]): Row[] {
  const database = new SqliteDatabase(path, { readonly: true, timeout: 2_000 });
  try {
    return database.prepare<string[], Row>(sql).all(...parameters);
  } finally {
    database.close();
  }
}

/**
 * Whether fail2ban has written this ban down. It does so a moment later, from another thread; a ban that is lifted before
 * is written down after all, and comes back at the next restart.
 */
export function isWritten(fail2ban: PrivateFail2ban, jail: string, address: string): boolean {
  const path = join(fail2ban.dir, 'run', 'f2b.sqlite3');
  return rowsOf(path, 'SELECT ip FROM bips WHERE jail = ? AND ip = ?', jail, address).length === 1;
}
