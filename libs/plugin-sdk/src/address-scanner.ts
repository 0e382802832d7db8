const DOT = 46;
const COLON = 58;
const SLASH = 47;
const DASH = 45;
const ZERO = 48;
const SPACE = 32;
const TAB = 9;
/** Third word of an IPv4-mapped IPv6 address, `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2). */
const MAPPED = 0xffff;

/** What {@link AddressScanner.scan} answers where no address is. */
export const NO_ADDRESS = -1;

/**
 * Reads an address, a CIDR network or a range `first-last` from bytes, into numbers, without making a text or an object.
 * Strict: no leading zeros in IPv4, because half of the world's parsers take them for octal, and no zone ids. Host bits of a
 * network are cleared, and an IPv4-mapped IPv6 address is the IPv4 address.
 */
export class AddressScanner {
  /** IP version of what was read. */
  family: 4 | 6 = 4;
  /** First address of IPv4. */
  first4 = 0;
  /** Last address of IPv4. */
  last4 = 0;
  /** First address of IPv6 in the words 0 to 3, the last in 4 to 7, the most significant first. */
  readonly words6 = new Uint32Array(8);

  private value4 = 0;
  private readonly value6 = new Uint32Array(4);
  private readonly groups = new Uint16Array(8);

  /** Reads at `start`; answers where it ended, or {@link NO_ADDRESS}. What follows is for the caller to judge. */
  scan(bytes: Uint8Array, start: number): number {
    let at = this.readIPv4(bytes, start);
    // What begins like IPv4 may be an IPv6 group in decimal digits.
    if (at !== NO_ADDRESS && bytes[at] !== COLON) {
      this.family = 4;
      this.first4 = this.value4;
      this.last4 = this.value4;
      const next = bytes[at];
      if (next === SLASH) return this.readPrefix(bytes, at + 1, 32);
      return next === DASH || next === SPACE || next === TAB ? this.readRangeEnd(bytes, at) : at;
    }
    at = this.readIPv6(bytes, start);
    if (at === NO_ADDRESS) return NO_ADDRESS;
    this.family = 6;
    this.words6.set(this.value6, 0);
    this.words6.set(this.value6, 4);
    const end = bytes[at] === SLASH ? this.readPrefix(bytes, at + 1, 128) : this.readRangeEnd(bytes, at);
    if (end !== NO_ADDRESS) this.unmap();
    return end;
  }

  private readIPv4(bytes: Uint8Array, start: number): number {
    let at = start;
    let value = 0;
    for (let part = 0; part < 4; part += 1) {
      if (part > 0) {
        if (bytes[at] !== DOT) return NO_ADDRESS;
        at += 1;
      }
      let octet = digitOf(bytes[at]);
      if (octet < 0) return NO_ADDRESS;
      at += 1;
      for (let digit = digitOf(bytes[at]); digit >= 0; digit = digitOf(bytes[at])) {
        if (octet === 0) return NO_ADDRESS;
        octet = octet * 10 + digit;
        if (octet > 255) return NO_ADDRESS;
        at += 1;
      }
      value = value * 256 + octet;
    }
    this.value4 = value;
    return at;
  }

  private readIPv6(bytes: Uint8Array, start: number): number {
    const { groups } = this;
    let at = start;
    let count = 0;
    // Index of the group before which `::` stands.
    let gap = -1;
    if (bytes[at] === COLON) {
      if (bytes[at + 1] !== COLON) return NO_ADDRESS;
      gap = 0;
      at += 2;
    }
    while (count < 8) {
      const groupStart = at;
      let value = 0;
      for (let digit = hexOf(bytes[at]); digit >= 0 && at - groupStart < 5; digit = hexOf(bytes[at])) {
        value = value * 16 + digit;
        at += 1;
      }
      if (at === groupStart) break;
      if (bytes[at] === DOT) {
        at = this.readIPv4(bytes, groupStart);
        if (at === NO_ADDRESS || count > 6) return NO_ADDRESS;
        groups[count] = this.value4 >>> 16;
        groups[count + 1] = this.value4 & 0xffff;
        count += 2;
        break;
      }
      if (at - groupStart > 4) return NO_ADDRESS;
      groups[count] = value;
      count += 1;
      if (bytes[at] !== COLON) break;
      at += 1;
      if (bytes[at] === COLON) {
        if (gap >= 0) return NO_ADDRESS;
        gap = count;
        at += 1;
      } else if (hexOf(bytes[at]) < 0) {
        return NO_ADDRESS;
      }
    }
    // "::" stands for at least one group (RFC 4291 §2.2).
    if (gap < 0 ? count !== 8 : count > 7) return NO_ADDRESS;
    this.spreadGroups(count, gap);
    return at;
  }

  /** Puts the groups into words, with zeros where `::` stands. */
  private spreadGroups(count: number, gap: number): void {
    const { groups, value6 } = this;
    const missing = 8 - count;
    value6.fill(0);
    for (let index = 0; index < count; index += 1) {
      const place = gap >= 0 && index >= gap ? index + missing : index;
      const word = place >>> 1;
      value6[word] = (value6[word] ?? 0) | ((groups[index] ?? 0) << (place % 2 === 0 ? 16 : 0));
    }
  }

  private readPrefix(bytes: Uint8Array, start: number, bits: 32 | 128): number {
    let prefix = digitOf(bytes[start]);
    if (prefix < 0) return NO_ADDRESS;
    let at = start + 1;
    for (let digit = digitOf(bytes[at]); digit >= 0; digit = digitOf(bytes[at])) {
      if (prefix === 0) return NO_ADDRESS;
      prefix = prefix * 10 + digit;
      if (prefix > bits) return NO_ADDRESS;
      at += 1;
    }
    if (bits === 32) {
      const mask = hostMask(32 - prefix);
      this.first4 = (this.first4 & ~mask) >>> 0;
      this.last4 = (this.first4 | mask) >>> 0;
    } else {
      this.widen6(prefix);
    }
    return at;
  }

  private widen6(prefix: number): void {
    for (let word = 0; word < 4; word += 1) {
      const mask = hostMask(Math.min(32, Math.max(0, 32 * (word + 1) - prefix)));
      const first = (this.words6[word] ?? 0) & ~mask;
      this.words6[word] = first;
      this.words6[word + 4] = first | mask;
    }
  }

  /** Reads `-last`, with or without spaces around the dash. Where there is none, the single address before it counts. */
  private readRangeEnd(bytes: Uint8Array, end: number): number {
    let at = skipSpaces(bytes, end);
    if (bytes[at] !== DASH) return end;
    at = skipSpaces(bytes, at + 1);
    if (this.family === 4) {
      const after = this.readIPv4(bytes, at);
      if (after === NO_ADDRESS) return end;
      if (this.value4 < this.first4) return NO_ADDRESS;
      this.last4 = this.value4;
      return after;
    }
    const after = this.readIPv6(bytes, at);
    if (after === NO_ADDRESS) return end;
    if (isBelow(this.value6, this.words6)) return NO_ADDRESS;
    this.words6.set(this.value6, 4);
    return after;
  }

  private unmap(): void {
    const { words6 } = this;
    for (const word of [0, 4]) if ((words6[word] ?? 0) !== 0 || (words6[word + 1] ?? 0) !== 0) return;
    if (words6[2] !== MAPPED || words6[6] !== MAPPED) return;
    this.family = 4;
    this.first4 = words6[3] ?? 0;
    this.last4 = words6[7] ?? 0;
  }
}

/** Index of the first byte from `start` on that is neither space nor tab. */
export function skipSpaces(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
  return at;
}

function digitOf(byte = 0): number {
  return byte >= ZERO && byte < ZERO + 10 ? byte - ZERO : -1;
}

function hexOf(byte = 0): number {
  const digit = digitOf(byte);
  if (digit >= 0) return digit;
  // Setting this bit makes a letter lower case.
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The lowest `bits` bits set; 0 to 32. */
function hostMask(bits: number): number {
  return bits === 32 ? 0xffff_ffff : 2 ** bits - 1;
}

function isBelow(value: Uint32Array, than: Uint32Array): boolean {
  for (let word = 0; word < 4; word += 1) {
    const difference = (value[word] ?? 0) - (than[word] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
