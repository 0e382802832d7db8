import { performance } from 'node:perf_hooks';
import { AddressSet, type Family } from '@bangui/ip';
import { applyDifference } from './apply-difference.ts';
import { Iptables } from './firewall/iptables.ts';
import { Ipset, type SetHeader } from './ipset/ipset.ts';
import { countChanges, expectedEntries, fullLoad, type Expected, type Sides } from './ipset/loads.ts';
import { missingSamples } from './ipset/samples.ts';
import {
  allowSet,
  blockList,
  FAMILIES,
  hostSet,
  isOurs,
  networkSet,
  nextOf,
  otherSide,
  type Side,
} from './ipset/set-names.ts';
import { LoadCosts } from './load-costs.ts';
import { type Programs } from './programs.ts';
import { type Applied, type Applier, type Drift, type KernelState, type WantedSet } from './wanted-set.ts';

/** The kernel does not hold what was given to it a moment ago. */
export class NotApplied extends Error {
  constructor(drift: readonly Drift[]) {
    super(`The kernel does not hold what was loaded: ${drift.join(', ')} differ.`);
  }
}

/** What this process put into the kernel last. */
interface InForce {
  readonly wanted: WantedSet;
  readonly sides: Sides;
  readonly expected: Expected;
}

/** Keeps a wanted set in the kernel with ipset and iptables; see {@link Applier}. */
export class KernelApplier implements Applier {
  private readonly ipset: Ipset;
  private readonly firewalls: Readonly<Record<Family, Iptables>>;
  private readonly costs: LoadCosts;
  private inForce: InForce | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** @param costs what decides between a full load and a difference */
  constructor(programs: Programs, costs = new LoadCosts()) {
    this.costs = costs;
    this.ipset = new Ipset(programs);
    this.firewalls = { 4: new Iptables(programs, 4), 6: new Iptables(programs, 6) };
  }

  apply(wanted: WantedSet): Promise<Applied> {
    return this.inTurn(() => this.applyNow(wanted));
  }

  inspect(): Promise<{ state: KernelState; drift: Drift[] }> {
    return this.inTurn(() => this.inspectNow());
  }

  remove(): Promise<void> {
    return this.inTurn(async () => {
      this.inForce = undefined;
      for (const family of FAMILIES) await this.firewalls[family].remove();
      await this.destroy([...(await this.ipset.headers()).keys()].filter(isOurs));
    });
  }

  private async applyNow(wanted: WantedSet): Promise<Applied> {
    const startedAt = performance.now();
    // What was in force before this process is not known entry by entry, so the first load is a full one.
    const found = this.inForce ? await this.inspectNow() : undefined;
    const repaired = found?.drift ?? [];
    const before = this.inForce;
    if (
      before &&
      found?.drift.length === 0 &&
      isSame(before.wanted, wanted) &&
      before.wanted.placement === wanted.placement
    ) {
      this.inForce = { ...before, wanted };
      const { generation } = wanted;
      return {
        generation,
        method: 'unchanged',
        changes: 0,
        tookMs: performance.now() - startedAt,
        repaired,
        state: found.state,
      };
    }
    let method: Applied['method'] = 'unchanged';
    let changes = 0;
    if (!before || repaired.some((each) => each !== 'rules')) {
      [method, changes] = ['full', await this.loadAll(wanted)];
    } else if (isSame(before.wanted, wanted)) {
      this.inForce = { ...before, wanted };
    } else {
      [method, changes] = await this.change(before, wanted);
    }
    await this.putRules(wanted);
    const { state, drift } = await this.inspectNow();
    if (drift.length > 0) throw new NotApplied(drift);
    return { generation: wanted.generation, method, changes, tookMs: performance.now() - startedAt, repaired, state };
  }

  /** Fills the idle sets and swaps; gives the number of entries. */
  private async loadAll(wanted: WantedSet): Promise<number> {
    const startedAt = performance.now();
    const headers = await this.ipset.headers();
    const sides = {
      4: otherSide(await this.sideInForce(headers, 4)),
      6: otherSide(await this.sideInForce(headers, 6)),
    };
    // Left behind by a load that was cut.
    await this.destroy(
      FAMILIES.flatMap((family) => idleNames(family, sides[family])).filter((name) => headers.has(name)),
    );
    const expected = expectedEntries(wanted, sides);
    // From here on nothing is known until all is loaded.
    this.inForce = undefined;
    try {
      await this.ipset.restore(fullLoad(wanted, sides, expected, new Set(headers.keys())));
      this.inForce = { wanted, sides, expected };
    } finally {
      await this.destroyIdle(sides);
    }
    const entries = expected.values().reduce((sum, each) => sum + each, 0);
    this.costs.fullLoadTook(performance.now() - startedAt, entries);
    return entries;
  }

  /** Adds and deletes entries where that is cheaper than a full load and fits into the sets. */
  private async change(before: InForce, wanted: WantedSet): Promise<['full' | 'difference', number]> {
    const blocked = { from: before.wanted.blocked, to: wanted.blocked };
    const allowed = { from: before.wanted.allowed, to: wanted.allowed };
    const changes = countChanges([blocked, allowed]);
    const expected = expectedEntries(wanted, before.sides);
    const headers = await this.ipset.headers();
    // Additions come first, so for a moment both the old and the new entries are there.
    const fits = [...expected].every(([name, entries]) => {
      const { maxEntries = 0, entries: present = 0 } = headers.get(name) ?? {};
      return maxEntries === 0 || entries + present <= maxEntries || changes + present <= maxEntries;
    });
    const total = expected.values().reduce((sum, each) => sum + each, 0);
    if (!fits || !this.costs.isDifferenceCheaper(changes, total)) return ['full', await this.loadAll(wanted)];
    const startedAt = performance.now();
    this.inForce = undefined;
    await applyDifference(this.ipset, blocked, allowed, before.sides);
    this.inForce = { wanted, sides: before.sides, expected };
    this.costs.differenceTook(performance.now() - startedAt, changes);
    return ['difference', changes];
  }

  private async putRules(wanted: WantedSet): Promise<void> {
    for (const family of FAMILIES) {
      const firewall = this.firewalls[family];
      if (!(await firewall.inspect(wanted.placement)).isInPlace) await firewall.install(wanted.placement);
    }
  }

  private async inspectNow(): Promise<{ state: KernelState; drift: Drift[] }> {
    const headers = await this.ipset.headers();
    const drift: Drift[] = [];
    const { inForce } = this;
    if (inForce) {
      const isIntact = [...inForce.expected].every(([name, entries]) => headers.get(name)?.entries === entries);
      if (!isIntact || !(await this.areSidesInForce(headers, inForce.sides))) drift.push('sets');
      else if (await missingSamples(this.ipset, inForce.wanted, inForce.sides)) drift.push('entries');
    }
    let droppedPackets = 0;
    let droppedBytes = 0;
    let isInPlace = true;
    for (const family of FAMILIES) {
      const found = await this.firewalls[family].inspect(inForce?.wanted.placement ?? 'raw');
      droppedPackets += found.dropped.packets;
      droppedBytes += found.dropped.bytes;
      isInPlace &&= found.isInPlace;
    }
    if (inForce && !isInPlace) drift.push('rules');
    return { state: { ...(await this.sizes(headers)), droppedPackets, droppedBytes }, drift };
  }

  private async sizes(headers: Map<string, SetHeader>) {
    const entries = (name: string): number => headers.get(name)?.entries ?? 0;
    let blockedEntries = 0;
    for (const family of FAMILIES) {
      const side = await this.sideInForce(headers, family);
      if (side) blockedEntries += entries(hostSet(family, side)) + entries(networkSet(family, side));
    }
    const ours = [...headers.values()].filter(({ name }) => isOurs(name));
    return {
      blockedEntries,
      allowedEntries: entries(allowSet(4)) + entries(allowSet(6)),
      memoryBytes: ours.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    };
  }

  private async areSidesInForce(headers: Map<string, SetHeader>, sides: Sides): Promise<boolean> {
    for (const family of FAMILIES) if ((await this.sideInForce(headers, family)) !== sides[family]) return false;
    return true;
  }

  /** The side that the rule of a family sees; undefined when there is none, or not both of its sets. */
  private async sideInForce(headers: Map<string, SetHeader>, family: Family): Promise<Side | undefined> {
    if (!headers.has(blockList(family))) return undefined;
    const members = await this.ipset.membersOf(blockList(family));
    return (['a', 'b'] as const).find((side) =>
      [hostSet(family, side), networkSet(family, side)].every((name) => members.includes(name)),
    );
  }

  /** Destroys the sets that are not in force on these sides; what is still in use stays until the next load. */
  private async destroyIdle(sides: Sides): Promise<void> {
    const headers = await this.ipset.headers();
    const names: string[] = [];
    for (const family of FAMILIES) {
      const inForce = (await this.sideInForce(headers, family)) ?? sides[family];
      names.push(...idleNames(family, otherSide(inForce)).filter((name) => headers.has(name)));
    }
    await this.destroy(names);
  }

  /** Destroys sets; lists first, because they hold on to their members. */
  private async destroy(names: readonly string[]): Promise<void> {
    const rank = (name: string): number => (/^bangui-(?:block|allow)/.test(name) ? 0 : 1);
    for (const name of names.toSorted((a, b) => rank(a) - rank(b))) await this.ipset.destroy(name);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    // The next one waits for the end of this one, not for its success.
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

function idleNames(family: Family, side: Side): string[] {
  return [nextOf(blockList(family)), nextOf(allowSet(family)), hostSet(family, side), networkSet(family, side)];
}

function isSame(a: WantedSet, b: WantedSet): boolean {
  const isEqual = (left: AddressSet, right: AddressSet): boolean => left === right || left.equals(right);
  return isEqual(a.blocked, b.blocked) && isEqual(a.allowed, b.allowed);
}
