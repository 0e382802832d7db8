import { Network, type Family } from '../network.ts';
import { BlockCursor } from './blocks.ts';
import { decode, encode, hashOf } from './codec.ts';
import { RangeList } from './range-list.ts';
import { compareWords, fromBigInt, toBigInt } from './words.ts';

/** Numbers of a set by family. */
export interface SetCounts {
  /** Ranges that neither overlap nor touch. */
  readonly ranges4: number;
  readonly ranges6: number;
  /** Addresses, at most 2^32. */
  readonly addresses4: number;
  /** Addresses, at most 2^128. */
  readonly addresses6: bigint;
}

/** What has to be added to and removed from a set to make it another one. */
export interface SetChange {
  readonly added: AddressSet;
  readonly removed: AddressSet;
}

/** `::ffff:0:0/96`, which is IPv4. */
const MAPPED = new RangeList(4, Uint32Array.of(0, 0, 0xffff, 0, 0, 0, 0xffff, 0xffff_ffff));

/**
 * An immutable set of IPv4 and IPv6 addresses, kept as sorted ranges in typed arrays: 8 bytes for each IPv4 range, 32 for
 * each IPv6 range, look-ups by binary search, every operation one pass. Two sets of the same addresses are the same to the byte.
 * IPv4-mapped IPv6 addresses are IPv4; a wide IPv6 network leaves them out.
 */
export class AddressSet {
  /** The set without addresses. */
  static readonly empty = new AddressSet(new RangeList(1, new Uint32Array()), new RangeList(4, new Uint32Array()));

  /** Sorted ranges of IPv4. */
  readonly v4: RangeList;
  /** Sorted ranges of IPv6. */
  readonly v6: RangeList;

  private constructor(v4: RangeList, v6: RangeList) {
    this.v4 = v4;
    this.v6 = v6;
    Object.freeze(this);
  }

  /** Takes lists over as they are; only for lists that are sorted, joined and of the right family. */
  static ofLists(v4: RangeList, v6: RangeList): AddressSet {
    const hasMapped = v6.length > 0 && v6.intersect(MAPPED).length > 0;
    return new AddressSet(v4, hasMapped ? v6.subtract(MAPPED) : v6);
  }

  /** Makes a set of a few networks; for many, AddressSetBuilder is the cheaper way. */
  static of(networks: Iterable<Network>): AddressSet {
    return AddressSet.unionOf([...networks].map((network) => single(network)));
  }

  /** Every address of any of the sets. */
  static unionOf(sets: readonly AddressSet[]): AddressSet {
    // In pairs, so that twenty lists of a size are passed over five times and not twenty.
    let round = sets;
    while (round.length > 1) {
      const joined: AddressSet[] = [];
      for (let index = 0; index < round.length; index += 2) {
        const left = round[index] ?? AddressSet.empty;
        joined.push(left.union(round[index + 1] ?? AddressSet.empty));
      }
      round = joined;
    }
    return round[0] ?? AddressSet.empty;
  }

  /**
   * Reads what {@link encode} wrote. Undefined for anything else: another version, a wrong length, ranges that are out of order,
   * overlap or touch.
   */
  static decode(bytes: Uint8Array): AddressSet | undefined {
    const lists = decode(bytes);
    if (!lists || lists.v6.intersect(MAPPED).length > 0) return undefined;
    return new AddressSet(lists.v4, lists.v6);
  }

  /** Whether there is no address in it. */
  get isEmpty(): boolean {
    return this.v4.length === 0 && this.v6.length === 0;
  }

  /** Number of ranges of both families. */
  get rangeCount(): number {
    return this.v4.length + this.v6.length;
  }

  /** {@link contentHash} of the set that a stored form, as {@link encode} wrote it, stands for; without reading it. */
  static hashOf(encoded: Uint8Array): string {
    return hashOf(encoded);
  }

  /** Ranges and addresses by family. */
  counts(): SetCounts {
    return {
      ranges4: this.v4.length,
      ranges6: this.v6.length,
      addresses4: Number(this.v4.count()),
      addresses6: this.v6.count(),
    };
  }

  /** Whether every address of the network is in the set; takes microseconds at any size. */
  contains(network: Network): boolean {
    const { v4, v6 } = single(network);
    return isWithin(v4, this.v4) && isWithin(v6, this.v6);
  }

  /** Whether at least one address of the network is in the set. */
  overlaps(network: Network): boolean {
    const { v4, v6 } = single(network);
    return touches(v4, this.v4) || touches(v6, this.v6);
  }

  /** Every address of this set or of `other`. */
  union(other: AddressSet): AddressSet {
    return new AddressSet(this.v4.union(other.v4), this.v6.union(other.v6));
  }

  /** Every address that is in both. */
  intersect(other: AddressSet): AddressSet {
    return new AddressSet(this.v4.intersect(other.v4), this.v6.intersect(other.v6));
  }

  /** Every address of this set that is not in `other`: a network with one address taken out becomes the ranges around it. */
  subtract(other: AddressSet): AddressSet {
    return new AddressSet(this.v4.subtract(other.v4), this.v6.subtract(other.v6));
  }

  /** What makes this set `next`. */
  changeTo(next: AddressSet): SetChange {
    return { added: next.subtract(this), removed: this.subtract(next) };
  }

  /**
   * The ranges that `other` does not have with the same ends. Every CIDR block that only this set is made of lies in one of them, which makes
   * comparing two sets block by block cheap where most of them is the same.
   */
  rangesNotIn(other: AddressSet): AddressSet {
    return new AddressSet(this.v4.rangesNotIn(other.v4), this.v6.rangesNotIn(other.v6));
  }

  /** Whether both hold the same addresses. */
  equals(other: AddressSet): boolean {
    return this.v4.equals(other.v4) && this.v6.equals(other.v6);
  }

  /** The fewest CIDR networks that cover exactly this set, IPv4 first, in order. */
  *networks(): Generator<Network> {
    for (const family of [4, 6] as const) {
      const cursor = this.blocks(family);
      while (cursor.advance()) {
        const network = Network.of(family, toBigInt(cursor.first, 0, family === 4 ? 1 : 4), cursor.prefix);
        if (network) yield network;
      }
    }
  }

  /** The same as numbers and without an object for each; for a million networks. */
  blocks(family: Family): BlockCursor {
    return new BlockCursor(family === 4 ? this.v4 : this.v6);
  }

  /** The stored form: 16 bytes, then 8 for each IPv4 and 32 for each IPv6 range, little-endian. */
  encode(): Uint8Array<ArrayBuffer> {
    return encode(this.v4, this.v6);
  }

  /** SHA-256 of the stored form in hexadecimal: the same for the same addresses, however they came. */
  contentHash(): string {
    return hashOf(this.encode());
  }
}

function single(network: Network): AddressSet {
  const words = new Uint32Array(network.family === 4 ? 2 : 8);
  fromBigInt(network.first, words, 0, network.family === 4 ? 1 : 4);
  fromBigInt(network.last, words, network.family === 4 ? 1 : 4, network.family === 4 ? 1 : 4);
  return network.family === 4
    ? AddressSet.ofLists(new RangeList(1, words), AddressSet.empty.v6)
    : AddressSet.ofLists(AddressSet.empty.v4, new RangeList(4, words));
}

/** Whether every range of a short list lies inside one of a long list. */
function isWithin(few: RangeList, many: RangeList): boolean {
  for (let i = 0; i < few.words.length; i += 2 * few.width) {
    const index = many.indexOf(few.words, i);
    if (index < 0 || index !== many.indexOf(few.words, i + few.width)) return false;
  }
  return true;
}

/** Whether a range of a short list shares an address with a long list. */
function touches(few: RangeList, many: RangeList): boolean {
  const { words, width } = few;
  for (let i = 0; i < words.length; i += 2 * width) {
    // The first range that does not end before ours begins; ours must not end before that one begins.
    const index = many.indexFrom(words, i);
    if (index < many.length && compareWords(many.words, index * 2 * width, words, i + width, width) <= 0) return true;
  }
  return false;
}
