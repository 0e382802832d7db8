import { type Blocks } from './changed-blocks.ts';

const CHUNK = 65_536;
/** More than the longest line: command, set name of 31 characters, eight groups, prefix. */
const LINE = 160;
const DOT = 0x2e;

const encoder = new TextEncoder();
/** A number of decimal digits is written from these tables: the digits of `0` to `255`, three bytes each, and how many there are. */
const DIGITS = new Uint8Array(3 * 256);
const DIGIT_COUNTS = new Uint8Array(256);
for (let octet = 0; octet < 256; octet += 1) {
  DIGIT_COUNTS[octet] = encoder.encodeInto(`${octet}`, DIGITS.subarray(3 * octet)).written;
}

/** Collects lines for `ipset restore` in a buffer and gives it away when full, so that a million lines never exist at once. */
export class RestoreLines {
  private buffer = new Uint8Array(CHUNK);
  private length = 0;

  /** Whether there is enough for {@link take}. */
  get isFull(): boolean {
    return this.length > CHUNK - LINE;
  }

  /** Adds a command for the block a cursor stands on. */
  block(before: Uint8Array, cursor: Blocks): void {
    this.bytes(before);
    if (cursor.first.length === 1) this.address4(cursor.first[0] ?? 0);
    else this.address6(cursor.first);
    if (!cursor.isHost) {
      this.byte(0x2f);
      this.number(cursor.prefix, 10);
    }
    this.byte(0x0a);
  }

  /** The lines so far, as bytes that are never written again. */
  take(): Uint8Array {
    const chunk = this.buffer.subarray(0, this.length);
    this.buffer = new Uint8Array(CHUNK);
    this.length = 0;
    return chunk;
  }

  private address4(value: number): void {
    const { buffer } = this;
    let at = this.length;
    for (let shift = 24; shift >= 0; shift -= 8) {
      const octet = (value >>> shift) & 255;
      const count = DIGIT_COUNTS[octet] ?? 0;
      for (let digit = 0; digit < count; digit += 1) buffer[at + digit] = DIGITS[3 * octet + digit] ?? 0;
      at += count;
      buffer[at] = DOT;
      at += 1;
    }
    this.length = at - 1; // without the dot after the last octet
  }

  /** Eight groups without `::`, which ipset reads as well and is cheaper to write. */
  private address6(words: Uint32Array): void {
    for (const [index, word] of words.entries()) {
      if (index > 0) this.byte(0x3a);
      this.number(word >>> 16, 16);
      this.byte(0x3a);
      this.number(word & 0xffff, 16);
    }
  }

  private number(value: number, base: number): void {
    if (value >= base) this.number(Math.floor(value / base), base);
    const digit = value % base;
    this.byte(digit < 10 ? 0x30 + digit : 0x57 + digit);
  }

  /** One by one: a call of `set` takes longer for so few. */
  private bytes(some: Uint8Array): void {
    const { buffer, length } = this;
    for (let index = 0; index < some.length; index += 1) buffer[length + index] = some[index] ?? 0;
    this.length = length + some.length;
  }

  private byte(value: number): void {
    this.buffer[this.length] = value;
    this.length += 1;
  }
}

/** Lines for every block of a walk, as chunks of at most 64 KiB; `before` tells what to do with it by its kind. */
export function* blockLines(
  blocks: Blocks,
  before: { readonly host: string; readonly network: string },
): Generator<Uint8Array> {
  const host = encoder.encode(`${before.host} `);
  const network = encoder.encode(`${before.network} `);
  const lines = new RestoreLines();
  while (blocks.advance()) {
    lines.block(blocks.isHost ? host : network, blocks);
    if (lines.isFull) yield lines.take();
  }
  yield lines.take();
}

/** How many lines {@link blockLines} makes of a walk. */
export function countEntries(blocks: Blocks): { hosts: number; networks: number } {
  let hosts = 0;
  let networks = 0;
  while (blocks.advance()) {
    if (blocks.isHost) hosts += 1;
    else networks += 1;
  }
  return { hosts, networks };
}
