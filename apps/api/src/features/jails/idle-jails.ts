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
    try {
      await this.jails.setIdleIn(name, isIdle ? this.startedAt : null);
    } catch (error) {
      // Only a restart of BanGUI would notice.
      this.log.warn(logEvents.jailNotStored, { jail: name, error });
    }
  }

  private async remember(startedAt: number): Promise<void> {
    try {
      const names = await this.jails.idleIn(startedAt);
      if (startedAt !== this.startedAt) return;
      for (const name of names)
        this.idle.set(name, this.server.jails.get(name)?.totalFailed ?? Number.POSITIVE_INFINITY);
    } catch (error) {
      this.log.warn(logEvents.jailNotStored, { error });
    }
  }
}
