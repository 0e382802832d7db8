import { performance } from 'node:perf_hooks';
import { type Family } from '@bangui/ip';
import { applyDifference } from './apply-difference.ts';
import { Iptables } from './firewall/iptables.ts';
import { Ipset, type SetHeader } from './ipset/ipset.ts';
import { changesBetween, countChanges, expectedEntries, fullLoad, type Expected, type Sides } from './ipset/loads.ts';
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

/** How a wanted set got into the kernel, and what was found not as it was left on the way. */
type Done = Pick<Applied, 'method' | 'changes'> & Partial<Pick<Applied, 'repaired'>>;

/** Sets by name. */
type Headers = ReadonlyMap<string, SetHeader>;

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
    const before = this.inForce;
    // What was in force before this process is not known entry by entry, so the first load is a full one.
    let done: Done = before
      ? await this.change(before, wanted)
      : { method: 'full', changes: await this.loadAll(wanted) };
    if (before?.wanted.placement !== wanted.placement) await this.putRules(wanted);
    let { state, drift } = await this.inspectNow();
    const repaired = new Set([...(done.repaired ?? []), ...drift]);
    if (drift.length > 0) {
      const isLoaded = drift.every((each) => each === 'rules');
      // What was loaded a moment ago, nobody else has changed since.
      if (!before || (!isLoaded && done.method === 'full')) throw new NotApplied(drift);
      if (!isLoaded) done = { method: 'full', changes: await this.loadAll(wanted) };
      await this.putRules(wanted);
      ({ state, drift } = await this.inspectNow());
      if (drift.length > 0) throw new NotApplied(drift);
    }
    const { method, changes } = done;
    const tookMs = performance.now() - startedAt;
    return { generation: wanted.generation, method, changes, tookMs, repaired: [...repaired], state };
  }

  /** Fills the idle sets and swaps; gives the number of entries. */
  private async loadAll(wanted: WantedSet): Promise<number> {
    const startedAt = performance.now();
    const headers = await this.ipset.headers();
    const found = await this.sidesInForce(headers);
    const sides = { 4: otherSide(found[4]), 6: otherSide(found[6]) };
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
  private async change(before: InForce, wanted: WantedSet): Promise<Done> {
    const changes = changesBetween(before.wanted, wanted);
    const { count, expected } = countChanges(changes, before.expected, before.sides);
    if (count === 0) {
      this.inForce = { ...before, wanted };
      return { method: 'unchanged', changes: 0 };
    }
    const headers = await this.ipset.headers();
    // A difference would build on what somebody else has changed.
    if (!isIntact(headers, before.expected))
      return { method: 'full', changes: await this.loadAll(wanted), repaired: ['sets'] };
    // Additions come first, so for a moment both the old and the new entries are there.
    const fits = [...expected].every(([name, entries]) => {
      const { maxEntries = 0, entries: present = 0 } = headers.get(name) ?? {};
      return maxEntries === 0 || entries + present <= maxEntries || count + present <= maxEntries;
    });
    const total = expected.values().reduce((sum, each) => sum + each, 0);
    if (!fits || !this.costs.isDifferenceCheaper(count, total))
      return { method: 'full', changes: await this.loadAll(wanted) };
    const startedAt = performance.now();
    this.inForce = undefined;
    await applyDifference(this.ipset, changes, before.sides);
    this.inForce = { wanted, sides: before.sides, expected };
    this.costs.differenceTook(performance.now() - startedAt, count);
    return { method: 'difference', changes: count };
  }

  private async putRules(wanted: WantedSet): Promise<void> {
    for (const family of FAMILIES) {
      const firewall = this.firewalls[family];
      if (!(await firewall.inspect(wanted.placement)).isInPlace) await firewall.install(wanted.placement);
    }
  }

  private async inspectNow(): Promise<{ state: KernelState; drift: Drift[] }> {
    const [sets, rules] = await Promise.all([this.inspectSets(), this.inspectRules()]);
    return { state: { ...sets.state, ...rules.state }, drift: [...sets.drift, ...rules.drift] };
  }

  private async inspectSets() {
    const headers = await this.ipset.headers();
    const found = await this.sidesInForce(headers);
    const drift: Drift[] = [];
    const { inForce } = this;
    if (inForce) {
      const { expected, sides, wanted } = inForce;
      if (!isIntact(headers, expected) || found[4] !== sides[4] || found[6] !== sides[6]) drift.push('sets');
      else if (await missingSamples(this.ipset, wanted, sides)) drift.push('entries');
    }
    return { state: sizes(headers, found), drift };
  }

  private async inspectRules() {
    const { inForce } = this;
    let droppedPackets = 0;
    let droppedBytes = 0;
    let isInPlace = true;
    for (const family of FAMILIES) {
      const found = await this.firewalls[family].inspect(inForce?.wanted.placement ?? 'raw');
      droppedPackets += found.dropped.packets;
      droppedBytes += found.dropped.bytes;
      isInPlace &&= found.isInPlace;
    }
    const drift: Drift[] = inForce && !isInPlace ? ['rules'] : [];
    return { state: { droppedPackets, droppedBytes }, drift };
  }

  /** The side that the rule of each family sees; undefined when there is none, or not both of its sets. */
  private async sidesInForce(headers: Headers): Promise<Readonly<Record<Family, Side | undefined>>> {
    const lists = FAMILIES.map(blockList).filter((name) => headers.has(name));
    const members = await this.ipset.membersOf(lists);
    const sideOf = (family: Family): Side | undefined =>
      (['a', 'b'] as const).find((side) =>
        [hostSet(family, side), networkSet(family, side)].every((name) =>
          members.get(blockList(family))?.includes(name),
        ),
      );
    return { 4: sideOf(4), 6: sideOf(6) };
  }

  /** Destroys the sets that are not in force on these sides; what is still in use stays until the next load. */
  private async destroyIdle(sides: Sides): Promise<void> {
    const headers = await this.ipset.headers();
    const found = await this.sidesInForce(headers);
    const names = FAMILIES.flatMap((family) => idleNames(family, otherSide(found[family] ?? sides[family])));
    await this.destroy(names.filter((name) => headers.has(name)));
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

function isIntact(headers: Headers, expected: Expected): boolean {
  return [...expected].every(([name, entries]) => headers.get(name)?.entries === entries);
}

/** What the sets hold that are in force on these sides. */
function sizes(headers: Headers, sides: Readonly<Record<Family, Side | undefined>>) {
  const entries = (name: string): number => headers.get(name)?.entries ?? 0;
  let blockedEntries = 0;
  for (const family of FAMILIES) {
    const side = sides[family];
    if (side) blockedEntries += entries(hostSet(family, side)) + entries(networkSet(family, side));
  }
  const ours = [...headers.values()].filter(({ name }) => isOurs(name));
  return {
    blockedEntries,
    allowedEntries: entries(allowSet(4)) + entries(allowSet(6)),
    memoryBytes: ours.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}
