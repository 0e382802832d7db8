import { type ProcessIdentity } from '../../../core/instances/process-identity.ts';
import { type Sql } from '../../../core/database/sql.ts';
import { type Acquisition, type Holder, type SchedulerLock } from './scheduler-lock.ts';

/** What {@link RedisLock} asks of Redis: running a script on keys. */
export interface RedisScripts {
  eval(script: string, keys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** What {@link RedisLock} needs to know. */
export interface RedisLockOptions {
  readonly own: ProcessIdentity;
  /** Milliseconds without a heartbeat after which Redis forgets the lock. */
  readonly ttlMs: number;
  /** Whether a holder provably is no more. */
  readonly isGone: (holder: ProcessIdentity) => boolean;
}

/** The braces keep both keys on one node of a cluster. */
const lockKey = '{bangui:scheduler}:lock';
const tokenKey = '{bangui:scheduler}:token';

/** Redis's own clock, in milliseconds. */
const clock = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

// KEYS: lock, token. ARGV: the highest token of the database, time to live, the holder as JSON.
const acquireScript = `${clock}
local held = redis.call('GET', KEYS[1])
if held then return {0, held, now} end
local token = redis.call('INCR', KEYS[2])
if token <= tonumber(ARGV[1]) then
  token = tonumber(ARGV[1]) + 1
  redis.call('SET', KEYS[2], string.format('%d', token))
end
local holder = cjson.decode(ARGV[3])
holder.token = token
holder.acquiredAt = now
holder.heartbeatAt = now
redis.call('SET', KEYS[1], cjson.encode(holder), 'NX', 'PX', ARGV[2])
return {1, token, now}`;

// KEYS: lock. ARGV: token, instance, time to live.
const renewScript = `${clock}
local held = redis.call('GET', KEYS[1])
if not held then return 0 end
local holder = cjson.decode(held)
if holder.token ~= tonumber(ARGV[1]) or holder.instanceId ~= ARGV[2] then return 0 end
holder.heartbeatAt = now
redis.call('SET', KEYS[1], cjson.encode(holder), 'XX', 'PX', ARGV[3])
return 1`;

// KEYS: lock. ARGV: token.
const releaseScript = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).token == tonumber(ARGV[1]) then return redis.call('DEL', KEYS[1]) end
return 0`;

const readScript = `${clock}
return {1, redis.call('GET', KEYS[1]) or '', now}`;

/**
 * The lock as a key of Redis that expires by itself. Redis may forget everything, so the highest token is also in the
 * database, where guarded transactions look: a token is given out only after it was raised there.
 */
export class RedisLock implements SchedulerLock {
  private readonly redis: RedisScripts;
  private readonly sql: Sql & { close(): Promise<void> };
  private readonly options: RedisLockOptions;
  // Written out, because Node runs this file in a thread of its own and only strips the types.
  constructor(redis: RedisScripts, sql: Sql & { close(): Promise<void> }, options: RedisLockOptions) {
    this.redis = redis;
    this.sql = sql;
    this.options = options;
  }

  async acquire(): Promise<Acquisition> {
    const { own, ttlMs, isGone } = this.options;
    const [fence] = await this.sql.query<{ readonly token: number }>('SELECT token FROM scheduler_fence WHERE id = 1');
    if (!fence) throw new Error('Table scheduler_fence has lost its row.');
    const attempt = (): Promise<unknown> =>
      this.redis.eval(acquireScript, 2, lockKey, tokenKey, fence.token, ttlMs, JSON.stringify(own));
    let [isTaken, got, now] = triple(await attempt());
    if (isTaken === 0) {
      const holder = holderOf(got, now);
      // Our own: the answer to an earlier attempt came too late.
      if (holder && holder.instanceId !== own.instanceId && !isGone(holder)) return { kind: 'held', holder };
      if (holder) await this.redis.eval(releaseScript, 1, lockKey, holder.token);
      [isTaken, got, now] = triple(await attempt());
      const other = isTaken === 0 ? holderOf(got, now) : undefined;
      if (other) return { kind: 'held', holder: other };
    }
    const token = Number(got);
    if (isTaken !== 1 || !Number.isSafeInteger(token))
      throw new Error('The scheduler lock in Redis is not one of ours.');
    await this.raiseFence(token);
    return { kind: 'acquired', token };
  }

  async renew(token: number): Promise<boolean> {
    const { own, ttlMs } = this.options;
    return (await this.redis.eval(renewScript, 1, lockKey, token, own.instanceId, ttlMs)) === 1;
  }

  async release(token: number): Promise<void> {
    await this.redis.eval(releaseScript, 1, lockKey, token);
  }

  async read(): Promise<Holder | undefined> {
    const [, text, now] = triple(await this.redis.eval(readScript, 1, lockKey));
    return text === '' ? undefined : holderOf(text, now);
  }

  async close(): Promise<void> {
    await Promise.all([this.redis.close(), this.sql.close()]);
  }

  /** Rejects, with the lock given back, unless the database has it as the highest token now. */
  private async raiseFence(token: number): Promise<void> {
    try {
      const raised = await this.sql.query(
        'UPDATE scheduler_fence SET token = $1 WHERE id = 1 AND token < $2 RETURNING token',
        [token, token],
      );
      if (raised.length === 0) throw new Error('Another instance has acquired the scheduler lock since.');
    } catch (error) {
      // Without it nobody else could take over before it expires.
      await this.release(token).catch(() => undefined);
      throw error;
    }
  }
}

function triple(answer: unknown): readonly [unknown, unknown, number] {
  const members: unknown[] = Array.isArray(answer) ? answer : [];
  return [members[0], members[1], Number(members[2])];
}

/** Reads a holder; Redis is a store of others too, so it is checked. */
function holderOf(text: unknown, now: number): Holder | undefined {
  const value: unknown = typeof text === 'string' && text.length < 4_096 ? JSON.parse(text) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { instanceId, host, pid, processStart, bootId, pidNamespace, token, acquiredAt, heartbeatAt } = fields;
  if (typeof instanceId !== 'string' || typeof host !== 'string') return undefined;
  const textOrNull = (field: unknown): string | null => (typeof field === 'string' ? field : null);
  return {
    instanceId,
    host,
    pid: Number(pid),
    processStart: textOrNull(processStart),
    bootId: textOrNull(bootId),
    pidNamespace: textOrNull(pidNamespace),
    token: Number(token),
    acquiredAt: Number(acquiredAt),
    heartbeatAt: Number(heartbeatAt),
    ageMs: Math.max(0, now - Number(heartbeatAt)),
  };
}
