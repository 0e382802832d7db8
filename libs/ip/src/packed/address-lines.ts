import { type PackedEntries } from './packed-entries.ts';
import { readIPv4Bytes, readIPv6Bytes, readPrefixBytes, type Found } from './read-bytes.ts';

/** Bytes of a line in which its entry has to end or its comment has to begin. */
const MAX_LINE = 512;
const NEWLINE = 0x0a;
const SLASH = 0x2f;

/**
 * Reads addresses and CIDR networks, one a line, from chunks of bytes and makes neither strings nor objects of them. Strict as
 * `Network.parse`: anything else on a line makes it invalid, and invalid lines are counted. `#` and `;` begin a comment, at the
 * start of a line or after an entry. Spaces, tabs, CR and a byte order mark are passed over.
 */
export class AddressLines {
  /** Lines seen, blank ones and comments too. */
  lines = 0;
  /** Lines that were neither an entry nor blank nor a comment. */
  invalid = 0;

  private readonly entries: PackedEntries;
  private readonly found: Found = { words: new Uint32Array(4), end: 0 };
  private readonly range = new Uint32Array(8);
  /** The beginning of a line whose end is in the next chunk, with room for a line feed. */
  private readonly carry = new Uint8Array(MAX_LINE + 1);
  private carried = 0;

  constructor(entries: PackedEntries) {
    this.entries = entries;
  }

  /** Reads the lines that end in this chunk; the rest waits for the next one. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): void {
    let at = 0;
    if (this.carried > 0) {
      const newline = chunk.indexOf(NEWLINE);
      const end = newline < 0 ? chunk.length : newline;
      this.keep(chunk, 0, end);
      if (newline < 0) return;
      this.endCarried();
      at = newline + 1;
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    while (at < end) at = this.readLine(chunk, at);
    this.keep(chunk, at, chunk.length);
  }

  /** Reads the last line when no line feed ends it. */
  end(): void {
    if (this.carried > 0) this.endCarried();
  }

  private keep(chunk: Uint8Array, from: number, to: number): void {
    const room = MAX_LINE - Math.min(this.carried, MAX_LINE);
    this.carry.set(chunk.subarray(from, Math.min(to, from + room)), MAX_LINE - room);
    this.carried += to - from;
  }

  private endCarried(): void {
    const isCut = this.carried > MAX_LINE;
    this.carry[Math.min(this.carried, MAX_LINE)] = NEWLINE;
    this.carried = 0;
    this.readLine(this.carry, 0, isCut);
  }

  /**
   * Reads the line that begins at `start`; a line feed must follow somewhere.
   * @returns where the next one begins
   */
  private readLine(bytes: Uint8Array, start: number, isCut = false): number {
    const isFirst = this.lines === 0;
    this.lines += 1;
    let at = start;
    if (isFirst && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    at = skipBlanks(bytes, at);
    let isEntry = false;
    if (readIPv4Bytes(bytes, at, this.found)) {
      const { words, end } = this.found;
      const address = words[3] ?? 0;
      // By far the most frequent line.
      if (bytes[end] === NEWLINE && !isCut && end - start <= MAX_LINE) {
        this.entries.host4(address);
        return end + 1;
      }
      const prefix = this.readPrefix(bytes, 32);
      isEntry = prefix >= 0 && endsHere(bytes, this.found.end, start, isCut);
      if (isEntry) this.addBlock4(address, prefix);
    } else if (endsHere(bytes, at, start, isCut)) {
      return nextLine(bytes, at);
    } else if (readIPv6Bytes(bytes, at, this.found)) {
      const prefix = this.readPrefix(bytes, 128);
      isEntry = prefix >= 0 && endsHere(bytes, this.found.end, start, isCut);
      if (isEntry) this.addBlock6(prefix);
    }
    if (!isEntry) this.invalid += 1;
    return nextLine(bytes, at);
  }

  /** The prefix length after the address, all bits when there is none, -1 when it is bad. */
  private readPrefix(bytes: Uint8Array, bits: number): number {
    if (bytes[this.found.end] !== SLASH) return bits;
    return readPrefixBytes(bytes, this.found.end + 1, bits, this.found);
  }

  private addBlock4(address: number, prefix: number): void {
    const hostMask = prefix === 0 ? 0xffff_ffff : 2 ** (32 - prefix) - 1;
    this.entries.range4((address & ~hostMask) >>> 0, (address | hostMask) >>> 0);
  }

  private addBlock6(prefix: number): void {
    for (let word = 0; word < 4; word += 1) {
      const bits = Math.min(32, Math.max(0, prefix - 32 * word));
      const hostMask = bits === 0 ? 0xffff_ffff : 2 ** (32 - bits) - 1;
      const value = this.found.words[word] ?? 0;
      this.range[word] = value & ~hostMask;
      this.range[word + 4] = value | hostMask;
    }
    this.entries.range6(this.range, 0);
  }
}

function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; ; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return at;
  }
}

/** Whether only blanks are left of the line, or a comment; the same answer however the line was cut into chunks. */
function endsHere(bytes: Uint8Array, from: number, start: number, isCut: boolean): boolean {
  const at = skipBlanks(bytes, from);
  const byte = bytes[at];
  if (byte === 0x23 || byte === 0x3b) return at - start < MAX_LINE;
  return byte === NEWLINE && !isCut && at - start <= MAX_LINE;
}

function nextLine(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(NEWLINE, from) + 1;
}
