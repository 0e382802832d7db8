import { type Blocks } from './changed-blocks.ts';

const CHUNK = 65_536;
/** More than the longest line: command, set name of 31 characters, eight groups, prefix. */
const LINE = 160;

const encoder = new TextEncoder();
/** `0.` to `255.` as bytes, so that an address is four copies. */
const OCTETS = Array.from({ length: 256 }, (_, octet) => encoder.encode(`${octet}.`));

const HALVES = { 4: ['0.0.0.0/1', '128.0.0.0/1'], 6: ['::/1', '8000::/1'] } as const;

/** Collects lines for `ipset restore` in a buffer and gives it away when full, so that a million lines never exist at once. */
export class RestoreLines {
  private buffer = new Uint8Array(CHUNK);
  private length = 0;

  /** Whether there is enough for {@link take}. */
  get isFull(): boolean {
    return this.length > CHUNK - LINE;
  }

  /** Adds a short command of ASCII characters. */
  command(text: string): void {
    this.length += encoder.encodeInto(`${text}\n`, this.buffer.subarray(this.length)).written;
  }

  /** Adds a command for the block a cursor stands on. */
  block(before: Uint8Array, cursor: Blocks): void {
    this.buffer.set(before, this.length);
    this.length += before.length;
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
    for (let shift = 24; shift >= 0; shift -= 8) {
      const octet = OCTETS[(value >>> shift) & 255];
      if (!octet) continue;
      this.buffer.set(octet, this.length);
      this.length += octet.length;
    }
    this.length -= 1; // the dot after the last octet
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
    if (blocks.prefix > 0) lines.block(blocks.isHost ? host : network, blocks);
    // A set of networks cannot hold /0.
    else
      for (const half of blocks.first.length === 1 ? HALVES[4] : HALVES[6]) lines.command(`${before.network} ${half}`);
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
    else networks += blocks.prefix === 0 ? 2 : 1;
  }
  return { hosts, networks };
}
