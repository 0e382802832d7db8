import { createHash } from 'node:crypto';
import { AddressSet } from '@bangui/ip';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { defineEvent, EventBus } from '../../../core/events/event-bus.ts';
import { defineTopic, InstanceBus, membersOf } from '../../../core/instances/index.ts';
import { release } from '../../../core/database/handed-over.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { Allowlist, allowlistChanged } from '../../allowlist/index.ts';
import { ImportThread } from '../run/import-thread.ts';
import { SnapshotsRepository } from '../store/snapshots.repository.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { keptGenerations, type WantedHead, WantedRepository } from '../store/wanted.repository.ts';

/** The set to enforce is another one. */
export interface WantedChanged {
  readonly generation: number;
  /** SHA-256 of the blocked set. */
  readonly hash: string;
  readonly addedRanges: number;
  readonly removedRanges: number;
}

/** Told on every instance, whichever one made the new set. */
export const wantedChanged = defineEvent<WantedChanged>('wanted-changed');

const wantedNews = defineTopic<{ readonly generation: number }>('blocklist-wanted', (payload) => {
  const { generation } = membersOf(payload);
  return typeof generation === 'number' && Number.isSafeInteger(generation) ? { generation } : undefined;
});

/** The set to enforce. */
export interface WantedSet {
  /** Grows with each change; 0 while there is no list. */
  readonly generation: number;
  /** SHA-256 of `blocked`. */
  readonly hash: string;
  /** Everything that is to be blocked; nobody of `allowed` is in it. */
  readonly blocked: AddressSet;
  /** Who is let through whatever else is said. */
  readonly allowed: AddressSet;
}

/** What leads from one generation to another. */
export interface WantedDelta {
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the newest blocked set. */
  readonly hash: string;
  readonly added: AddressSet;
  readonly removed: AddressSet;
  /** Whether the same are let through as in the earlier generation. */
  readonly isAllowedSame: boolean;
}

/** A set is kept in memory for so many milliseconds after it was last asked for. */
const keptMs = 60_000;
/** How often a new set is made anew because another instance was faster. */
const maxAttempts = 5;
/** Name under which the thread asks for the newest generation; a feed's is its id. */
const newestSet = 'newest';

/** Keeps the set to enforce: the union of the enabled sources without the allowlist. */
@Injectable()
export class Wanted implements OnModuleInit {
  private kept: WantedSet | undefined;
  private forget: NodeJS.Timeout | undefined;
  private refreshing: Promise<boolean> | undefined;
  private isRefreshedAgain = false;
  private told = 0;

  constructor(
    private readonly repository: WantedRepository,
    private readonly sources: SourcesRepository,
    private readonly snapshots: SnapshotsRepository,
    private readonly allowlist: Allowlist,
    private readonly thread: ImportThread,
    private readonly events: EventBus,
    private readonly bus: InstanceBus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on(allowlistChanged, () => this.refreshSoon());
    const look = (): void => {
      this.tellNewest().catch((error: unknown) => this.log.warn(logEvents.wantedNotMade, { error }));
    };
    this.bus.on(wantedNews, { take: look, readAgain: look });
  }

  /** The newest generation without its addresses; undefined while there is none. */
  head(): Promise<WantedHead | undefined> {
    return this.repository.newest();
  }

  /** The set as it is to be enforced now. */
  async current(): Promise<WantedSet> {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const head = await this.repository.newest();
      if (!head)
        return {
          generation: 0,
          hash: AddressSet.empty.contentHash(),
          blocked: AddressSet.empty,
          allowed: AddressSet.empty,
        };
      if (this.kept?.generation === head.generation) return this.keep(this.kept);
      const packed = await this.repository.packed(head.generation);
      // Another generation came in between.
      if (!packed) continue;
      const { generation, contentHash: hash } = head;
      return this.keep({ generation, hash, blocked: decoded(packed.blocked), allowed: decoded(packed.allowed) });
    }
    throw new Error('The set to enforce changes faster than it can be read.');
  }

  /** What leads from an earlier generation to the newest one; undefined when the earlier one is too long ago or unknown. */
  async deltaSince(generation: number): Promise<WantedDelta | undefined> {
    const head = await this.repository.newest();
    if (!head || generation > head.generation || generation < 1) return undefined;
    const steps = await this.repository.steps(generation, head.generation);
    if (steps.length !== head.generation - generation) return undefined;
    let added = AddressSet.empty;
    let removed = AddressSet.empty;
    for (const step of steps) {
      const came = decoded(step.added);
      const went = decoded(step.removed);
      // What came and went again in between changes nothing, and the other way round.
      [added, removed] = [
        added.subtract(went).union(came.subtract(removed)),
        removed.subtract(came).union(went.subtract(added)),
      ];
    }
    const isAllowedSame = (await this.repository.allowedHash(generation)) === head.allowedHash;
    return { from: generation, to: head.generation, hash: head.contentHash, added, removed, isAllowedSame };
  }

  /** Makes the set anew, soon, without anybody waiting for it. A failure leaves the set as it is and is logged. */
  refreshSoon(): void {
    this.refresh().catch((error: unknown) => this.log.error(logEvents.wantedNotMade, { error }));
  }

  /**
   * Makes the set anew if anything it is made of has changed.
   * @returns whether there is a new generation
   * @throws AllowlistUnreadable when it is not known who is to be let through; the set then stays as it is
   */
  refresh(): Promise<boolean> {
    if (this.refreshing) {
      this.isRefreshedAgain = true;
      return this.refreshing;
    }
    this.refreshing = this.refreshAll().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async refreshAll(): Promise<boolean> {
    let isNew = false;
    for (let isAgain = true; isAgain; isAgain = this.takeRequest()) {
      isNew = (await this.refreshOnce()) || isNew;
    }
    return isNew;
  }

  /** Whether it was asked for while it was made: what it was made of may have changed since. */
  private takeRequest(): boolean {
    const isAgain = this.isRefreshedAgain;
    this.isRefreshedAgain = false;
    return isAgain;
  }

  private async refreshOnce(): Promise<boolean> {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const done = await this.attempt();
      if (done !== undefined) return done;
    }
    throw new Error('The set to enforce could not be made: what it is made of changes too fast.');
  }

  /** @returns undefined when something it was made of is gone by now */
  private async attempt(): Promise<boolean | undefined> {
    const newest = await this.repository.newest();
    const [allowed, lists] = await Promise.all([this.readAllowed(), this.enabledLists()]);
    const allowedHash = allowed.contentHash();
    const inputsHash = createHash('sha256')
      .update([allowedHash, ...lists.map(({ contentHash }) => contentHash).toSorted()].join('\n'))
      .digest('hex');
    if (newest ? newest.inputsHash === inputsHash : lists.length === 0) return false;
    const input = {
      lists: lists.map(({ id }) => id),
      allowed: allowed.encode(),
      previous: newest && newestSet,
    };
    const host = {
      stored: async (name: string) =>
        newest && name === newestSet
          ? (await this.repository.packed(newest.generation))?.blocked
          : this.snapshots.packed(name),
      progress: () => undefined,
    };
    const output = await this.thread.run('wanted', input, { host });
    if (!output) return undefined;
    if (newest?.contentHash === output.hash && newest.allowedHash === allowedHash) {
      await this.repository.confirmInputs(newest.generation, inputsHash);
      return false;
    }
    const generation = (newest?.generation ?? 0) + 1;
    const head = { generation, contentHash: output.hash, allowedHash, inputsHash, at: this.clock.now() };
    const isAdded = await this.repository.add({ head, output, allowed: input.allowed });
    for (const packed of [output.blocked, output.added, output.removed]) release(packed);
    if (!isAdded) return undefined;
    const { hash, addedRanges, removedRanges } = output;
    this.tell({ generation, hash, addedRanges, removedRanges });
    this.bus.publish(wantedNews, { generation });
    return true;
  }

  private async readAllowed(): Promise<AddressSet> {
    return AddressSet.of(await this.allowlist.inForce());
  }

  private async enabledLists(): Promise<{ id: string; contentHash: string }[]> {
    const [sources, heads] = await Promise.all([this.sources.all(), this.snapshots.heads()]);
    const enabled = new Set(sources.filter(({ isEnabled }) => isEnabled).map(({ id }) => id));
    return heads.filter(({ sourceId, state }) => state === 'current' && enabled.has(sourceId));
  }

  private async tellNewest(): Promise<void> {
    const head = await this.repository.newest();
    if (head) this.tell({ ...head, hash: head.contentHash });
  }

  private tell({ generation, hash, addedRanges, removedRanges }: WantedChanged): void {
    if (generation <= this.told) return;
    this.told = generation;
    this.events.emit(wantedChanged, { generation, hash, addedRanges, removedRanges });
  }

  private keep(set: WantedSet): WantedSet {
    this.kept = set;
    clearTimeout(this.forget);
    this.forget = setTimeout(() => {
      this.kept = undefined;
    }, keptMs).unref();
    return set;
  }
}

/** Generations that {@link Wanted.deltaSince} can start from, counted back from the newest. */
export const recentGenerations = keptGenerations - 1;

function decoded(packed: Uint8Array): AddressSet {
  const set = AddressSet.decode(packed);
  if (!set) throw new Error('A stored set of addresses cannot be read.');
  return set;
}
