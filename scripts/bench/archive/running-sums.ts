import type BetterSqlite from 'better-sqlite3';
import { type BuiltBatch, type BuiltRollUps, type BuiltSql, openRollUps } from './built-api.ts';
import { type Follower, rowColumns } from './rows.ts';

type Row = readonly (string | number | null)[];

/** Addresses that the API's clean-up leaves of a day that is over. */
const keptOffenders = 1_000;
const day = 86_400;

const column = Object.fromEntries(rowColumns.map((name, index) => [name, index])) as Record<
  (typeof rowColumns)[number],
  number
>;

/** Keeps the sums of rows that come in the order of time, as a BanGUI has them that has run all the while. */
export class RunningSums implements Follower {
  private bucket = 0;
  private month = 0;
  private batch: BuiltBatch;
  private readonly sql: BuiltSql;
  private readonly rollUps: BuiltRollUps;
  private readonly newBatch: () => BuiltBatch;
  /** Epoch seconds. */
  private readonly now: number;

  private constructor(sql: BuiltSql, rollUps: BuiltRollUps, newBatch: () => BuiltBatch, now: number) {
    this.sql = sql;
    this.rollUps = rollUps;
    this.newBatch = newBatch;
    this.now = now;
    this.batch = newBatch();
  }

  /** @param now when the archive ends, in epoch milliseconds */
  static async on(connection: BetterSqlite.Database, now: number): Promise<RunningSums> {
    const { rollUps, newBatch } = await openRollUps();
    return new RunningSums(sqlOn(connection), rollUps, newBatch, Math.floor(now / 1_000));
  }

  /** Counts a row; the first one of another day waits until the day before is written. */
  take(row: Row): Promise<void> | undefined {
    const bucket = dayOf(row);
    if (bucket > this.bucket) return this.endDay(bucket).then(() => this.count(row));
    this.count(row);
    return undefined;
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    await this.write();
    await this.rollUps.sumUpMonth(this.sql, this.month);
    while (await this.rollUps.condenseOffenders(this.sql, this.now));
  }

  private async endDay(next: number): Promise<void> {
    await this.write();
    this.bucket = next;
    const date = new Date(next * 1_000);
    const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1_000;
    if (month !== this.month && this.month > 0) await this.rollUps.sumUpMonth(this.sql, this.month);
    this.month = month;
  }

  private count(row: Row): void {
    const event = {
      jail: row[column.jail],
      address: row[column.address],
      action: row[column.action],
      at: row[column.at],
      failures: row[column.failures],
      origin: row[column.origin],
      country: row[column.country],
      asn: row[column.asn],
    };
    this.batch.add(event, Buffer.from(String(row[column.address_key]), 'hex'));
  }

  private async write(): Promise<void> {
    if (this.bucket === 0) return;
    await this.rollUps.add(this.sql, this.batch, 'up-to-day');
    this.batch = this.newBatch();
    if (this.bucket + day > this.now) return;
    await this.sql.query(
      `DELETE FROM history_offender WHERE grain = 'day' AND bucket = $1 AND address NOT IN (
         SELECT address FROM history_offender WHERE grain = 'day' AND bucket = $1 ORDER BY bans DESC, address LIMIT $2)`,
      [this.bucket, keptOffenders],
    );
  }
}

function dayOf(row: Row): number {
  const second = Math.floor(Number(row[column.at]) / 1_000);
  return second - (second % day);
}

function sqlOn(connection: BetterSqlite.Database): BuiltSql {
  const statements = new Map<string, BetterSqlite.Statement>();
  return {
    query: (sql, parameters = []) => {
      const statement = statements.get(sql) ?? connection.prepare(sql);
      statements.set(sql, statement);
      // As in the API's thread: `$1` is a name, and a bare number would be bound as a float.
      const values = parameters.map((value, index) => [index + 1, typeof value === 'number' ? BigInt(value) : value]);
      const named: unknown[] = values.length > 0 ? [Object.fromEntries(values)] : [];
      if (statement.reader) return Promise.resolve(statement.all(...named));
      statement.run(...named);
      return Promise.resolve([]);
    },
  };
}
