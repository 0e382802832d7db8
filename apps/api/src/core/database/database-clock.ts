import { type DatabaseKind } from './database.ts';

/**
 * SQL for the time now in epoch milliseconds. On PostgreSQL it is the database's clock, because instances on several
 * machines must agree; an SQLite database is on one machine, whose clock is given.
 */
export function nowSql(kind: DatabaseKind, now: number): string {
  return kind === 'postgres' ? '(extract(epoch FROM clock_timestamp()) * 1000)::bigint' : String(Math.trunc(now));
}
