import { Injectable } from '@nestjs/common';
import { Database } from '../../../core/database/database.ts';
import { jsonRows } from '../../../core/database/json-rows.ts';
import { type Sql } from '../../../core/database/sql.ts';
import { banKey, type LastBan } from './last-ban.ts';
import { type BanSource, type BanState } from './last-ban.entity.ts';
import { SyncStateEntity } from './sync-state.entity.ts';

/** Today there is one fail2ban server. */
const server = 'local';
/** Rows changed by one statement of the clean-up. */
const bite = 2_000;

/** Names of what is remembered. */
export type StateName = 'log' | 'rows' | 'failures' | 'began';

interface LastBanRow {
  readonly jail: string;
  readonly address: string;
  readonly at: number;
  readonly failed_at: number | null;
  readonly duration: number | null;
  readonly ends_at: number | null;
  readonly source: BanSource;
  readonly state: BanState;
  readonly changed_at: number;
}

const columns = 'b.jail, b.address, b.at, b.failed_at, b.duration, b.ends_at, b.source, b.state, b.changed_at';

/** What the sync remembers: how far it has read, and the last ban of each address in each jail. */
@Injectable()
export class SyncRepository {
  constructor(private readonly database: Database) {}

  /** Everything remembered, by name. Whoever reads it checks what it is: it may be of another version. */
  async states(): Promise<ReadonlyMap<string, unknown>> {
    const rows = await this.database.read.getRepository(SyncStateEntity).find({ where: { server }, take: 100 });
    return new Map(rows.map(({ name, value }) => [name, value]));
  }

  /** Remembers a value inside of a transaction. */
  async remember(sql: Sql, name: StateName, value: unknown): Promise<void> {
    await sql.query(
      `INSERT INTO history_sync (server, name, value) VALUES ($1, $2, $3)
       ON CONFLICT (server, name) DO UPDATE SET value = excluded.value`,
      [server, name, JSON.stringify(value)],
    );
  }

  /** The last bans of these keys, as far as there are any, by {@link banKey}. */
  async lastBans(keys: readonly { readonly jail: string; readonly address: string }[]): Promise<Map<string, LastBan>> {
    if (keys.length === 0) return new Map();
    const wanted = jsonRows(this.database.kind, this.database.kind === 'sqlite' ? '?' : '$1', {
      jail: 'text',
      address: 'text',
    });
    const rows = await this.database.read.query<LastBanRow[]>(
      // A cross join keeps SQLite from going through the whole table for each key.
      `SELECT ${columns} FROM ${wanted} k CROSS JOIN history_last_ban b
       WHERE b.server = '${server}' AND b.jail = k.jail AND b.address = k.address`,
      [JSON.stringify(keys.map(({ jail, address }) => [jail, address]))],
    );
    return byKey(rows);
  }

  /** Up to `limit` bans of a jail that the archive has as in force or suspended, after an address. */
  async unended(jail: string, afterAddress: string, limit: number): Promise<LastBan[]> {
    const rows = await this.query<LastBanRow>(
      `SELECT ${columns} FROM history_last_ban b
       WHERE b.server = $1 AND b.jail = $2 AND b.address > $3 AND b.state <> 'ended' ORDER BY b.address LIMIT ${limit}`,
      [server, jail, afterAddress],
    );
    return rows.map(lastBanOf);
  }

  /** Up to `limit` bans that are not known to have ended, although their time was over before this moment. */
  async overdue(before: number, limit: number): Promise<LastBan[]> {
    const rows = await this.query<LastBanRow>(
      `SELECT ${columns} FROM history_last_ban b
       WHERE b.server = $1 AND b.state IN ('open', 'suspended') AND b.ends_at < $2 ORDER BY b.ends_at LIMIT ${limit}`,
      [server, before],
    );
    return rows.map(lastBanOf);
  }

  /** Names of the jails that have bans which have not ended. */
  async jailsWithBans(): Promise<string[]> {
    const rows = await this.query<{ readonly jail: string }>(
      `SELECT DISTINCT b.jail FROM history_last_ban b WHERE b.server = $1 AND b.state <> 'ended' LIMIT 5000`,
      [server],
    );
    return rows.map(({ jail }) => jail);
  }

  /** Stores last bans inside of a transaction. */
  async storeLastBans(sql: Sql, bans: readonly LastBan[]): Promise<void> {
    if (bans.length === 0) return;
    const values = bans.map(({ jail, address, at, failedAt, duration, endsAt, source, state, changedAt }) => [
      jail,
      address,
      at,
      failedAt,
      duration,
      endsAt,
      source,
      state,
      changedAt,
    ]);
    const insert =
      'INSERT INTO history_last_ban (server, jail, address, at, failed_at, duration, ends_at, source, state, changed_at)';
    const conflict = `ON CONFLICT (server, jail, address) DO UPDATE SET at = excluded.at, failed_at = excluded.failed_at,
      duration = excluded.duration, ends_at = excluded.ends_at, source = excluded.source, state = excluded.state,
      changed_at = excluded.changed_at`;
    if (sql.insertEach) {
      await sql.insertEach(`${insert} VALUES ('${server}'${', ?'.repeat(9)}) ${conflict}`, values);
      return;
    }
    const rows = jsonRows(this.database.kind, '$1', {
      jail: 'text',
      address: 'text',
      at: 'integer',
      failed_at: 'integer',
      duration: 'integer',
      ends_at: 'integer',
      source: 'text',
      state: 'text',
      changed_at: 'integer',
    });
    await sql.query(
      `${insert}
       SELECT '${server}', b.jail, b.address, b.at, b.failed_at, b.duration, b.ends_at, b.source, b.state, b.changed_at
       FROM ${rows} b WHERE true ${conflict}`,
      [JSON.stringify(values)],
    );
  }

  /** Forgets bans that ended before this moment, a bite at a time. Resolves to whether there may be more. */
  async forgetEnded(before: number): Promise<boolean> {
    const rows = await this.query<{ readonly jail: string; readonly address: string }>(
      `SELECT b.jail, b.address FROM history_last_ban b
       WHERE b.server = $1 AND b.state = 'ended' AND b.changed_at < $2 ORDER BY b.changed_at LIMIT ${bite}`,
      [server, before],
    );
    if (rows.length === 0) return false;
    const keys = jsonRows(this.database.kind, '$1', { jail: 'text', address: 'text' });
    await this.database.writeInBackground((sql) =>
      sql.query(
        `DELETE FROM history_last_ban WHERE server = '${server}' AND state = 'ended'
         AND (jail, address) IN (SELECT k.jail, k.address FROM ${keys} k)`,
        [JSON.stringify(rows.map(({ jail, address }) => [jail, address]))],
      ),
    );
    return rows.length === bite;
  }

  /** A short read; on SQLite on the connection of the main thread, so that it never waits behind a report. */
  private query<Row>(sql: string, parameters: readonly (string | number)[]): Promise<Row[]> {
    const text = this.database.kind === 'sqlite' ? sql.replaceAll(/\$\d/g, '?') : sql;
    return this.database.read.query<Row[]>(text, [...parameters]);
  }
}

function byKey(rows: readonly LastBanRow[]): Map<string, LastBan> {
  return new Map(rows.map((row) => [banKey(row.jail, row.address), lastBanOf(row)]));
}

function lastBanOf(row: LastBanRow): LastBan {
  return {
    jail: row.jail,
    address: row.address,
    at: row.at,
    failedAt: row.failed_at,
    duration: row.duration,
    endsAt: row.ends_at,
    source: row.source,
    state: row.state,
    changedAt: row.changed_at,
  };
}
