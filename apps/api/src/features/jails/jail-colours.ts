import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { JailRepository } from './jail.repository.ts';

/** Colour of a jail without one of its own. */
const other = 0;

/** The colour of each jail: handed out once, the same everywhere. */
@Injectable()
export class JailColours implements OnModuleInit {
  private known = new Map<string, number>();
  private handingOut: Promise<void> | undefined;

  constructor(
    private readonly jails: JailRepository,
    private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    this.known = await this.jails.colours();
  }

  /** 1 to 12; 0 for all others and for a jail whose colour is not stored yet. */
  of(name: string): number {
    return this.known.get(name) ?? other;
  }

  /** Gives new jails a colour. Never rejects: a jail without a colour is grey until the next time. */
  handOut(names: readonly string[]): Promise<void> {
    if (names.every((name) => this.known.has(name))) return Promise.resolve();
    this.handingOut ??= this.store(names).finally(() => {
      this.handingOut = undefined;
    });
    return this.handingOut;
  }

  private async store(names: readonly string[]): Promise<void> {
    try {
      this.known = await this.jails.handOut(names);
    } catch (error) {
      this.log.warn(logEvents.jailNotStored, { error });
    }
  }
}
