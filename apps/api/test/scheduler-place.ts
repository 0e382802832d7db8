import { Client } from 'pg';
import BetterSqlite from 'better-sqlite3';
import { ApiProcess } from './api-process.ts';
import { testSecretKey } from './harness.ts';
import { RedisServer } from './redis-server.ts';
import { emptyDatabase } from './test-database.ts';

/** Where the lock of a test is kept: one of SQLite, PostgreSQL, and Redis with SQLite. */
export type PlaceKind = 'sqlite' | 'postgres' | 'redis';

/** Every case about the lock runs on all. */
export const placeKinds: readonly PlaceKind[] = ['sqlite', 'postgres', 'redis'];

/** Short, so that a test takes seconds; the ratio is the smallest allowed. */
export const heartbeatMs = 400;
export const ttlMs = 4_800;

/** A database, and a Redis where that is asked for, with BanGUI processes that share it. */
export class SchedulerPlace {
  readonly processes: ApiProcess[] = [];

  private constructor(
    readonly kind: PlaceKind,
    readonly redis: RedisServer | undefined,
    private readonly database: Awaited<ReturnType<typeof emptyDatabase>>,
  ) {}

  static async make(kind: PlaceKind): Promise<SchedulerPlace> {
    const redis = kind === 'redis' ? await RedisServer.start() : undefined;
    return new SchedulerPlace(kind, redis, await emptyDatabase(kind === 'postgres' ? 'postgres' : 'sqlite'));
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
      BANGUI_SCHEDULER_HEARTBEAT_SECONDS: String(heartbeatMs / 1_000),
      BANGUI_SCHEDULER_LOCK_TTL_SECONDS: String(ttlMs / 1_000),
      ...change,
    };
  }

  start(change: Readonly<Record<string, string>> = {}): ApiProcess {
    const api = ApiProcess.start(this.env(change));
    this.processes.push(api);
    return api;
  }

  /** Starts one and waits until it has the lock and runs. */
  async startHolder(change: Readonly<Record<string, string>> = {}): Promise<ApiProcess> {
    const api = this.start(change);
    await api.logged(/"event":"scheduler_lock_acquired"/);
    await api.url();
    return api;
  }

  /** Starts one beside a holder and waits until it runs. */
  async startStandby(): Promise<ApiProcess> {
    const api = this.start({ BANGUI_SCHEDULER_ROLE: 'standby' });
    await api.logged(/"event":"scheduler_standby"/);
    await api.url();
    return api;
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
  async blockLock(): Promise<() => Promise<void>> {
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
}

/** The fencing token in the line of an event. */
export async function tokenOf(api: ApiProcess, event: string): Promise<number> {
  const match = await api.logged(new RegExp(`"event":"${event}".*?"token":(\\d+)`));
  return Number(match[1]);
}
