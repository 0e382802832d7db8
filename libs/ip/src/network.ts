import { rangeCover } from './range-cover.ts';
import { MAX_TEXT_LENGTH, readIPv4, readIPv6, writeIPv4, writeIPv6 } from './text.ts';
import { strictForm } from './loose.ts';

/** IP version. */
export type Family = 4 | 6;

const PREFIX = /^(?:0|[1-9][0-9]{0,2})$/;
/** `::ffff:0:0/96`, the IPv6 form of IPv4 addresses (RFC 4291 §2.5.5.2). */
const MAPPED = 0xffff_0000_0000n;

/**
 * One address or one CIDR network, canonical: host bits are cleared and an IPv4-mapped IPv6 address is the IPv4 address.
 * Immutable. Two values that mean the same addresses print the same text.
 */
export class Network {
  /** IP version; also that of an IPv4-mapped IPv6 text, which is 4. */
  readonly family: Family;
  /** Length of the network part in bits: 0..32 or 0..128. */
  readonly prefix: number;
  /** First address, as a number of 32 or 128 bits. */
  readonly first: bigint;
  /** Last address, as a number of 32 or 128 bits. */
  readonly last: bigint;
  /** Asked for again and again wherever it names something. */
  #text: string | undefined;

  private constructor(family: Family, first: bigint, prefix: number) {
    const hostBits = BigInt((family === 4 ? 32 : 128) - prefix);
    this.family = family;
    this.prefix = prefix;
    this.first = (first >> hostBits) << hostBits;
    this.last = this.first | ((1n << hostBits) - 1n);
    Object.freeze(this);
  }

  /**
   * Reads `192.0.2.1`, `2001:DB8::1`, `192.0.2.7/24` (which is 192.0.2.0/24). Strict: no spaces, no zone ids, no leading
   * zeros, no netmasks, at most 64 characters. Undefined for everything else.
   */
  static parse(text: string): Network | undefined {
    if (text.length > MAX_TEXT_LENGTH) return undefined;
    const slash = text.indexOf('/');
    const address = slash < 0 ? text : text.slice(0, slash);
    const prefix = slash < 0 ? undefined : text.slice(slash + 1);
    if (prefix !== undefined && !PREFIX.test(prefix)) return undefined;
    if (!address.includes(':')) {
      const value = readIPv4(address);
      return value === undefined ? undefined : Network.of(4, BigInt(value), prefix === undefined ? 32 : Number(prefix));
    }
    const value = readIPv6(address);
    return value === undefined ? undefined : Network.of(6, value, prefix === undefined ? 128 : Number(prefix));
  }

  /**
   * Reads what people paste: spaces, quotes and brackets around, a trailing comma or semicolon, `[2001:db8::1]:22`,
   * `192.0.2.1:80`, `192.0.2.0/255.255.255.0`, `192.0.2.*`, `https://192.0.2.1/path`, `192[.]0[.]2[.]1`.
   * Undefined when it could mean anything else, such as a host name.
   */
  static parseLoose(text: string): Network | undefined {
    const strict = strictForm(text);
    return strict === undefined ? undefined : Network.parse(strict);
  }

  /**
   * Makes a network from its numbers.
   * @param value any address of it; 32 or 128 bits
   * @returns undefined when a number is out of bounds
   */
  static of(family: Family, value: bigint, prefix: number): Network | undefined {
    const bits = family === 4 ? 32 : 128;
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits) return undefined;
    if (value < 0n || value >> BigInt(bits) !== 0n) return undefined;
    if (family === 6 && prefix >= 96 && value >> 32n === MAPPED >> 32n) {
      return new Network(4, value & 0xffff_ffffn, prefix - 96);
    }
    return new Network(family, value, prefix);
  }

  /**
   * The fewest networks that cover all addresses from the first of `from` to the last of `to`, in order: at most 62 for
   * IPv4, 254 for IPv6. Undefined when the families differ or the range runs backwards.
   */
  static fromRange(from: Network, to: Network): Network[] | undefined {
    if (from.family !== to.family || from.first > to.last) return undefined;
    const { family } = from;
    const networks: Network[] = [];
    for (const { first, prefix } of rangeCover(from.first, to.last, family === 4 ? 32 : 128)) {
      const network = Network.of(family, first, prefix);
      if (network) networks.push(network);
    }
    return networks;
  }

  /** Whether this is exactly one address. */
  get isAddress(): boolean {
    return this.prefix === (this.family === 4 ? 32 : 128);
  }

  /** Whether every address of `other` is in this network. Families never contain each other. */
  contains(other: Network): boolean {
    return this.family === other.family && this.first <= other.first && other.last <= this.last;
  }

  /** Whether at least one address is in both. */
  overlaps(other: Network): boolean {
    return this.contains(other) || other.contains(this);
  }

  /** Whether both mean exactly the same addresses. */
  equals(other: Network): boolean {
    return this.family === other.family && this.prefix === other.prefix && this.first === other.first;
  }

  /** Canonical text (RFC 5952 for IPv6); `/prefix` is there only when it is more than one address. */
  toString(): string {
    return (this.#text ??= this.write());
  }

  private write(): string {
    const address = this.family === 4 ? writeIPv4(Number(this.first)) : writeIPv6(this.first);
    return this.isAddress ? address : `${address}/${this.prefix}`;
  }

  /** The first address as 16 bytes, IPv4 as `::ffff:a.b.c.d`. Byte order is numeric order, so it can be stored and sorted. */
  key(): Uint8Array {
    const bytes = new Uint8Array(16);
    const words = this.family === 4 ? [0, 0, 0xffff, Number(this.first)] : wordsOf(this.first);
    // Plain stores: a view of so few bytes would take more memory than they do.
    for (const [index, word] of words.entries()) {
      bytes[4 * index] = word >>> 24;
      bytes[4 * index + 1] = word >>> 16;
      bytes[4 * index + 2] = word >>> 8;
      bytes[4 * index + 3] = word;
    }
    return bytes;
  }
}

/** Order for sorting: by {@link Network.key}, then the wider network first. */
export function compareNetworks(a: Network, b: Network): number {
  const left = a.family === 4 ? MAPPED | a.first : a.first;
  const right = b.family === 4 ? MAPPED | b.first : b.first;
  if (left !== right) return left < right ? -1 : 1;
  return bitsOf(a) - bitsOf(b);
}

/** Prefix in terms of the 128-bit key, so that IPv4 and IPv6 compare. */
function bitsOf(network: Network): number {
  return network.family === 4 ? network.prefix + 96 : network.prefix;
}

/** The four 32-bit words of a 128-bit number, the highest first. */
function wordsOf(value: bigint): number[] {
  return [96n, 64n, 32n, 0n].map((bits) => Number((value >> bits) & 0xffff_ffffn));
}
