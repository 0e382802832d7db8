import { Client } from 'pg';
import BetterSqlite from 'better-sqlite3';
import { ApiProcess } from './api-process.ts';
import { testSecretKey } from './harness.ts';
import { type SteppedClock } from './stepped-clock.ts';
import { RedisServer } from './redis-server.ts';
import { emptyDatabase } from './test-database.ts';

/** Where the lock of a test is kept: one of SQLite, PostgreSQL, and Redis with SQLite. */
export type PlaceKind = 'sqlite' | 'postgres' | 'redis';

/** Every case about the lock runs on all. */
export const placeKinds: readonly PlaceKind[] = ['sqlite', 'postgres', 'redis'];

/** What can happen to whatever keeps the lock: a file or table that somebody locks, a Redis that hangs or was killed. */
export type Outage = 'is locked' | 'does not answer' | 'is gone';

/** The outages there can be in a place. */
export function outagesOf(kind: PlaceKind): readonly Outage[] {
  return kind === 'redis' ? ['does not answer', 'is gone'] : ['is locked'];
}

/** How the lock of a place beats, in milliseconds. */
export interface LockTimes {
  readonly heartbeatMs: number;
  readonly ttlMs: number;
}

/** Short, so that a test takes seconds; the ratio is the smallest allowed. */
export const shortTimes: LockTimes = { heartbeatMs: 300, ttlMs: 3_600 };

/** What the holder of a place may be; whoever stands by is in role `standby`. */
export type HolderRole = 'required' | 'standby';

/** A database, and a Redis where that is asked for, with BanGUI processes that share it. */
export class SchedulerPlace {
  private readonly processes: ApiProcess[] = [];
  private readonly roles = new Map<ApiProcess, string>();

  private constructor(
    readonly kind: PlaceKind,
    private readonly times: LockTimes,
    readonly redis: RedisServer | undefined,
    private readonly database: Awaited<ReturnType<typeof emptyDatabase>>,
  ) {}

  static async make(kind: PlaceKind, times = shortTimes): Promise<SchedulerPlace> {
    const redis = kind === 'redis' ? await RedisServer.start({ isPersistent: true }) : undefined;
    return new SchedulerPlace(kind, times, redis, await emptyDatabase(kind === 'postgres' ? 'postgres' : 'sqlite'));
  }

  /** The environment of a BanGUI here. */
  env(change: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      BANGUI_PORT: '0',
      BANGUI_LOG_LEVEL: 'debug',
      BANGUI_DATABASE_PATH: this.database.databasePath,
      BANGUI_FAIL2BAN_SOCKET: `${this.database.databasePath}.sock`,
      ...(this.database.databaseUrl !== undefined && { BANGUI_DATABASE_URL: this.database.databaseUrl }),
      BANGUI_SECRET_KEY: testSecretKey,
      ...(this.redis && { BANGUI_REDIS_URL: this.redis.url, BANGUI_SCHEDULER_LOCK: 'redis' }),
      BANGUI_ADMIN_USERNAME: 'admin',
      BANGUI_ADMIN_PASSWORD: 'correct horse battery',
      BANGUI_SCHEDULER_HEARTBEAT_SECONDS: String(this.times.heartbeatMs / 1_000),
      BANGUI_SCHEDULER_LOCK_TTL_SECONDS: String(this.times.ttlMs / 1_000),
      ...change,
    };
  }

  start(change: Readonly<Record<string, string>> = {}): ApiProcess {
    const api = ApiProcess.start(this.env(change));
    this.processes.push(api);
    this.roles.set(api, change['BANGUI_SCHEDULER_ROLE'] ?? 'required');
    return api;
  }

  /** Starts one and waits until it has the lock and runs. */
  async startHolder(role: HolderRole, clock?: SteppedClock): Promise<ApiProcess> {
    const api = this.start({ ...clock?.env, BANGUI_SCHEDULER_ROLE: role });
    await api.logged(/"event":"scheduler_lock_acquired"/);
    await api.url();
    return api;
  }

  /** Starts one beside a holder and waits until it runs. */
  async startStandby(clock?: SteppedClock): Promise<ApiProcess> {
    const api = this.start({ ...clock?.env, BANGUI_SCHEDULER_ROLE: 'standby' });
    await api.logged(/"event":"scheduler_standby"/);
    await api.url();
    return api;
  }

  /** Somebody who holds the lock and somebody who stands by. Those who run already will do; the others are started. */
  async pair(role: HolderRole = 'standby'): Promise<{ readonly holder: ApiProcess; readonly standby: ApiProcess }> {
    const present = await this.holder();
    const isFit = present !== undefined && this.roles.get(present) === role;
    // One that stands by would have the lock before one that requires it has started.
    const misfits = isFit ? [] : role === 'required' ? this.alive() : present ? [present] : [];
    await Promise.all(misfits.map(ended));
    const holder = (await this.holder()) ?? (await this.startHolder(role));
    const standby = this.alive().find((api) => api !== holder) ?? (await this.startStandby());
    return { holder, standby };
  }

  /** Which of those who run holds the lock; waits until one does. Undefined when none runs. */
  async holder(): Promise<ApiProcess | undefined> {
    for (;;) {
      const alive = this.alive();
      if (alive.length === 0) return undefined;
      const pid = await this.holderPid();
      const holder = alive.find((api) => api.child.pid === pid);
      if (holder) return holder;
    }
  }

  /** The highest token that was given out. */
  async fence(): Promise<number> {
    const [row] = await this.query<{ token: number | string }>('SELECT token FROM scheduler_fence');
    return Number(row?.token);
  }

  /** Rows of a statement on the database. */
  async query<Row>(sql: string): Promise<Row[]> {
    if (this.database.databaseUrl !== undefined) {
      const client = new Client({ connectionString: this.database.databaseUrl });
      await client.connect();
      try {
        // What the rows are is the test's knowledge of its own statement.
        return (await client.query(sql)).rows as Row[];
      } finally {
        await client.end();
      }
    }
    const connection = new BetterSqlite(this.database.databasePath, { timeout: 10_000 });
    try {
      const statement = connection.prepare(sql);
      if (statement.reader) return statement.all() as Row[];
      statement.run();
      return [];
    } finally {
      connection.close();
    }
  }

  /** Takes the lock away from a live holder, as the guide tells the operator to. */
  async clearLock(): Promise<void> {
    if (this.redis) await this.redis.flush();
    else await this.query('DELETE FROM scheduler_lock');
  }

  /** Keeps everybody from writing to the lock until the returned function is called. */
  async outage(how: Outage): Promise<() => Promise<void>> {
    const { redis } = this;
    if (redis && how === 'is gone') {
      await redis.kill();
      return () => redis.restart();
    }
    if (redis) {
      redis.pause();
      return () => {
        redis.resume();
        return Promise.resolve();
      };
    }
    if (this.database.databaseUrl !== undefined) {
      const client = new Client({ connectionString: this.database.databaseUrl });
      await client.connect();
      await client.query('BEGIN');
      await client.query('LOCK TABLE scheduler_lock IN ACCESS EXCLUSIVE MODE');
      return () => client.end();
    }
    const connection = new BetterSqlite(this.database.databasePath, { timeout: 10_000 });
    connection.exec('BEGIN IMMEDIATE');
    return () => {
      connection.close();
      return Promise.resolve();
    };
  }

  /** Ends every process and removes everything. */
  async remove(): Promise<void> {
    for (const api of this.processes) {
      api.kill('SIGCONT');
      api.kill('SIGKILL');
    }
    await Promise.all(this.processes.map((api) => api.exit));
    await this.redis?.stop();
    await this.database.remove();
  }

  private alive(): ApiProcess[] {
    return this.processes.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  }

  private async holderPid(): Promise<number | undefined> {
    if (this.redis) {
      const text = await this.redis.command('GET', '{bangui:scheduler}:lock');
      return text === '' ? undefined : (JSON.parse(text) as { pid: number }).pid;
    }
    const [row] = await this.query<{ pid: number | string }>('SELECT pid FROM scheduler_lock');
    return row && Number(row.pid);
  }
}

async function ended(api: ApiProcess): Promise<void> {
  api.kill('SIGKILL');
  await api.exit;
}

/** The fencing token in the first line of an event after `from` characters of the log. */
export async function tokenOf(api: ApiProcess, event: string, from = 0): Promise<number> {
  const match = await api.logged(new RegExp(`"event":"${event}".*?"token":(\\d+)`), from);
  return Number(match[1]);
}
