import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BanInForce } from '@bangui/fail2ban';
import { Injectable } from '@nestjs/common';
import { defineEvent, EventBus } from '../../core/events/event-bus.ts';
import { addressKey, type BanRecord } from './ban-record.ts';
import { changeSorted } from './sorted-bans.ts';

/** Bans of one jail that began or ended. */
export interface BansChanged {
  readonly jail: string;
  readonly added: readonly BanRecord[];
  readonly removed: readonly BanRecord[];
}

/** The snapshot changed. */
export const bansChanged = defineEvent<BansChanged>('bans-changed');

/** Bans compared between two turns of the event loop. */
const chunk = 2_000;

/** Every ban in force as fail2ban last told it. There is no table of bans: fail2ban is the truth. */
@Injectable()
export class BansSnapshot {
  private readonly jails = new Map<string, ReadonlyMap<string, BanRecord>>();
  private readonly newest = new Map<string, number>();
  private sorted: readonly BanRecord[] = [];
  /** Tail of the queue of changes: a change lets the event loop turn and must not meet another one. */
  private changes: Promise<unknown> = Promise.resolve();

  constructor(private readonly events: EventBus) {}

  /** Every ban, newest first. The list is never changed, another state is another list. */
  newestFirst(): readonly BanRecord[] {
    return this.sorted;
  }

  /** The bans of one jail by address. */
  ofJail(jail: string): ReadonlyMap<string, BanRecord> {
    return this.jails.get(jail) ?? new Map<string, BanRecord>();
  }

  /** When the newest ban of a jail was made, in epoch milliseconds; undefined without one. */
  newestOf(jail: string): number | undefined {
    return this.newest.get(jail);
  }

  /**
   * Takes over what fail2ban says a jail has, and tells what is different.
   * @param options.keepsMissing bans that fail2ban does not tell stay: a server that has just started is still
   *   restoring them
   */
  replace(jail: string, bans: readonly BanInForce[], options: { readonly keepsMissing?: boolean } = {}): Promise<void> {
    return this.inTurn(async () => {
      const before = this.ofJail(jail);
      const after = new Map<string, BanRecord>();
      const added: BanRecord[] = [];
      const removed: BanRecord[] = [];
      for (let start = 0; start < bans.length; start += chunk) {
        for (const ban of bans.slice(start, start + chunk)) {
          const known = before.get(ban.address);
          if (known && isSameBan(known, ban)) {
            after.set(ban.address, known);
            continue;
          }
          const record = recordOf(jail, ban);
          // The same address twice in one answer: the first one counts.
          if (after.has(ban.address)) continue;
          after.set(ban.address, record);
          added.push(record);
          if (known) removed.push(known);
        }
        await nextTurn();
      }
      for (const [address, record] of before) {
        if (after.has(address)) continue;
        if (options.keepsMissing) after.set(address, record);
        else removed.push(record);
      }
      await this.apply(jail, after, added, removed);
    });
  }

  /** Forgets a jail that the server no longer has: its bans have ended. */
  forget(jail: string): Promise<void> {
    return this.inTurn(async () => {
      await this.apply(jail, new Map(), [], [...this.ofJail(jail).values()]);
      this.jails.delete(jail);
    });
  }

  private inTurn(change: () => Promise<void>): Promise<void> {
    const result = this.changes.then(change);
    this.changes = result.catch(() => undefined);
    return result;
  }

  private async apply(
    jail: string,
    after: ReadonlyMap<string, BanRecord>,
    added: readonly BanRecord[],
    removed: readonly BanRecord[],
  ): Promise<void> {
    if (added.length > 0 || removed.length > 0) this.sorted = await changeSorted(this.sorted, added, removed);
    this.jails.set(jail, after);
    if (added.length === 0 && removed.length === 0) return;
    let newest = 0;
    for (const { bannedAt } of after.values()) newest = Math.max(newest, bannedAt);
    if (after.size > 0) this.newest.set(jail, newest);
    else this.newest.delete(jail);
    // A ban that was renewed is told as a new one only.
    const ended = removed.filter(({ address }) => !after.has(address));
    this.events.emit(bansChanged, { jail, added, removed: ended });
  }
}

/** fail2ban shows a time cut to seconds, but stores it rounded: after its restart the same ban may be a second later. */
function isSameBan(record: BanRecord, ban: BanInForce): boolean {
  return Math.abs(record.bannedAt - ban.bannedAt * 1000) <= 1000 && record.duration === ban.duration;
}

function recordOf(jail: string, ban: BanInForce): BanRecord {
  return {
    jail,
    address: ban.address,
    bannedAt: ban.bannedAt * 1000,
    duration: ban.duration,
    expiresAt: ban.expiresAt === null ? null : ban.expiresAt * 1000,
    key: addressKey(ban.address),
  };
}
