import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BanInForce } from '@bangui/fail2ban';
import { Injectable } from '@nestjs/common';
import { defineEvent, EventBus } from '../../core/events/event-bus.ts';
import { addressKey, type BanRecord } from './ban-record.ts';
import { changeSorted } from './sorted-bans.ts';
import { isEndOf, roundingMs, type ToldBan, ToldBans, type ToldChange } from './told-bans.ts';

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

/** How a list was read. */
export interface ListReading {
  /** When the reading began, in epoch milliseconds; unless given, the list knows of everything that was told. */
  readonly readAt?: number;
  /** Bans that fail2ban does not tell stay: a server that has just started is still restoring them. */
  readonly keepsMissing?: boolean;
}

/**
 * Every ban in force as fail2ban last told it, in its lists and, until those have been read again, in what the archive was
 * told. There is no table of bans: fail2ban is the truth.
 */
@Injectable()
export class BansSnapshot {
  private readonly jails = new Map<string, Map<string, BanRecord>>();
  private readonly told = new Map<string, ToldBans>();
  private readonly newest = new Map<string, number>();
  private sorted: readonly BanRecord[] = [];
  /** Tail of the queue of changes: a change lets the event loop turn and must not meet another one. */
  private changes: Promise<unknown> = Promise.resolve();

  constructor(private readonly events: EventBus) {}

  /** Every ban, newest first. The list is never changed, another state is another list. */
  newestFirst(): readonly BanRecord[] {
    return this.sorted;
  }

  /** The bans of one jail by address, now: the map may change later. */
  ofJail(jail: string): ReadonlyMap<string, BanRecord> {
    return this.jails.get(jail) ?? new Map<string, BanRecord>();
  }

  /** When the newest ban of a jail was made, in epoch milliseconds; undefined without one. */
  newestOf(jail: string): number | undefined {
    return this.newest.get(jail);
  }

  /** Takes over what fail2ban says a jail has, and tells what is different. */
  replace(
    jail: string,
    bans: readonly BanInForce[],
    { readAt = Infinity, keepsMissing = false }: ListReading = {},
  ): Promise<void> {
    return this.inTurn(async () => {
      const before = this.ofJail(jail);
      const told = this.toldOf(jail);
      told.listRead(readAt);
      const after = new Map<string, BanRecord>();
      const added: BanRecord[] = [];
      const removed: BanRecord[] = [];
      for (let start = 0; start < bans.length; start += chunk) {
        for (const ban of bans.slice(start, start + chunk)) {
          if (told.overrules(ban)) continue;
          const known = before.get(ban.address);
          if (known && isSameBan(known, ban.bannedAt * 1000, ban.duration)) {
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
      for (const { address } of told.begun()) {
        const record = before.get(address);
        if (record && !after.has(address)) after.set(address, record);
      }
      for (const [address, record] of before) {
        if (after.has(address)) continue;
        if (keepsMissing) after.set(address, record);
        else removed.push(record);
      }
      await this.apply(jail, after, added, removed);
    });
  }

  /**
   * Takes over what the archive was told, in the order in which it happened, where the list may be older.
   * @param now epoch milliseconds
   */
  learn(changes: readonly ToldChange[], now: number): Promise<void> {
    return this.inTurn(async () => {
      for (const [jail, some] of Map.groupBy(changes, ({ data }) => data.jail)) {
        const told = this.toldOf(jail);
        const news = some.filter((change) => told.isNews(change, now));
        if (news.length > 0) await this.take(jail, news);
      }
    });
  }

  /** Forgets a jail that the server no longer has: its bans have ended. */
  forget(jail: string): Promise<void> {
    return this.inTurn(async () => {
      await this.apply(jail, new Map(), [], [...this.ofJail(jail).values()]);
      this.jails.delete(jail);
      this.told.delete(jail);
    });
  }

  private async take(jail: string, news: readonly ToldChange[]): Promise<void> {
    // In place: a jail may have 100,000 bans, and every new one comes through here.
    const bans = this.jails.get(jail) ?? new Map<string, BanRecord>();
    const added = new Set<BanRecord>();
    const removed: BanRecord[] = [];
    const remove = (record: BanRecord): void => {
      bans.delete(record.address);
      if (!added.delete(record)) removed.push(record);
    };
    for (const { name, data } of news) {
      const known = bans.get(data.address);
      if (name === 'unban') {
        if (known && isEndOf(data, known.bannedAt)) remove(known);
        continue;
      }
      // Without a duration the list, if it has the ban, knows more.
      const isKnown = known && (data.duration === 0 || isSameBan(known, data.bannedAt, data.duration));
      if (known && (isKnown || known.bannedAt > data.bannedAt + roundingMs)) continue;
      if (known) remove(known);
      const record = recordOfTold(data);
      bans.set(data.address, record);
      added.add(record);
    }
    await this.apply(jail, bans, [...added], removed);
  }

  private toldOf(jail: string): ToldBans {
    const told = this.told.get(jail) ?? new ToldBans();
    this.told.set(jail, told);
    return told;
  }

  private inTurn(change: () => Promise<void>): Promise<void> {
    const result = this.changes.then(change);
    this.changes = result.catch(() => undefined);
    return result;
  }

  private async apply(
    jail: string,
    after: Map<string, BanRecord>,
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
function isSameBan(record: BanRecord, bannedAt: number, duration: number): boolean {
  return Math.abs(record.bannedAt - bannedAt) <= roundingMs && record.duration === duration;
}

function recordOfTold({ jail, address, bannedAt, duration, expiresAt }: ToldBan): BanRecord {
  // As lists tell them: in whole seconds.
  const seconds = Math.floor(bannedAt / 1000) * 1000;
  return { jail, address, bannedAt: seconds, duration, expiresAt, key: addressKey(address) };
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
