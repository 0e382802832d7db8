import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.ts';
import { jsonRows } from '../../core/database/json-rows.ts';
import { type Sql } from '../../core/database/sql.ts';
import { type AppendedEvent, type BanCompletion } from './archive-event.ts';
import { server } from './archived-row.ts';
import { type CountedEvent } from './roll-up.ts';
import { TextIndex } from './text-index.ts';

/** An event ready to be stored: cleaned, cut and placed. */
export interface PreparedEvent {
  /** What the archive will say of it, but for the id. */
  readonly event: Omit<AppendedEvent, 'id'>;
  /** The first address, 16 bytes. */
  readonly key: Uint8Array;
  /** Of 128 bits. */
  readonly prefix: number;
}

/** One that was not stored before. */
export interface StoredEvent {
  readonly id: number;
  readonly prepared: PreparedEvent;
}

/** What of a stored row counts in sums. */
export interface CountedRow extends CountedEvent {
  readonly id: number;
  /** Of its address: 16 bytes, see `Network.key`. */
  readonly key: Uint8Array;
}

/** Events in one statement: its text takes some milliseconds to make. */
const rowsPerStatement = 500;

const columns = `jail, address, address_key, prefix, action, at, failed_at, duration, ban_count, failures, matches,
  origin, cause, actor, reason, country, asn, organisation`;
const conflict = 'ON CONFLICT (server, jail, address, action, at) DO NOTHING';
const insertOne = `INSERT INTO history_archive (server, ${columns})
  VALUES ('${server}', ?, ?, unhex(?)${', ?'.repeat(15)}) ${conflict}`;

/** Writes and removes rows of the archive. Everything runs inside the caller's transaction. */
@Injectable()
export class ArchiveRepository {
  constructor(
    private readonly database: Database,
    private readonly textIndex: TextIndex,
  ) {}

  /** Stores those that are not stored yet; resolves to them with ids, in the order given. Each key at most once. */
  async insert(sql: Sql, events: readonly PreparedEvent[]): Promise<StoredEvent[]> {
    const stored: StoredEvent[] = [];
    for (let start = 0; start < events.length; start += rowsPerStatement) {
      const some = events.slice(start, start + rowsPerStatement);
      if (sql.insertEach) {
        const ids = await sql.insertEach(insertOne, some.map(valuesOf));
        for (const [index, prepared] of some.entries()) if (ids[index]) stored.push({ id: ids[index], prepared });
      } else stored.push(...(await this.insertedAtOnce(sql, some)));
    }
    return stored;
  }

  private async insertedAtOnce(sql: Sql, events: readonly PreparedEvent[]): Promise<StoredEvent[]> {
    const rows = await sql.query<{ id: number }>(this.insertStatement(), [JSON.stringify(events.map(valuesOf))]);
    const ids = rows.map(({ id }) => id).sort((one, other) => one - other);
    const fresh = ids.length === events.length ? events : await this.storedOf(sql, events, ids);
    // Ids are given out in the order of the events.
    return fresh.flatMap((prepared, index) => {
      const id = ids[index];
      return id === undefined ? [] : [{ id, prepared }];
    });
  }

  /** Of the events those that got these ids, in order. Nobody else stores anything meanwhile. */
  private async storedOf(sql: Sql, events: readonly PreparedEvent[], ids: readonly number[]): Promise<PreparedEvent[]> {
    const [first] = ids;
    const last = ids.at(-1);
    if (first === undefined || last === undefined) return [];
    const rows = await sql.query<{ jail: string; address: string; action: string; at: number }>(
      'SELECT jail, address, action, at FROM history_archive WHERE id BETWEEN $1 AND $2',
      [first, last],
    );
    const keys = new Set(rows.map(keyOf));
    return events.filter(({ event }) => keys.has(keyOf(event)));
  }

  private insertStatement(): string {
    const rows = jsonRows(this.database.kind, '$1', {
      jail: 'text',
      address: 'text',
      address_key: 'bytes',
      prefix: 'integer',
      action: 'text',
      at: 'integer',
      failed_at: 'integer',
      duration: 'integer',
      ban_count: 'integer',
      failures: 'integer',
      matches: 'text',
      origin: 'text',
      cause: 'text',
      actor: 'text',
      reason: 'text',
      country: 'text',
      asn: 'integer',
      organisation: 'text',
    });
    // Looking first keeps PostgreSQL from using up an id for each event that is there already.
    return `INSERT INTO history_archive (server, ${columns})
      SELECT '${server}', ${columns} FROM ${rows} r
      WHERE NOT EXISTS (SELECT 1 FROM history_archive a WHERE a.server = '${server}' AND a.jail = r.jail
        AND a.address = r.address AND a.action = r.action AND a.at = r.at)
      ORDER BY position
      ${conflict}
      RETURNING id`;
  }

  /** Fills in what was not known of bans when they were stored. Resolves to those that it was new for. */
  async complete(sql: Sql, bans: readonly BanCompletion[]): Promise<CountedRow[]> {
    const byKey = new Map(bans.map((ban) => [keyOf({ ...ban, action: 'ban' }), ban]));
    const wanted = jsonRows(this.database.kind, '$1', { jail: 'text', address: 'text', at: 'integer' });
    const rows = await sql.query<Omit<CountedRow, 'key'> & { address_key: Uint8Array }>(
      `SELECT a.id, a.jail, a.address, a.address_key, a.action, a.at, a.origin, a.country, a.asn
       FROM ${wanted} r CROSS JOIN history_archive a
       WHERE a.server = '${server}' AND a.jail = r.jail AND a.address = r.address AND a.action = 'ban' AND a.at = r.at
         AND a.failures IS NULL AND a.ban_count IS NULL AND a.matches = '[]'`,
      [JSON.stringify([...byKey.values()].map(({ jail, address, at }) => [jail, address, at]))],
    );
    const found = rows.flatMap(({ address_key, ...row }) => {
      const ban = byKey.get(keyOf(row));
      return ban ? [{ row: { ...row, key: address_key, failures: ban.failures }, ban }] : [];
    });
    if (found.length > 0) await this.fillIn(sql, found);
    return found.map(({ row }) => row);
  }

  private async fillIn(
    sql: Sql,
    found: readonly { readonly row: CountedRow; readonly ban: BanCompletion }[],
  ): Promise<void> {
    const values = jsonRows(this.database.kind, '$1', {
      id: 'integer',
      failed_at: 'integer',
      duration: 'integer',
      ban_count: 'integer',
      failures: 'integer',
      matches: 'text',
    });
    await sql.query(
      `UPDATE history_archive SET failed_at = r.failed_at, duration = r.duration, ban_count = r.ban_count,
         failures = r.failures, matches = r.matches
       FROM ${values} r WHERE history_archive.id = r.id`,
      [
        JSON.stringify(
          found.map(({ row: { id }, ban: { failedAt, duration, banCount, failures, matches } }) => [
            id,
            failedAt,
            duration,
            banCount,
            failures,
            matches,
          ]),
        ),
      ],
    );
    await this.textIndex.addLate(
      sql,
      found.map(({ row }) => row.id),
    );
  }

  /** Removes the oldest events before this time, at most `limit`. Resolves to how many. */
  async removeOldest(sql: Sql, before: number, limit: number): Promise<number> {
    const rows = await sql.query<{ id: number }>(
      'SELECT id FROM history_archive WHERE at < $1 ORDER BY at, id LIMIT $2',
      [before, limit],
    );
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    await this.textIndex.remove(sql, ids);
    await sql.query(
      `DELETE FROM history_archive WHERE id IN (SELECT id FROM ${jsonRows(this.database.kind, '$1', { id: 'integer' })} r)`,
      [JSON.stringify(ids.map((id) => [id]))],
    );
    return rows.length;
  }

  /** What counts in sums of the events of a time, oldest first, at most `limit`, after the one given. */
  async counted(
    sql: Sql,
    range: { readonly from: number; readonly to: number },
    after: { readonly at: number; readonly id: number },
    limit: number,
  ): Promise<CountedRow[]> {
    const rows = await sql.query<Omit<CountedRow, 'key'> & { address_key: Uint8Array }>(
      `SELECT id, jail, address, address_key, action, at, failures, origin, country, asn FROM history_archive
       WHERE at >= $1 AND at < $2 AND (at, id) > ($3, $4) ORDER BY at, id LIMIT $5`,
      [range.from, range.to, after.at, after.id, limit],
    );
    return rows.map(({ address_key, ...row }) => ({ ...row, key: address_key }));
  }

  /** Times of the oldest and the newest event; undefined in an empty archive. */
  async span(sql: Sql): Promise<{ from: number; to: number } | undefined> {
    const [oldest] = await sql.query<{ at: number }>('SELECT at FROM history_archive ORDER BY at, id LIMIT 1');
    const [newest] = await sql.query<{ at: number }>(
      'SELECT at FROM history_archive ORDER BY at DESC, id DESC LIMIT 1',
    );
    return oldest && newest ? { from: oldest.at, to: newest.at } : undefined;
  }
}

/** The unique key of an event as one text. */
export function keyOf(event: { readonly jail: string; readonly address: string; action: string; at: number }): string {
  return `${event.at} ${event.action} ${event.address} ${event.jail}`;
}

/** Used again and again: a view of each key would cost more than the key. */
const keyBytes = Buffer.alloc(16);

function hex(key: Uint8Array): string {
  keyBytes.set(key);
  return keyBytes.toString('hex');
}

function valuesOf({ event, key, prefix }: PreparedEvent): (string | number | null)[] {
  return [
    event.jail,
    event.address,
    hex(key),
    prefix,
    event.action,
    event.at,
    event.failedAt,
    event.duration,
    event.banCount,
    event.failures,
    event.matches,
    event.origin,
    event.cause,
    event.actor,
    event.reason,
    event.country,
    event.asn,
    event.organisation,
  ];
}
