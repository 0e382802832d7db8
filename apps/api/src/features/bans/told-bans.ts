import { type BanInForce } from '@bangui/fail2ban';

/** A ban that the archive tells. Times are epoch milliseconds. */
export interface ToldBan {
  readonly jail: string;
  /** Canonical text. */
  readonly address: string;
  /** When it was written, or, where only the database tells of it, the last failure. */
  readonly at: number;
  /** The last failure, as the list has it. */
  readonly bannedAt: number;
  /** Seconds; -1 is permanent, 0 unknown. */
  readonly duration: number;
  /** Null for a permanent ban and when unknown. */
  readonly expiresAt: number | null;
}

/** The end of a ban that the archive tells. */
export type ToldEnd = Pick<ToldBan, 'jail' | 'address' | 'at'>;

/** A change of the bans in force, in the words of the event stream. */
export type ToldChange =
  { readonly name: 'ban'; readonly data: ToldBan } | { readonly name: 'unban'; readonly data: ToldEnd };

/** What is older is in the lists, or over: a ban follows its last failure within this time. In milliseconds. */
const recentMs = 60_000;

/** Addresses remembered of one jail; without those beyond, its list is only late. */
const maxTold = 20_000;

/** Lists cut and round times to seconds, in milliseconds. */
export const roundingMs = 1_000;

interface Remembered {
  readonly change: ToldChange;
  /** A list whose reading began later than this knows of it. Epoch milliseconds. */
  readonly knownBy: number;
}

/**
 * What the archive told of the bans of one jail and its list may not have: fail2ban writes its log at once, and its list is
 * read after a while. fail2ban changes the list before it writes the line (`actions.py`), so that a list read after
 * the time of the line needs none of this.
 */
export class ToldBans {
  /** When the reading of the latest list began, in epoch milliseconds. */
  private readAt = -Infinity;
  private readonly told = new Map<string, Remembered>();

  /**
   * Whether the latest list may lack this; then it is remembered until a list came that knows of it.
   * @param now epoch milliseconds
   */
  isNews(change: ToldChange, now: number): boolean {
    const { at } = change.data;
    // Where at is the last failure, the ban came later, nobody knows when.
    const knownBy = change.name === 'ban' && change.data.bannedAt === at ? now : at;
    // The list may be newer than the end of a ban that was taken to be newer than the list.
    const isEndOfTold = change.name === 'unban' && this.isEndOfRemembered(change.data);
    if ((knownBy < this.readAt && !isEndOfTold) || at < now - recentMs) return false;
    if (change.name === 'ban' && change.data.expiresAt !== null && change.data.expiresAt <= now) return false;
    const { address } = change.data;
    this.told.delete(address);
    const [oldest] = this.told.keys();
    if (this.told.size >= maxTold && oldest !== undefined) this.told.delete(oldest);
    this.told.set(address, { change, knownBy });
    return true;
  }

  private isEndOfRemembered(end: ToldEnd): boolean {
    const change = this.told.get(end.address)?.change;
    return change?.name === 'ban' && isEndOf(end, change.data.bannedAt);
  }

  /** A list has come whose reading began at this time (epoch milliseconds): what it knows of is forgotten. */
  listRead(readAt: number): void {
    this.readAt = readAt;
    for (const [address, { knownBy }] of this.told) if (knownBy < readAt) this.told.delete(address);
  }

  /** Whether a ban that a list has is over, or another one by now. */
  overrules({ address, bannedAt }: BanInForce): boolean {
    const change = this.told.get(address)?.change;
    if (!change) return false;
    if (change.name === 'unban') return isEndOf(change.data, bannedAt * 1000);
    return change.data.bannedAt > bannedAt * 1000 + roundingMs;
  }

  /** The bans that a list may lack. */
  *begun(): Generator<ToldBan> {
    for (const { change } of this.told.values()) if (change.name === 'ban') yield change.data;
  }
}

/** Whether it is the end of a ban that was made at this time (epoch milliseconds), and not of one before it. */
export function isEndOf({ at }: ToldEnd, bannedAt: number): boolean {
  return bannedAt <= at + roundingMs;
}
