import { resolve } from 'node:path';
import { schedulerTimes, type Settings } from '../../core/config/settings.ts';
import { isGone, ownIdentity } from '../../core/instances/process-identity.ts';
import { openLock } from './lock/open-lock.ts';
import { type Holder } from './lock/scheduler-lock.ts';

/** Longest time of one statement, in milliseconds. */
const limitMs = 5_000;

/** The holder of the lock, and what is known of whether it lives. */
export interface InspectedHolder extends Holder {
  /** `alive`: it gave a sign of life within its time to live. `gone`: its process is no more. `silent`: neither. */
  readonly condition: 'alive' | 'gone' | 'silent';
}

/** The scheduler lock from outside: whoever looks does not want it. */
export class InspectedLock {
  readonly kind: 'database' | 'redis';
  readonly ttlMs: number;

  constructor(private readonly settings: Settings) {
    this.kind = settings.schedulerLock;
    this.ttlMs = schedulerTimes(settings).lockTtlSeconds * 1_000;
  }

  /** Who holds the lock; undefined when nobody does. Rejects when the database or Redis cannot be asked. */
  async holder(): Promise<InspectedHolder | undefined> {
    const lock = await this.open();
    try {
      const holder = await lock.read();
      return holder && { ...holder, condition: this.conditionOf(holder) };
    } finally {
      await lock.close();
    }
  }

  /**
   * Takes the lock from this holder. Whoever has taken it meanwhile keeps it.
   * @returns whether the lock is free of this holder now
   */
  async clear({ instanceId, token }: Holder): Promise<boolean> {
    // Released in its name, and only with its token.
    const lock = await this.open(instanceId);
    try {
      await lock.release(token);
      return (await lock.read())?.token !== token;
    } finally {
      await lock.close();
    }
  }

  private conditionOf(holder: Holder): InspectedHolder['condition'] {
    const own = ownIdentity();
    // All who use an SQLite database run on one kernel, so a holder of another boot is none.
    const isOfOtherBoot =
      this.settings.databaseUrl === undefined && this.kind === 'database' && holder.bootId !== own.bootId;
    if (isOfOtherBoot || isGone(holder, own)) return 'gone';
    return holder.ageMs < this.ttlMs ? 'alive' : 'silent';
  }

  private open(instanceId?: string): ReturnType<typeof openLock> {
    const { settings, ttlMs } = this;
    const own = ownIdentity();
    return openLock({
      own: instanceId === undefined ? own : { ...own, instanceId },
      ttlMs,
      limitMs,
      sqlitePath: resolve(settings.databasePath),
      postgresUrl: settings.databaseUrl,
      redisUrl: this.kind === 'redis' ? settings.redisUrl : undefined,
    });
  }
}
