import { Network } from '@bangui/ip';
import { type ArchiveEvent, type BanCompletion, type UnbanCause } from '../archive-event.ts';
import { noMatches } from '../kept-matches.ts';
import { type BanRow } from './ban-row.ts';
import { type IntentFinder } from './intent-finder.ts';
import { banKey, endOf, type LastBan } from './last-ban.ts';

/** fail2ban stores times rounded to seconds: a row may be this much younger than its line, in milliseconds. */
const roundingMs = 500;
/** An unban this shortly before the end of the ban is its end, in milliseconds: fail2ban's clock ticks about once a second. */
const endSlackMs = 1_000;
/** A ban this shortly after a stop of its jail was made by hand, in milliseconds. */
const atOnceMs = 2_000;
/** How much later than it happened a change of a list may be noticed, in milliseconds. */
const listLagMs = 60_000;
/** A ban follows its last failure within this time, in milliseconds, unless fail2ban reads an old log. */
const reactionMs = 60_000;
/** The jail that blocklists are enforced with where nothing better is there. */
const blocklistJail = 'blocklist-import';

/** A ban that a list tells. */
export interface ListedBan {
  readonly jail: string;
  readonly address: string;
  /** Epoch seconds, cut where rows are rounded. */
  readonly failedAt: number;
  /** Seconds; -1 is permanent. */
  readonly duration: number;
}

/** What fail2ban's database says about an address in a jail at the time of an unban. */
export type RowEvidence =
  /** The database cannot be read. */
  | 'unknown'
  /** The last ban; null when it was deleted, as unbans by hand do. */
  | BanRow
  | null;

/** What became of a fact. `silent` facts changed what is known, but are no event of the archive. */
export type FactOutcome = 'event' | 'silent' | 'nothing';

/**
 * Turns what the log, the database and the lists tell into events, each once. It starts from the last bans known and takes
 * facts in the order in which they happened; what it made is stored by whoever holds it.
 */
export class BanLedger {
  readonly events: ArchiveEvent[] = [];
  /** What rows told of bans that are stored without it. */
  readonly completions: BanCompletion[] = [];
  private readonly changed = new Map<string, LastBan>();

  /** @param known last bans of all keys that there will be facts about, by {@link banKey} */
  constructor(
    private readonly known: ReadonlyMap<string, LastBan>,
    private readonly intents: IntentFinder,
  ) {}

  /** Last bans that are not what they were. */
  get changes(): LastBan[] {
    return [...this.changed.values()];
  }

  /** The last ban of an address in a jail, with the facts so far. */
  last(jail: string, address: string): LastBan | undefined {
    const key = banKey(jail, address);
    return this.changed.get(key) ?? this.known.get(key);
  }

  /** Of the latest rows, the one of the ban that the log wrote at this time; undefined when it is not there (yet). */
  rowOfLine(jail: string, address: string, at: number, rows: readonly BanRow[]): BanRow | undefined {
    const last = this.last(jail, address);
    return rows.find((row) => row.failedAt * 1000 <= at + roundingMs && (!last || this.isLater(row, last)));
  }

  /** The log: banned. The row, or else the list, tells the rest where they are known. */
  lineBan(jail: string, address: Network, at: number, row: BanRow | undefined, listed?: ListedBan): FactOutcome {
    const last = this.last(jail, address.toString());
    if (last && last.failedAt !== null && isOfSameBan(last, at, row)) {
      // Lists cut their times where rows round them: the row of this ban may still come, up to a second younger.
      const failedAt = row?.failedAt ?? (last.source === 'list' ? last.failedAt + 1 : last.failedAt);
      if (row && last.source === 'list') this.complete(last, row);
      this.change({ ...last, failedAt, source: 'log' });
      return 'nothing';
    }
    const duration = row?.duration ?? listed?.duration ?? null;
    // The list cuts times, so that its time could be taken for that of another row.
    this.ban({ jail, address, at, failedAt: row?.failedAt ?? null, duration, source: 'log' }, row, listed?.failedAt);
    return 'event';
  }

  /** The log: lifted, or ended. */
  lineUnban(jail: string, address: Network, at: number, evidence: RowEvidence): FactOutcome {
    const last = this.last(jail, address.toString());
    const asker = this.intents.find({ kind: 'unban', jail, address, at });
    if (last?.state === 'ended') return 'nothing';
    const isOver = last && last.endsAt !== null && at >= last.endsAt - endSlackMs;
    const cause = asker ? 'bangui' : isOver ? 'expired' : liftedBy(last, at, evidence);
    if (cause === 'suspended') {
      if (last) this.change({ ...last, state: 'suspended', changedAt: at });
      return last ? 'silent' : 'nothing';
    }
    this.unban(jail, address, at, cause, last);
    return 'event';
  }

  /** The log: brought back by a start. That is no new ban. */
  lineRestore(jail: string, address: Network): FactOutcome {
    const last = this.last(jail, address.toString());
    if (!last || last.state === 'open') return 'nothing';
    this.change({ ...last, state: 'open' });
    return 'silent';
  }

  /** The log: a repeated ban lasts longer than first said. */
  lineIncrease(jail: string, address: Network, endsAt: number | null): FactOutcome {
    const last = this.last(jail, address.toString());
    if (!last || last.state === 'ended') return 'nothing';
    const startedAt = last.failedAt === null ? last.at : last.failedAt * 1000;
    const duration = endsAt === null ? -1 : Math.max(0, Math.round((endsAt - startedAt) / 1000));
    this.change({ ...last, endsAt, duration });
    return 'nothing';
  }

  /** Whether a row is of a ban that nothing has told of yet. */
  isNewRow(row: BanRow, address: Network): boolean {
    const last = this.last(row.jail, address.toString());
    return !last || this.isLater(row, last);
  }

  /** The database: banned, and the log does not tell. */
  rowBan(row: BanRow, address: Network): FactOutcome {
    if (!this.isNewRow(row, address)) {
      this.takeLate(row, address);
      return 'nothing';
    }
    const { jail, failedAt, duration } = row;
    this.ban({ jail, address, at: failedAt * 1000, failedAt, duration, source: 'row' }, row);
    return 'event';
  }

  /**
   * A list: banned, and neither log nor database tell.
   * @param appearedAt when the list was seen to have got it, in epoch milliseconds; undefined when it may have been there
   *   for long
   */
  listBan(listed: ListedBan, address: Network, appearedAt?: number): FactOutcome {
    const { jail, failedAt, duration } = listed;
    const last = this.last(jail, address.toString());
    const bannedAt = failedAt * 1000;
    if (appearedAt !== undefined && last?.state === 'ended' && bannedAt > last.at - 2_000) {
      // Made again within the second that lists tell, which must not be the time of two bans.
      const at = bannedAt > last.at ? bannedAt : appearedAt;
      this.ban({ jail, address, at, failedAt, duration, source: 'list' }, undefined);
      return 'event';
    }
    if (last && (last.failedAt === null ? bannedAt <= last.at + endSlackMs : failedAt <= last.failedAt + 1)) {
      if (last.state === 'ended') return 'nothing';
      const isBack = last.state === 'suspended';
      const endsAt = endOf(failedAt, bannedAt, duration);
      if (!isBack && last.duration === duration) return 'nothing';
      this.change({ ...last, state: 'open', duration, endsAt, failedAt: last.failedAt ?? failedAt });
      return isBack ? 'silent' : 'nothing';
    }
    this.ban({ jail, address, at: bannedAt, failedAt, duration, source: 'list' }, undefined);
    return 'event';
  }

  /**
   * A list no longer has it, and the log does not tell.
   * @param startedAt when the server was started that has the list, in epoch milliseconds; null when unknown
   */
  listEnd(
    jail: string,
    address: Network,
    noticedAt: number,
    evidence: RowEvidence,
    startedAt: number | null = null,
  ): FactOutcome {
    const last = this.last(jail, address.toString());
    if (!last || last.state === 'ended') return 'nothing';
    const isSuspended = last.state === 'suspended';
    const at = isSuspended ? last.changedAt : noticedAt;
    const asker = this.intents.find({
      kind: 'unban',
      jail,
      address,
      at: noticedAt,
      noticedWithinMs: Math.min(listLagMs, Math.max(0, noticedAt - last.changedAt)),
    });
    if (!asker && last.endsAt !== null && last.endsAt - endSlackMs <= noticedAt) {
      this.unban(jail, address, last.endsAt, 'expired', last);
      return 'event';
    }
    // A server that goes on lifts nothing before its time, unless told to.
    const hasGoneOn = startedAt !== null && startedAt < last.changedAt + 1_000;
    const isByHand = (evidence === null && !isSuspended) || (evidence === 'unknown' && hasGoneOn);
    const cause = asker ? 'bangui' : isByHand ? 'manual' : 'unknown';
    this.unban(jail, address, at, cause, last, noticedAt - at + listLagMs);
    return 'event';
  }

  /** Its jail is no longer there; the ban comes back with it, unless it ends meanwhile. */
  suspend(jail: string, address: Network, at: number): FactOutcome {
    const last = this.last(jail, address.toString());
    if (last?.state !== 'open') return 'nothing';
    this.change({ ...last, state: 'suspended', changedAt: at });
    return 'silent';
  }

  /** Its time is over and nothing tells that it goes on. */
  expire(last: LastBan, address: Network): void {
    if (last.endsAt !== null) this.unban(last.jail, address, last.endsAt, 'expired', last);
  }

  private isLater(row: BanRow, last: LastBan): boolean {
    const rowAt = row.failedAt * 1000;
    if (last.failedAt === null) return rowAt > last.at + roundingMs;
    // Lists cut their times where rows round them.
    if (row.failedAt > last.failedAt + (last.source === 'list' ? 1 : 0)) return true;
    // An unban by hand deletes the rows: one of the same second that is there again is of another ban.
    return isLifted(last) && row.failedAt === last.failedAt && rowAt + 1_000 > last.changedAt - roundingMs;
  }

  /** A row that comes after its ban was told without it. */
  private takeLate(row: BanRow, address: Network): void {
    const last = this.last(row.jail, address.toString());
    if (!last) return;
    const lagMs = last.at - row.failedAt * 1000;
    const isOfLine = last.failedAt === null && lagMs >= -roundingMs && lagMs <= reactionMs;
    const isOfList = last.source === 'list' && last.failedAt !== null && Math.abs(row.failedAt - last.failedAt) <= 1;
    if (!isOfLine && !isOfList) return;
    this.complete(last, row);
    const { failedAt } = row;
    const duration = last.duration ?? row.duration;
    const endsAt = last.endsAt ?? endOf(failedAt, last.at, duration);
    this.change({ ...last, failedAt, duration, endsAt, source: last.source === 'list' ? 'row' : last.source });
  }

  private complete(last: LastBan, { failedAt, duration, banCount, failures, matches }: BanRow): void {
    const { jail, address, at } = last;
    this.completions.push({ jail, address, at, failedAt: failedAt * 1000, duration, banCount, failures, matches });
  }

  private ban(
    ban: Omit<LastBan, 'address' | 'endsAt' | 'state' | 'changedAt'> & { readonly address: Network },
    row: BanRow | undefined,
    listedAt?: number,
  ): void {
    const { jail, address, failedAt, duration, source } = ban;
    const lastFailure = failedAt ?? listedAt ?? null;
    // Two bans of one millisecond would count as one.
    const before = this.last(jail, address.toString());
    const at = before?.state === 'ended' && before.at === ban.at ? ban.at + 1 : ban.at;
    this.endBefore(jail, address, at);
    const asker = this.intents.find({
      kind: 'ban',
      jail,
      address,
      at,
      ...(source === 'log' ? {} : { noticedWithinMs: 1_000 }),
    });
    this.events.push({
      jail,
      address,
      action: 'ban',
      at,
      failedAt: lastFailure === null ? null : lastFailure * 1000,
      duration,
      banCount: row?.banCount ?? null,
      failures: row?.failures ?? null,
      matches: row?.matches ?? noMatches,
      origin: originOf(jail),
      cause: null,
      actor: asker?.actor ?? null,
      reason: asker?.reason ?? null,
    });
    const endsAt = endOf(lastFailure, at, duration);
    this.change({
      jail,
      address: address.toString(),
      at,
      failedAt,
      duration,
      endsAt,
      source,
      state: 'open',
      changedAt: at,
    });
  }

  /** A new ban says that the one before has ended. */
  private endBefore(jail: string, address: Network, at: number): void {
    const last = this.last(jail, address.toString());
    if (!last || last.state === 'ended') return;
    if (last.endsAt !== null && last.endsAt <= at + endSlackMs) {
      this.unban(jail, address, Math.min(last.endsAt, at), 'expired', last);
    } else if (last.state === 'suspended') {
      this.unban(jail, address, last.changedAt, at - last.changedAt <= atOnceMs ? 'manual' : 'unknown', last);
    }
  }

  private unban(
    jail: string,
    address: Network,
    wanted: number,
    cause: UnbanCause,
    last: LastBan | undefined,
    lagMs = 0,
  ): void {
    // No ban ends before it was made, also when its time had to be moved.
    const at = last && wanted < last.at && last.at - wanted < 5 ? last.at : wanted;
    const asker =
      cause === 'bangui' ? this.intents.find({ kind: 'unban', jail, address, at, noticedWithinMs: lagMs }) : undefined;
    this.events.push({
      jail,
      address,
      action: 'unban',
      at,
      failedAt: null,
      duration: null,
      banCount: null,
      failures: null,
      matches: noMatches,
      origin: originOf(jail),
      cause,
      actor: asker?.actor ?? null,
      reason: asker?.reason ?? null,
    });
    if (last) this.change({ ...last, state: 'ended', changedAt: at });
  }

  private change(ban: LastBan): void {
    this.changed.set(banKey(ban.jail, ban.address), ban);
  }
}

/** Whether a line of the log is of a ban that the database or a list has told of already. */
function isOfSameBan(last: LastBan, at: number, row: BanRow | undefined): boolean {
  if (last.source === 'log' || last.failedAt === null) return false;
  if (row && row.failedAt > last.failedAt + 1) return false;
  const wasEndedBefore = last.state === 'ended' && last.changedAt <= at;
  return !wasEndedBefore && last.failedAt * 1000 <= at + roundingMs + 1_000;
}

function isLifted({ state, changedAt, endsAt }: LastBan): boolean {
  return state === 'ended' && (endsAt === null || changedAt < endsAt - endSlackMs);
}

/** Why the log tells an unban before the end of the ban. */
function liftedBy(last: LastBan | undefined, at: number, evidence: RowEvidence): UnbanCause | 'suspended' {
  if (evidence === 'unknown') return last ? 'suspended' : 'unknown';
  // Without a duration the ban's row was never seen, so that its absence says nothing.
  if (evidence === null) return last && last.duration !== null ? 'manual' : 'unknown';
  const isOfLaterBan =
    evidence.failedAt * 1000 > at + roundingMs ||
    (last !== undefined && last.failedAt !== null && evidence.failedAt > last.failedAt + 1);
  if (isOfLaterBan) return 'manual';
  if (evidence.duration >= 0 && (evidence.failedAt + evidence.duration) * 1000 <= at + endSlackMs) return 'expired';
  // The row stays for the next start: not the ban was lifted, but its jail or the server was stopped.
  return 'suspended';
}

function originOf(jail: string): 'selfblock' | 'blocklist' {
  return jail === blocklistJail ? 'blocklist' : 'selfblock';
}
