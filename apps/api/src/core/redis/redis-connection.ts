import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Settings } from '../config/settings.ts';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { RedisUnavailable } from './redis-unavailable.ts';

/** Longest wait for a connection, in milliseconds. */
const connectTimeoutMs = 3_000;

/** Longest wait for the answer to a command, in milliseconds. */
const commandTimeoutMs = 3_000;

/** Longest pause between two attempts to connect, in milliseconds. */
const maxRetryPauseMs = 2_000;

/**
 * A command is sent now or fails now: one that waited in a queue, or was sent again after a cut, could do its work long
 * after its caller gave up on it.
 */
const options: RedisOptions = {
  lazyConnect: true,
  connectTimeout: connectTimeoutMs,
  commandTimeout: commandTimeoutMs,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  keepAlive: 10_000,
  connectionName: 'bangui',
  disableClientInfo: true,
  retryStrategy: (attempt) => Math.min(100 * attempt, maxRetryPauseMs),
};

/** The Redis of `BANGUI_REDIS_URL`: one connection for commands, opened at the first one, and others for subscriptions. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  private readonly opened = new Set<Redis>();
  private commands: Redis | undefined;
  private trouble: string | undefined;
  private isClosed = false;

  constructor(
    @Inject(Settings) private readonly settings: Pick<Settings, 'redisUrl'>,
    private readonly log: Log,
  ) {}

  /** Whether there is a Redis to use. */
  get isConfigured(): boolean {
    return this.settings.redisUrl !== undefined;
  }

  /**
   * Gives the connection to the work, after at most 3 s; each of its commands is answered within 3 s. Rejects with
   * {@link RedisUnavailable} when there is no Redis; a command may have been carried out all the same.
   */
  async run<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    this.commands ??= this.open();
    try {
      await untilReady(this.commands);
      return await work(this.commands);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * A connection of its own, not opened yet, because one that subscribes can do nothing else. It connects again by
   * itself after a cut and is closed with all others.
   */
  open(): Redis {
    if (this.settings.redisUrl === undefined) throw new RedisUnavailable('BANGUI_REDIS_URL is not set.');
    const redis = new Redis(this.settings.redisUrl, options);
    this.opened.add(redis);
    redis.on('error', (error: Error) => this.noteTrouble(error.message));
    redis.on('close', () => this.noteTrouble('The connection was cut.'));
    redis.on('ready', () => this.noteReady());
    redis.on('end', () => this.opened.delete(redis));
    return redis;
  }

  /** Closes every connection without waiting for answers. */
  onApplicationShutdown(): void {
    this.isClosed = true;
    for (const redis of this.opened) redis.disconnect();
    this.opened.clear();
  }

  /** Every attempt to connect fails with an error of its own; one line says enough. */
  private noteTrouble(reason: string): void {
    if (this.trouble !== undefined || this.isClosed) return;
    this.trouble = reason;
    // Only a sentence: a refused AUTH carries the password among the other fields of its error.
    this.log.warn(logEvents.redisUnavailable, { reason });
  }

  private noteReady(): void {
    if (this.trouble === undefined) return;
    this.trouble = undefined;
    this.log.info(logEvents.redisAvailable);
  }
}

/** Resolves when commands can be sent; rejects when they cannot within the time for connecting. */
function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      redis.off('ready', onReady).off('end', onEnd);
      settle();
    };
    const onReady = (): void => finish(resolve);
    const onEnd = (): void => finish(() => reject(new RedisUnavailable('The connection to Redis is closed.')));
    const timer = setTimeout(
      () => finish(() => reject(new RedisUnavailable(`No connection to Redis within ${connectTimeoutMs} ms.`))),
      connectTimeoutMs,
    );
    redis.on('ready', onReady).on('end', onEnd);
    // Its failure is reported by the `error` event; the next attempt follows by itself.
    if (redis.status === 'wait') redis.connect().catch(() => undefined);
    else if (redis.status === 'end') onEnd();
  });
}

/** The driver's errors carry the command's arguments, which may be secret; only their sentence is kept. */
function unavailable(error: unknown): RedisUnavailable {
  if (error instanceof RedisUnavailable) return error;
  return new RedisUnavailable(`Redis failed: ${error instanceof Error ? error.message : String(error)}`);
}
