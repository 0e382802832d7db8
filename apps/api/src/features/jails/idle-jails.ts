import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { Fail2banWatcher, jailsCounted, serverChanged } from '../server/index.ts';
import { JailRepository } from './jail.repository.ts';

/**
 * Which jails were told to rest. fail2ban cannot be asked, so what BanGUI told it is remembered, also over a restart of
 * BanGUI; a restart of fail2ban ends it, and so does a reload. A jail that counts failures again does not rest.
 */
@Injectable()
export class IdleJails implements OnModuleInit {
  /** Failures seen in total when the jail was told to rest, by jail. */
  private readonly idle = new Map<string, number>();
  /** Jails whose change is not in the database yet, with the number of such changes. */
  private readonly unstored = new Map<string, number>();
  private startedAt: number | null = null;

  constructor(
    private readonly jails: JailRepository,
    private readonly server: Fail2banWatcher,
    private readonly events: EventBus,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on(serverChanged, ({ isOnline, startedAt }) => {
      if (!isOnline || startedAt === this.startedAt) return;
      this.startedAt = startedAt;
      this.idle.clear();
      if (startedAt !== null) void this.remember(startedAt);
    });
    this.events.on(jailsCounted, ({ changed, gone }) => {
      for (const name of gone) void this.set(name, false);
      for (const [name, { totalFailed }] of changed) {
        if (totalFailed > (this.idle.get(name) ?? Number.POSITIVE_INFINITY)) void this.set(name, false);
      }
    });
  }

  /** Whether the jail was told to rest. */
  has(name: string): boolean {
    return this.idle.has(name);
  }

  /** Remembers what fail2ban was told. Never rejects. */
  async set(name: string, isIdle: boolean): Promise<void> {
    if (isIdle) this.idle.set(name, this.server.jails.get(name)?.totalFailed ?? 0);
    else if (!this.idle.delete(name)) return;
    this.unstored.set(name, (this.unstored.get(name) ?? 0) + 1);
    try {
      await this.jails.setIdleIn(name, isIdle ? this.startedAt : null);
    } catch (error) {
      // Only a restart of BanGUI, or another instance, would notice.
      this.log.warn(logEvents.jailNotStored, { jail: name, error });
    } finally {
      const left = (this.unstored.get(name) ?? 1) - 1;
      if (left === 0) this.unstored.delete(name);
      else this.unstored.set(name, left);
    }
  }

  /** Takes over what another instance told fail2ban. Resolves to the jails that rest now or no longer do; never rejects. */
  async readAgain(): Promise<string[]> {
    const before = new Set(this.idle.keys());
    if (this.startedAt !== null) await this.remember(this.startedAt);
    return [...new Set([...before, ...this.idle.keys()])].filter((name) => before.has(name) !== this.idle.has(name));
  }

  private async remember(startedAt: number): Promise<void> {
    try {
      const names = await this.jails.idleIn(startedAt);
      if (startedAt !== this.startedAt) return;
      for (const name of this.idle.keys()) {
        if (!names.includes(name) && !this.unstored.has(name)) this.idle.delete(name);
      }
      for (const name of names) {
        if (this.idle.has(name) || this.unstored.has(name)) continue;
        this.idle.set(name, this.server.jails.get(name)?.totalFailed ?? Number.POSITIVE_INFINITY);
      }
    } catch (error) {
      this.log.warn(logEvents.jailNotStored, { error });
    }
  }
}
