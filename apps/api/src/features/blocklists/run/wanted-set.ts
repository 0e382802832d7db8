import { AddressSet } from '@bangui/ip';

/** What the set to enforce is made of, packed. */
export interface WantedInputs {
  /** Stored feeds of all sources that are enabled. */
  readonly lists: readonly Uint8Array[];
  readonly allowed: Uint8Array;
  /** The set that is enforced now; undefined when there is none. */
  readonly previous: Uint8Array | undefined;
}

/** The set to enforce, packed, and how it differs from the one before. */
export interface WantedOutput {
  readonly hash: string;
  readonly ranges: number;
  readonly blocked: Uint8Array<ArrayBuffer>;
  readonly added: Uint8Array<ArrayBuffer>;
  readonly addedRanges: number;
  readonly removed: Uint8Array<ArrayBuffer>;
  readonly removedRanges: number;
}

/**
 * Joins all lists and takes out who is let through: of a network with one allowed address the rest stays.
 * @throws Error when a stored set cannot be read, because less than there is must not be enforced
 */
export function wantedSet({ lists, allowed, previous }: WantedInputs): WantedOutput {
  const blocked = AddressSet.unionOf(lists.map((packed) => decoded(packed))).subtract(decoded(allowed));
  const { added, removed } = (previous ? decoded(previous) : AddressSet.empty).changeTo(blocked);
  return {
    hash: blocked.contentHash(),
    ranges: blocked.rangeCount,
    blocked: blocked.encode(),
    added: added.encode(),
    addedRanges: added.rangeCount,
    removed: removed.encode(),
    removedRanges: removed.rangeCount,
  };
}

function decoded(packed: Uint8Array): AddressSet {
  const set = AddressSet.decode(packed);
  if (!set) throw new Error('A stored set of addresses cannot be read.');
  return set;
}
