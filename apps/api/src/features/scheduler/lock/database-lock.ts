import { type ProcessIdentity } from '../../../core/instances/process-identity.ts';
import { type Sql } from '../../../core/database/sql.ts';
import { type Acquisition, type Holder, type SchedulerLock } from './scheduler-lock.ts';

/** What {@link DatabaseLock} needs to know. */
export interface DatabaseLockOptions {
  /** As `DatabaseKind`, whose file is too much for the thread of the lock. */
  readonly kind: 'sqlite' | 'postgres';
  readonly own: ProcessIdentity;
  /** Milliseconds without a heartbeat after which others may take the lock. */
  readonly ttlMs: number;
  /** Milliseconds that pass at the same speed for all processes of this kernel and never step. Used with SQLite only. */
  readonly monotonic: () => number;
  /** Whether a holder provably is no more. */
  readonly isGone: (holder: ProcessIdentity) => boolean;
}

interface LockRow {
  readonly instance_id: string;
  readonly host: string;
  readonly pid: number;
  readonly process_start: string | null;
  readonly boot_id: string | null;
  readonly pid_namespace: string | null;
  readonly token: number;
  readonly acquired_at: number;
  readonly heartbeat_at: number;
  readonly heartbeat_monotonic: number | null;
  readonly age_ms: number;
  readonly is_stale: number | boolean;
}

/** The database's own clock in epoch milliseconds. */
const clocks: Readonly<Record<'sqlite' | 'postgres', string>> = {
  sqlite: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
  postgres: 'CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)',
};

const columns =
  'instance_id, host, pid, process_start, boot_id, pid_namespace, token, acquired_at, heartbeat_at, heartbeat_monotonic, ttl_ms';

const taken = columns
  .split(', ')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

/**
 * The lock as the row of table `scheduler_lock`, with one statement for each thing done to it.
 *
 * Age is measured by PostgreSQL's clock. An SQLite database has no clock of its own and its wall clock may step, but all who
 * use it run on one kernel: there the monotonic time of the heartbeat counts, and a row of another boot is stale at once.
 */
export class DatabaseLock implements SchedulerLock {
  private readonly sql: Sql & { close(): Promise<void> };
  private readonly options: DatabaseLockOptions;
  // Written out, because Node runs this file in a thread of its own and only strips the types.
  constructor(sql: Sql & { close(): Promise<void> }, options: DatabaseLockOptions) {
    this.sql = sql;
    this.options = options;
  }

  async acquire(): Promise<Acquisition> {
    const { own, isGone } = this.options;
    const row = await this.row();
    if (row && !isTrue(row.is_stale)) {
      const holder = holderOf(row);
      // Our own: the answer to an earlier attempt came too late.
      if (holder.instanceId !== own.instanceId && !isGone(holder)) return { kind: 'held', holder };
      await this.sql.query('DELETE FROM scheduler_lock WHERE id = 1 AND token = $1', [holder.token]);
    }
    const [got] = await this.sql.query<{ readonly token: number }>(this.acquireStatement(), [
      own.instanceId,
      own.host,
      own.pid,
      own.processStart,
      own.bootId,
      own.pidNamespace,
      this.monotonicNow(),
      this.options.ttlMs,
    ]);
    if (got) return { kind: 'acquired', token: got.token };
    const holder = await this.read();
    // Taken and given back between two statements: the next attempt finds it free.
    if (!holder) throw new Error('The scheduler lock changed hands while it was looked at.');
    return { kind: 'held', holder };
  }

  async renew(token: number): Promise<boolean> {
    const rows = await this.sql.query(
      `UPDATE scheduler_lock SET heartbeat_at = ${this.clock}, heartbeat_monotonic = $1
       WHERE id = 1 AND token = $2 AND instance_id = $3 RETURNING token`,
      [this.monotonicNow(), token, this.options.own.instanceId],
    );
    return rows.length > 0;
  }

  async release(token: number): Promise<void> {
    await this.sql.query('DELETE FROM scheduler_lock WHERE id = 1 AND token = $1 AND instance_id = $2', [
      token,
      this.options.own.instanceId,
    ]);
  }

  async read(): Promise<Holder | undefined> {
    const row = await this.row();
    return row && holderOf(row);
  }

  close(): Promise<void> {
    return this.sql.close();
  }

  private get clock(): string {
    return clocks[this.options.kind];
  }

  private monotonicNow(): number | null {
    return this.options.kind === 'sqlite' ? Math.floor(this.options.monotonic()) : null;
  }

  private async row(): Promise<LockRow | undefined> {
    const isSqlite = this.options.kind === 'sqlite';
    const age = isSqlite ? 'CAST($1 AS bigint) - heartbeat_monotonic' : `${this.clock} - heartbeat_at`;
    const isStale = isSqlite ? `boot_id IS NOT $2 OR ${age} >= ttl_ms` : `${age} >= ttl_ms`;
    const [row] = await this.sql.query<LockRow>(
      `SELECT ${columns}, ${age} AS age_ms, (${isStale}) AS is_stale FROM scheduler_lock WHERE id = 1`,
      isSqlite ? [this.monotonicNow(), this.options.own.bootId] : [],
    );
    return row;
  }

  private acquireStatement(): string {
    const { clock } = this;
    const values = `1, $1, $2, CAST($3 AS bigint), $4, $5, $6, fence.token + 1, ${clock}, ${clock}, CAST($7 AS bigint), CAST($8 AS bigint)`;
    if (this.options.kind === 'sqlite') {
      // A trigger raises the fence within the same statement.
      return `INSERT INTO scheduler_lock (id, ${columns}) SELECT ${values} FROM scheduler_fence fence WHERE fence.id = 1
        ON CONFLICT (id) DO UPDATE SET ${taken}
        WHERE scheduler_lock.boot_id IS NOT excluded.boot_id
          OR excluded.heartbeat_monotonic - scheduler_lock.heartbeat_monotonic >= scheduler_lock.ttl_ms
        RETURNING token`;
    }
    // The fence's row makes those who try at once go one after the other, and lets transactions under way end first.
    return `WITH fence AS (SELECT token FROM scheduler_fence WHERE id = 1 FOR UPDATE),
      taken AS (
        INSERT INTO scheduler_lock (id, ${columns}) SELECT ${values} FROM fence
        ON CONFLICT (id) DO UPDATE SET ${taken}
        WHERE ${clock} - scheduler_lock.heartbeat_at >= scheduler_lock.ttl_ms
        RETURNING token),
      raised AS (UPDATE scheduler_fence SET token = taken.token FROM taken WHERE id = 1 RETURNING taken.token)
      SELECT token FROM raised`;
  }
}

function isTrue(value: number | boolean): boolean {
  return value === true || value === 1;
}

function holderOf(row: LockRow): Holder {
  return {
    instanceId: row.instance_id,
    host: row.host,
    pid: row.pid,
    processStart: row.process_start,
    bootId: row.boot_id,
    pidNamespace: row.pid_namespace,
    token: row.token,
    acquiredAt: row.acquired_at,
    heartbeatAt: row.heartbeat_at,
    // A heartbeat of another boot, or of a moment ago by a clock that was set back.
    ageMs: Math.max(0, row.age_ms),
  };
}
