import { randomUUID } from 'node:crypto';
import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Clock } from '../../../core/clock.ts';
import { Database } from '../../../core/database/database.ts';
import { EventBus } from '../../../core/events/event-bus.ts';
import { grouped } from '../../../core/grouped.ts';
import { type FieldProblem } from '../../../core/http/app-error.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { AuditTrail } from '../../audit/index.ts';
import { BansSnapshot, networksOf, overlappingBans, readLines, shortestPrefix } from '../../bans/index.ts';
import { ServerChanges } from '../../server/index.ts';
import {
  allowlistChanged,
  AllowlistEntryEntity,
  AllowlistEntryUnknown,
  AllowlistFull,
  AllowlistRefused,
  AllowlistRepository,
  AlreadyAllowlisted,
  boundsOf,
  maxEntries,
  maxPushed,
  TooManyPushed,
} from '../index.ts';
import {
  type AddedAllowlistEntries,
  type AllowlistEntry,
  type AllowlistEntryChange,
  type AllowlistPage,
  type AllowlistQuery,
  type NewAllowlistEntries,
} from './entries.dto.ts';
import { IgnoreLists } from './ignore-lists.ts';

/** Networks that one request may add. */
const maxAdded = 100;
/** Bans listed of those that are in force although their address was added. */
const maxListed = 100;
/** An answer waits this long for the jails to be told, in milliseconds. */
const patienceMs = 3_000;

/** Lists and edits the allowlist. Every change is in the audit log, and the jails are told. */
@Injectable()
export class AllowlistEntriesService {
  constructor(
    private readonly repository: AllowlistRepository,
    private readonly database: Database,
    private readonly bans: BansSnapshot,
    private readonly ignoreLists: IgnoreLists,
    private readonly changes: ServerChanges,
    private readonly audit: AuditTrail,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async page({ q, ...query }: AllowlistQuery): Promise<AllowlistPage> {
    const text = q?.trim() ?? '';
    const network = Network.parseLoose(text);
    const filter = network ? { network } : { text: text === '' ? undefined : text };
    const { items, nextCursor } = await this.repository.page(query, filter);
    return { items: items.map((entry) => this.shown(entry)), nextCursor, problems: this.ignoreLists.problems() };
  }

  /**
   * Adds all of them or, when one is refused, none.
   * @throws {AddressInvalid | AllowlistRefused | AlreadyAllowlisted | AllowlistFull | TooManyPushed}
   */
  async add(request: NewAllowlistEntries, requester: Requester): Promise<AddedAllowlistEntries> {
    const { addresses } = request;
    let added: AllowlistEntryEntity[] = [];
    let networks: Network[] = [];
    const record = { action: 'allowlist.create', subject: addresses.join(', '), requester, detail: { addresses } };
    await this.changes.carryOut(record, async () => {
      networks = this.checked(request);
      added = networks.map((network) => this.newEntry(network, request, requester));
      await this.database.write((manager) => this.insert(manager, added, addresses));
      return { outcome: { added: added.length }, after: { entries: added.map(audited) } };
    });
    await this.told();
    const banned = overlappingBans(this.bans.newestFirst(), networks);
    return {
      items: added.map((entry) => this.shown(entry)),
      stillBanned: banned.slice(0, maxListed).map(({ jail, address }) => ({ jail, address })),
      stillBannedCount: banned.length,
    };
  }

  /** @throws {AllowlistEntryUnknown | AllowlistRefused | TooManyPushed} */
  async change(id: string, change: AllowlistEntryChange, requester: Requester): Promise<AllowlistEntry> {
    const changed = new AllowlistEntryEntity();
    const subject = await this.subjectOf(id);
    await this.changes.carryOut({ action: 'allowlist.update', subject, requester }, async () => {
      if (change.expiresAt !== undefined) this.refusePast(change.expiresAt);
      const before = await this.database.write(async (manager) => {
        await this.database.exclusively(manager, 'allowlist');
        const entry = await this.repository.byId(id, manager);
        if (!entry) throw new AllowlistEntryUnknown();
        Object.assign(changed, entry, {
          note: change.note?.trim() ?? entry.note,
          expiresAt: change.expiresAt === undefined ? entry.expiresAt : change.expiresAt,
          isPushedToFail2ban: change.isPushedToFail2ban ?? entry.isPushedToFail2ban,
          changedAt: this.clock.now(),
        });
        if (changed.isPushedToFail2ban && !entry.isPushedToFail2ban) await this.refuseTooManyPushed(manager, 1);
        await this.repository.change(manager, changed);
        return entry;
      });
      return { outcome: {}, before: audited(before), after: audited(changed) };
    });
    await this.told();
    return this.shown(changed);
  }

  /** @throws {AllowlistEntryUnknown} */
  async remove(id: string, requester: Requester): Promise<void> {
    const subject = await this.subjectOf(id);
    await this.changes.carryOut({ action: 'allowlist.delete', subject, requester }, async () => {
      const before = await this.database.write(async (manager) => {
        const entry = await this.repository.byId(id, manager);
        if (!entry) throw new AllowlistEntryUnknown();
        await this.repository.remove(manager, [id]);
        return entry;
      });
      return { outcome: {}, before: audited(before) };
    });
    await this.told();
  }

  /** Removes what has expired, in short transactions, until nothing is left or `signal` aborts. Resolves to their number. */
  async removeExpired(signal: AbortSignal): Promise<number> {
    const requester = { username: 'clean-up', address: 'local', requestId: 'clean-up' };
    let removed = 0;
    while (!signal.aborted) {
      const expired = await this.repository.removeExpired(this.clock.now());
      if (expired.length === 0) break;
      removed += expired.length;
      for (const entry of expired) {
        const event = { requester, action: 'allowlist.expire', subject: entry.address, before: audited(entry) };
        await this.audit.record({ ...event, outcome: 'succeeded' });
      }
    }
    if (removed > 0) this.events.emit(allowlistChanged, undefined);
    return removed;
  }

  /** What the audit log calls an entry. */
  private async subjectOf(id: string): Promise<string> {
    return (await this.repository.byId(id, this.database.read.manager))?.address ?? id;
  }

  private checked({ addresses, expiresAt }: NewAllowlistEntries): Network[] {
    this.refusePast(expiresAt);
    const lines = readLines(addresses);
    const networks = networksOf(lines);
    const problems = lines.flatMap(({ input, networks: some }, index): FieldProblem[] => {
      const broad = some.find(({ prefix, family }) => prefix < shortestPrefix[family]);
      if (!broad) return [];
      const value = input.trim();
      const message = `${value} is too broad: wider than /${shortestPrefix[broad.family]} is refused.`;
      return [{ field: `addresses.${index}`, message, code: 'too-broad', params: { value } }];
    });
    if (networks.length > maxAdded) {
      const message = `must not stand for more than ${grouped(maxAdded)} networks`;
      problems.push({ field: 'addresses', message, code: 'too-many-addresses', params: { limits: [maxAdded] } });
    }
    if (problems.length > 0) throw new AllowlistRefused(problems);
    return networks;
  }

  private async insert(
    manager: EntityManager,
    added: readonly AllowlistEntryEntity[],
    inputs: readonly string[],
  ): Promise<void> {
    await this.database.exclusively(manager, 'allowlist');
    const known = await this.repository.known(
      manager,
      added.map(({ address }) => address),
    );
    const now = this.clock.now();
    // An expired entry protects nobody; the new one takes its place.
    const expired = known.filter((entry) => isExpired(entry, now));
    const present = known.filter((entry) => !isExpired(entry, now));
    if (present.length > 0) throw new AlreadyAllowlisted(presentProblems(present, inputs));
    if ((await this.repository.count(manager)) + added.length - expired.length > maxEntries) {
      throw new AllowlistFull(maxEntries);
    }
    if (expired.length > 0)
      await this.repository.remove(
        manager,
        expired.map(({ id }) => id),
      );
    if (added[0]?.isPushedToFail2ban) await this.refuseTooManyPushed(manager, added.length);
    await this.repository.add(manager, added);
  }

  private async refuseTooManyPushed(manager: EntityManager, more: number): Promise<void> {
    if ((await this.repository.countPushed(manager)) + more > maxPushed) throw new TooManyPushed(maxPushed);
  }

  private refusePast(expiresAt: number | null | undefined): void {
    if (typeof expiresAt !== 'number' || expiresAt > this.clock.now()) return;
    throw new AllowlistRefused([{ field: 'expiresAt', message: 'must be in the future', code: 'expires-in-past' }]);
  }

  private newEntry(network: Network, request: NewAllowlistEntries, { username }: Requester): AllowlistEntryEntity {
    const now = this.clock.now();
    return Object.assign(new AllowlistEntryEntity(), {
      id: randomUUID(),
      address: network.toString(),
      ...boundsOf(network),
      note: request.note?.trim() ?? '',
      owner: username,
      createdAt: now,
      changedAt: now,
      expiresAt: request.expiresAt ?? null,
      isPushedToFail2ban: request.isPushedToFail2ban ?? false,
    });
  }

  /** Tells who follows the allowlist, and waits a little so that the answer says what the jails made of it. */
  private async told(): Promise<void> {
    this.events.emit(allowlistChanged, undefined);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([this.ignoreLists.apply(), patience]);
    clearTimeout(timer);
  }

  private shown(entry: AllowlistEntryEntity): AllowlistEntry {
    const { id, address, note, owner, createdAt, changedAt, expiresAt, isPushedToFail2ban } = entry;
    const isOver = isExpired(entry, this.clock.now());
    const jails = isPushedToFail2ban && !isOver ? this.ignoreLists.jailsOf(address) : [];
    return { id, address, note, owner, createdAt, changedAt, expiresAt, isExpired: isOver, isPushedToFail2ban, jails };
  }
}

function isExpired({ expiresAt }: AllowlistEntryEntity, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** An entry as the audit log keeps it. */
function audited({
  address,
  note,
  owner,
  expiresAt,
  isPushedToFail2ban,
}: AllowlistEntryEntity): Record<string, unknown> {
  return { address, note, owner, expiresAt, isPushedToFail2ban };
}

/** For each line that stands for something present. */
function presentProblems(present: readonly AllowlistEntryEntity[], inputs: readonly string[]): FieldProblem[] {
  const known = new Set(present.map(({ address }) => address));
  return readLines(inputs).flatMap(({ input, networks }, index): FieldProblem[] => {
    if (!networks.some((network) => known.has(network.toString()))) return [];
    const value = input.trim();
    const message = `${value} is on the allowlist already`;
    return [{ field: `addresses.${index}`, message, code: 'already-allowlisted', params: { value } }];
  });
}
