/** Reading of addresses straight from bytes. Each reader stops at the first byte it does not know. */

const DOT = 0x2e;
const COLON = 0x3a;

/** What a reader found; one is reused for all lines, so that reading allocates nothing. */
export interface Found {
  /** The address: one word of IPv4 at index 3, or four of IPv6. */
  readonly words: Uint32Array;
  /** Index of the first byte after it. */
  end: number;
}

/**
 * Reads a dotted quad. Leading zeros are refused because half of the world's parsers take them for octal.
 * @returns whether there was one; what follows it is for the caller to judge
 */
export function readIPv4Bytes(bytes: Uint8Array, start: number, found: Found): boolean {
  let at = start;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (; ; at += 1) {
    const byte = bytes[at] ?? 0;
    const digit = byte - 48;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return false;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return false;
    } else if (byte === DOT && octet >= 0 && dots < 3) {
      value = (value << 8) | octet;
      octet = -1;
      dots += 1;
    } else {
      break;
    }
  }
  if (dots !== 3 || octet < 0) return false;
  found.words[3] = (value << 8) | octet;
  found.end = at;
  return true;
}

const groups = new Uint16Array(8);

/** Reads IPv6 in any form of RFC 4291 §2.2. */
export function readIPv6Bytes(bytes: Uint8Array, start: number, found: Found): boolean {
  let at = start;
  let count = 0;
  let gap = -1;
  if (bytes[at] === COLON) {
    if (bytes[at + 1] !== COLON) return false;
    gap = 0;
    at += 2;
  }
  while (count < 8) {
    const end = hexEnd(bytes, at);
    if (end === at) {
      // Nothing may follow "::" only; after a single colon there must be a group.
      if (gap !== count) return false;
      break;
    }
    if (bytes[end] === DOT) {
      if (count > 6 || !readIPv4Bytes(bytes, at, found)) return false;
      const value = found.words[3] ?? 0;
      groups[count] = value >>> 16;
      groups[count + 1] = value;
      count += 2;
      at = found.end;
      break;
    }
    if (end - at > 4) return false;
    groups[count] = hexValue(bytes, at, end);
    count += 1;
    at = end;
    if (bytes[at] !== COLON) break;
    if (bytes[at + 1] === COLON) {
      if (gap >= 0) return false;
      gap = count;
      at += 2;
    } else {
      // A colon after the eighth group is not ours.
      if (count === 8) break;
      at += 1;
    }
  }
  // "::" stands for at least one group.
  if (gap < 0 ? count !== 8 : count > 7) return false;
  const moved = gap < 0 ? 0 : count - gap;
  for (let index = 7; index >= 0; index -= 1) {
    const isTail = index >= 8 - moved;
    const group = isTail ? groups[index - 8 + count] : index < (gap < 0 ? 8 : gap) ? groups[index] : 0;
    const word = index >> 1;
    const value = group ?? 0;
    found.words[word] = index % 2 === 1 ? value : (found.words[word] ?? 0) + value * 65_536;
  }
  found.end = at;
  return true;
}

/**
 * Reads a prefix length without leading zeros.
 * @returns -1 when there is none or it is above `most`
 */
export function readPrefixBytes(bytes: Uint8Array, start: number, most: number, found: Found): number {
  let at = start;
  let value = -1;
  for (; ; at += 1) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    if (value === 0) return -1;
    value = value < 0 ? digit : value * 10 + digit;
    if (value > most) return -1;
  }
  found.end = at;
  return value;
}

function hexEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  // Five are enough to see that there are too many.
  while (at - start < 5 && hexDigit(bytes[at] ?? 0) >= 0) at += 1;
  return at;
}

function hexValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 16 + hexDigit(bytes[at] ?? 0);
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
