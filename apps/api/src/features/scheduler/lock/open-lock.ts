import { type RedisScripts, RedisLock } from './redis-lock.ts';
import { DatabaseLock } from './database-lock.ts';
import { type LockConnection, postgresConnection, sqliteConnection } from './lock-connections.ts';
import { isGone, type ProcessIdentity } from '../../../core/instances/process-identity.ts';
import { LockTimeout, type SchedulerLock } from './scheduler-lock.ts';

/** Where the lock is kept and how it is told apart; it crosses threads, so it is plain data. */
export interface LockPlace {
  readonly own: ProcessIdentity;
  readonly ttlMs: number;
  /** Longest time of one renewal, in milliseconds. */
  readonly limitMs: number;
  readonly sqlitePath: string;
  /** Wins over the path. */
  readonly postgresUrl: string | undefined;
  /** With it, the lock is kept in Redis and the fence in the database. */
  readonly redisUrl: string | undefined;
}

/** Milliseconds since the kernel started, the same for every process on it; they never step. */
export function kernelMonotonic(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** Opens the lock with connections of its own. */
export async function openLock(place: LockPlace): Promise<SchedulerLock> {
  const { own, ttlMs, limitMs } = place;
  const common = { own, ttlMs, isGone: (holder: ProcessIdentity) => isGone(holder, own) };
  const sql: LockConnection =
    place.postgresUrl === undefined
      ? await sqliteConnection(place.sqlitePath, limitMs)
      : await postgresConnection(place.postgresUrl, limitMs);
  if (place.redisUrl !== undefined) return new RedisLock(await redisScripts(place.redisUrl, limitMs), sql, common);
  const kind = place.postgresUrl === undefined ? 'sqlite' : 'postgres';
  return new DatabaseLock(sql, { ...common, kind, monotonic: kernelMonotonic });
}

/** Connects to Redis for the lock alone. A command gives up after `limitMs`. */
export async function redisScripts(url: string, limitMs: number): Promise<RedisScripts> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    connectTimeout: limitMs,
    commandTimeout: limitMs,
    // A command that waited, or was sent again, could renew a lock long after it was given up.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectionName: 'bangui-scheduler-lock',
    disableClientInfo: true,
    retryStrategy: (attempt) => Math.min(50 * attempt, limitMs),
  });
  // Each command that fails tells why.
  redis.on('error', () => undefined);
  return {
    eval: (script, keys, ...rest) => redis.eval(script, keys, ...rest).catch(rethrow),
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

/** The driver's errors carry the command's arguments, and a refused AUTH the password: only the sentence is kept. */
function rethrow(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  throw /timed out/i.test(text) ? new LockTimeout() : new Error(`Redis failed: ${text}`);
}
