import { AddressSet, type SetChange, SetUnion } from '@bangui/ip';
import { release } from '../../../core/database/handed-over.ts';

/** What the set to enforce is made of. */
export interface WantedInputs {
  /** Names under which the stored feeds of all enabled sources are asked for, one at a time. */
  readonly lists: readonly string[];
  /** Packed. */
  readonly allowed: Uint8Array;
  /** Name of the set that is enforced now; undefined when there is none. */
  readonly previous: string | undefined;
}

/** The set to enforce, packed, and how it differs from the one before. */
export interface WantedOutput {
  readonly hash: string;
  readonly ranges: number;
  readonly blocked: Uint8Array<ArrayBuffer>;
  /** Empty for the first set: nothing leads to it, so a second copy of all of it would serve nobody. */
  readonly added: Uint8Array<ArrayBuffer>;
  readonly addedRanges: number;
  readonly removed: Uint8Array<ArrayBuffer>;
  readonly removedRanges: number;
}

/**
 * Joins all lists, one after the other, and takes out who is let through: of a network with one allowed address the rest stays.
 * @returns undefined when one of them is gone by now
 * @throws Error when a stored set cannot be read, because less than there is must not be enforced
 */
export async function wantedSet(
  { lists, allowed, previous }: WantedInputs,
  stored: (name: string) => Promise<Uint8Array | undefined>,
): Promise<WantedOutput | undefined> {
  const union = new SetUnion();
  for (const name of lists) {
    const packed = await stored(name);
    if (!packed) return undefined;
    union.add(decoded(packed));
    release(packed);
  }
  const blocked = union.build().subtract(decoded(allowed));
  const change = previous === undefined ? undefined : await changeSince(previous, blocked, stored);
  if (previous !== undefined && !change) return undefined;
  const packed = blocked.encode();
  const output = {
    hash: AddressSet.hashOf(packed),
    ranges: blocked.rangeCount,
    blocked: packed,
    added: (change?.added ?? AddressSet.empty).encode(),
    addedRanges: (change?.added ?? blocked).rangeCount,
    removed: (change?.removed ?? AddressSet.empty).encode(),
    removedRanges: change?.removed.rangeCount ?? 0,
  };
  // Until it is stored, the packed form is enough of it.
  for (const { words } of [blocked.v4, blocked.v6]) release(words);
  return output;
}

/** What leads from a stored set to another one; undefined when it is gone by now. */
async function changeSince(
  previous: string,
  blocked: AddressSet,
  stored: (name: string) => Promise<Uint8Array | undefined>,
): Promise<SetChange | undefined> {
  const packed = await stored(previous);
  if (!packed) return undefined;
  const change = decoded(packed).changeTo(blocked);
  release(packed);
  return change;
}

function decoded(packed: Uint8Array): AddressSet {
  const set = AddressSet.decode(packed);
  if (!set) throw new Error('A stored set of addresses cannot be read.');
  return set;
}
