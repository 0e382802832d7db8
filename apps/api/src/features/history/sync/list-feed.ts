import { isJailName } from '@bangui/fail2ban';
import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { type BanRecord, type BansChanged, BansSnapshot, BansWatcher } from '../../bans/index.ts';
import { Fail2banWatcher } from '../../server/index.ts';
import { type BanLedger, type FactOutcome, type ListedBan, type RowEvidence } from './ban-ledger.ts';
import { Fail2banDatabase } from './fail2ban-database.ts';
import { banKey, type LastBan } from './last-ban.ts';
import { type FeedProgress } from './log-feed.ts';
import { SyncStore } from './sync-store.ts';
import { SyncRepository } from './sync.repository.ts';

/** Log and database have this long to tell what a list shows, in milliseconds. */
const patienceMs = 2_500;
/** A ban whose time is over goes on being one for this long without anybody telling its end, in milliseconds. */
const overdueMs = 60_000;
/** Changes worked on in one transaction. */
const batchClaims = 1_000;
/** Changes remembered at most; what is lost here the next comparison finds. */
const maxClaims = 200_000;

/** What can be read beside the lists. */
export interface OtherSources {
  readonly hasLog: boolean;
  /** Path of a database that can be read; null without one. */
  readonly database: string | null;
  /** Up to when log, or else database, have told what they know, in monotonic milliseconds. */
  readonly readAt: number;
}

/** A list changed, and the archive must have it in the end. */
interface Claim {
  readonly kind: 'added' | 'removed';
  readonly jail: string;
  /** As fail2ban writes it. */
  readonly text: string;
  readonly address: Network;
  readonly ban: ListedBan;
  /** Epoch milliseconds. */
  readonly noticedAt: number;
  /** Monotonic milliseconds. */
  readonly since: number;
  /** True when it was found by comparing, so that nothing needs to have happened just now. */
  readonly isCompared: boolean;
}

/** Feeds the archive from the lists of bans in force: with what neither log nor database tell. */
@Injectable()
export class ListFeed {
  private claims: Claim[] = [];

  constructor(
    private readonly snapshot: BansSnapshot,
    private readonly lists: BansWatcher,
    private readonly server: Fail2banWatcher,
    private readonly database: Fail2banDatabase,
    private readonly repository: SyncRepository,
    private readonly store: SyncStore,
    private readonly clock: Clock,
  ) {}

  /** A list was read and is another one. */
  notice({ added, removed }: BansChanged): void {
    for (const ban of removed) this.claim('removed', listedOf(ban));
    for (const ban of added) this.claim('added', listedOf(ban));
  }

  /** The list must have these bans soon, or they have ended already. */
  expect(bans: readonly ListedBan[]): void {
    for (const ban of bans) this.claim('removed', ban, true);
  }

  /** Works on the changes whose time has come. */
  async turn(sources: OtherSources): Promise<FeedProgress> {
    // Not by the clock alone: on a busy machine the others may not have been read for long.
    const isDue = (claim: Claim): boolean => sources.readAt - claim.since >= patienceFor(claim, sources);
    const due = this.claims.filter(isDue).slice(0, batchClaims);
    if (due.length === 0) return this.claims.length > 0 ? 'waiting' : 'done';
    const ledger = await this.store.ledgerFor(
      due.map(({ jail, address, noticedAt }) => ({ jail, address: address.toString(), at: noticedAt })),
    );
    if (!(await this.lookAgain(ledger, due, sources))) return 'waiting';
    const evidence = await this.evidenceFor(ledger, due, sources);
    const moved = new Map<string, number>();
    for (const claim of due) {
      if (this.settle(ledger, claim, sources, evidence) !== 'silent') continue;
      moved.set(claim.jail, (moved.get(claim.jail) ?? 0) + 1);
    }
    if (ledger.events.length > 0 || ledger.changes.length > 0) await this.store.store(ledger, {});
    this.store.tellMoved(moved);
    const settled = new Set(due);
    this.claims = this.claims.filter((claim) => !settled.has(claim));
    return this.claims.some(isDue) ? 'more' : this.claims.length > 0 ? 'waiting' : 'done';
  }

  /** Compares everything in force with everything the archive has in force; differences are settled in later turns. */
  async compare(): Promise<void> {
    if (this.server.state.isOnline) {
      const jails = new Set([...(await this.repository.jailsWithBans()), ...this.server.jails.keys()]);
      for (const jail of jails) {
        if (!this.server.jails.has(jail) || !this.lists.isSettled(jail)) continue;
        // The list may be older than the latest bans.
        await this.compareEnded(jail, this.clock.now() - overdueMs / 2);
        await this.compareBegun(jail);
      }
    }
    await this.endOverdue();
  }

  private async compareEnded(jail: string, until: number): Promise<void> {
    for (let after = ''; ;) {
      const bans = await this.repository.unended(jail, after, batchClaims);
      for (const ban of bans) {
        const isMissing = ban.changedAt < until && !this.isInForce(jail, ban.address);
        if (isMissing) this.claim('removed', listedOfLast(ban), true);
      }
      const last = bans.at(-1);
      if (!last || bans.length < batchClaims) return;
      after = last.address;
    }
  }

  private async compareBegun(jail: string): Promise<void> {
    const all = [...this.snapshot.ofJail(jail).values()];
    for (let start = 0; start < all.length; start += batchClaims) {
      const part = all.slice(start, start + batchClaims);
      const known = await this.repository.lastBans(part.map(({ address }) => ({ jail, address })));
      for (const ban of part) {
        if (known.get(banKey(jail, ban.address))?.state !== 'open') this.claim('added', listedOf(ban), true);
      }
    }
  }

  /** Bans that ended while nobody looked, for example because fail2ban was away. */
  private async endOverdue(): Promise<void> {
    for (;;) {
      const overdue = await this.repository.overdue(this.clock.now() - overdueMs, batchClaims);
      const over = overdue.filter(({ jail, address }) => !this.isInForce(jail, address));
      if (over.length === 0) return;
      const ledger = await this.store.ledgerFor([]);
      for (const last of over) {
        const address = Network.parse(last.address);
        if (address) ledger.expire(last, address);
      }
      await this.store.store(ledger, {});
      if (over.length < overdue.length || overdue.length < batchClaims) return;
    }
  }

  private isInForce(jail: string, address: string): boolean {
    return this.snapshot.ofJail(jail).has(address);
  }

  private claim(kind: Claim['kind'], ban: ListedBan, isCompared = false): void {
    const address = isJailName(ban.jail) ? Network.parse(ban.address) : undefined;
    if (!address || this.claims.length >= maxClaims) return;
    const { jail, address: text } = ban;
    const noticedAt = this.clock.now();
    this.claims.push({ kind, jail, text, address, ban, noticedAt, since: this.clock.monotonic(), isCompared });
  }

  private settle(
    ledger: BanLedger,
    { kind, jail, text, address, ban, isCompared, ...claim }: Claim,
    { hasLog, database }: OtherSources,
    evidence: ReadonlyMap<string, RowEvidence>,
  ): FactOutcome {
    const hasOther = hasLog || database !== null;
    // What was found by comparing is known since the list was read again.
    const noticedAt = isCompared ? this.clock.now() : claim.noticedAt;
    const isInForce = this.isInForce(jail, text);
    if (kind === 'added') {
      // Over already: whoever else tells it, does.
      if (hasOther && !isInForce) return 'nothing';
      return ledger.listBan(ban, address, hasOther || isCompared ? undefined : noticedAt);
    }
    if (hasOther && isInForce) return 'nothing';
    // Its jail was stopped; it comes back with it.
    if (!this.server.jails.has(jail)) return ledger.suspend(jail, address, noticedAt);
    const known = evidence.get(banKey(jail, text));
    return ledger.listEnd(
      jail,
      address,
      noticedAt,
      known === undefined ? 'unknown' : known,
      this.server.state.startedAt,
    );
  }

  /**
   * A list may be older than what log and database have told: it is read again before a ban counts as ended. Resolves to
   * false when fail2ban does not answer; then the claims wait.
   */
  private async lookAgain(
    ledger: BanLedger,
    due: readonly Claim[],
    { hasLog, database }: OtherSources,
  ): Promise<boolean> {
    const doubtful = due.filter(
      (claim) => (hasLog || database !== null || claim.isCompared) && this.wouldEnd(ledger, claim),
    );
    const jails = new Set(doubtful.map(({ jail }) => jail).filter((jail) => this.server.jails.has(jail)));
    if (jails.size === 0) return true;
    try {
      await this.lists.refresh(jails);
      return true;
    } catch {
      // Whatever it was, the next turn tries again, or fail2ban is away and nothing of it has ended by that.
      const now = this.clock.monotonic();
      this.claims = this.claims.map((claim) => (due.includes(claim) ? { ...claim, since: now } : claim));
      return false;
    }
  }

  private wouldEnd(ledger: BanLedger, { kind, jail, address, text }: Claim): boolean {
    if (kind === 'added' || this.isInForce(jail, text)) return false;
    const last = ledger.last(jail, address.toString());
    return last !== undefined && last.state !== 'ended';
  }

  /** What the database says about bans that lists no longer have. */
  private async evidenceFor(
    ledger: BanLedger,
    due: readonly Claim[],
    { database }: OtherSources,
  ): Promise<ReadonlyMap<string, RowEvidence>> {
    if (database === null) return new Map();
    const ended = due.filter((claim) => this.wouldEnd(ledger, claim));
    const keys = ended.map(({ jail, text }) => ({ jail, address: text }));
    const answers = await this.database.rowsOf(database, keys).catch(() => []);
    return new Map(
      answers.map((answer, index) => [banKey(keys[index]?.jail ?? '', keys[index]?.address ?? ''), answer.last]),
    );
  }
}

/** The log tells everything, the database what began. */
function patienceFor({ kind, isCompared }: Claim, { hasLog, database }: OtherSources): number {
  if (hasLog || isCompared) return patienceMs;
  return database !== null && kind === 'added' ? patienceMs : 0;
}

function listedOf({ jail, address, bannedAt, duration }: BanRecord): ListedBan {
  return { jail, address, failedAt: Math.round(bannedAt / 1000), duration };
}

function listedOfLast({ jail, address, at, failedAt, duration }: LastBan): ListedBan {
  return { jail, address, failedAt: failedAt ?? Math.round(at / 1000), duration: duration ?? -1 };
}
