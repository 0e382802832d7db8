import { AddressSet, type Family } from '@bangui/ip';
import { type WantedSet } from '../wanted-set.ts';
import { ChangedBlocks } from './changed-blocks.ts';
import { entriesOf } from './entries.ts';
import { blockLines, countEntries } from './restore-lines.ts';
import { allowSet, blockList, FAMILIES, hostSet, networkSet, nextOf, type Side } from './set-names.ts';

const encoder = new TextEncoder();

/** Sets that must hold a number of entries after a load. */
export type Expected = ReadonlyMap<string, number>;

/** The sides that a load works on. */
export type Sides = Readonly<Record<Family, Side>>;

/** What the sets on these sides hold when a wanted set is in force. */
export function expectedEntries(wanted: Pick<WantedSet, 'blocked' | 'allowed'>, sides: Sides): Expected {
  const expected = new Map<string, number>();
  for (const family of FAMILIES) {
    const blocked = countEntries(entriesOf(wanted.blocked, family));
    const allowed = countEntries(entriesOf(wanted.allowed, family));
    expected.set(hostSet(family, sides[family]), blocked.hosts);
    expected.set(networkSet(family, sides[family]), blocked.networks);
    expected.set(allowSet(family), allowed.hosts + allowed.networks);
    expected.set(blockList(family), 2);
  }
  return expected;
}

/**
 * Commands that fill new sets on the given sides and then put them in the place of the old ones. Nothing in force is touched
 * before everything is loaded, so a load that is cut anywhere before its last lines changes nothing.
 * @param existing names of the sets the kernel has; the given sides and the sets being filled must not be among them
 */
export function* fullLoad(
  wanted: WantedSet,
  sides: Sides,
  expected: Expected,
  existing: ReadonlySet<string>,
): Generator<Uint8Array> {
  for (const family of FAMILIES) {
    const hosts = hostSet(family, sides[family]);
    const networks = networkSet(family, sides[family]);
    const allowed = nextOf(allowSet(family));
    yield lines(
      createAddresses(hosts, 'hash:ip', family, expected.get(hosts) ?? 0),
      createAddresses(networks, 'hash:net', family, expected.get(networks) ?? 0),
      createAddresses(allowed, 'hash:net', family, expected.get(allowSet(family)) ?? 0),
    );
    yield* blockLines(entriesOf(wanted.blocked, family), { host: `add ${hosts}`, network: `add ${networks}` });
    yield* blockLines(entriesOf(wanted.allowed, family), { host: `add ${allowed}`, network: `add ${allowed}` });
  }
  for (const family of FAMILIES) {
    const list = blockList(family);
    const next = nextOf(list);
    yield lines(
      `create ${next} list:set size 8`,
      `add ${next} ${hostSet(family, sides[family])}`,
      `add ${next} ${networkSet(family, sides[family])}`,
      // A swap needs both.
      ...(existing.has(list) ? [] : [`create ${list} list:set size 8`]),
      ...(existing.has(allowSet(family)) ? [] : [createAddresses(allowSet(family), 'hash:net', family, 0)]),
    );
  }
  for (const family of FAMILIES) {
    // Who is let through comes first, so that nobody is dropped who should not be.
    yield lines(
      `swap ${nextOf(allowSet(family))} ${allowSet(family)}`,
      `swap ${nextOf(blockList(family))} ${blockList(family)}`,
    );
  }
}

/** What changes between two sets: all of both, or only the ranges in which they differ. */
export interface Change {
  readonly from: AddressSet;
  readonly to: AddressSet;
}

/** What changes from one wanted set to the next. */
export interface Changes {
  readonly blocked: Change;
  readonly allowed: Change;
}

/** The ranges in which two wanted sets differ: most of a large set is the same in both, and need not be walked over again. */
export function changesBetween(
  from: Pick<WantedSet, 'blocked' | 'allowed'>,
  to: Pick<WantedSet, 'blocked' | 'allowed'>,
): Changes {
  return { blocked: changeBetween(from.blocked, to.blocked), allowed: changeBetween(from.allowed, to.allowed) };
}

function changeBetween(from: AddressSet, to: AddressSet): Change {
  if (from === to) return { from: AddressSet.empty, to: AddressSet.empty };
  return { from: from.rangesNotIn(to), to: to.rangesNotIn(from) };
}

/** Number of lines of a {@link difference}, and what the sets hold after it when they hold `before`. */
export function countChanges(
  changes: Changes,
  before: Expected,
  sides: Sides,
): { readonly count: number; readonly expected: Expected } {
  const expected = new Map(before);
  let count = 0;
  for (const { verb, blocks, hostsOf, networksOf } of walks(changes, sides)) {
    const { hosts, networks } = countEntries(blocks);
    count += hosts + networks;
    for (const [name, entries] of [
      [hostsOf, hosts],
      [networksOf, networks],
    ] as const)
      expected.set(name, (expected.get(name) ?? 0) + (verb === 'add' ? entries : -entries));
  }
  return { count, expected };
}

/** Commands that change the sets in force: everything is added before anything is deleted, so that nothing is without cover between. */
export function* difference(changes: Changes, sides: Sides): Generator<Uint8Array> {
  for (const { verb, blocks, hostsOf, networksOf } of walks(changes, sides))
    yield* blockLines(blocks, { host: `${verb} ${hostsOf}`, network: `${verb} ${networksOf}` });
}

/** A walk over what comes or goes of one family, and the sets that hosts and networks of it are in. */
interface Walk {
  readonly verb: 'add' | 'del';
  readonly blocks: ChangedBlocks;
  readonly hostsOf: string;
  readonly networksOf: string;
}

/** The walks of a difference, in the order in which they are to be done. */
function* walks({ blocked, allowed }: Changes, sides: Sides): Generator<Walk> {
  const steps = [
    { verb: 'add', isAllowed: true },
    { verb: 'add', isAllowed: false },
    { verb: 'del', isAllowed: false },
    { verb: 'del', isAllowed: true },
  ] as const;
  for (const { verb, isAllowed } of steps) {
    const { from, to } = isAllowed ? allowed : blocked;
    const [present, absent] = verb === 'add' ? [to, from] : [from, to];
    for (const family of FAMILIES) {
      yield {
        verb,
        blocks: new ChangedBlocks(entriesOf(present, family), entriesOf(absent, family)),
        hostsOf: isAllowed ? allowSet(family) : hostSet(family, sides[family]),
        networksOf: isAllowed ? allowSet(family) : networkSet(family, sides[family]),
      };
    }
  }
}

/** A set with room for twice what it gets, so that differences fit for a while. */
function createAddresses(name: string, type: string, family: Family, entries: number): string {
  const room = Math.max(65_536, 2 ** Math.ceil(Math.log2(2 * entries + 1)));
  // Made for its entries at once, because growing in the middle of a load takes longer. The kernel grows a set as soon as one bucket is full
  // (12 entries), so there is about one for each entry: four in each on the average fill some of a hundred thousand.
  const buckets = Math.max(1024, 2 ** Math.round(Math.log2(entries + 1)));
  return `create ${name} ${type} family ${family === 4 ? 'inet' : 'inet6'} hashsize ${buckets} maxelem ${room}`;
}

function lines(...commands: string[]): Uint8Array {
  return encoder.encode(commands.map((each) => `${each}\n`).join(''));
}
