import { BadArgument } from '../errors.ts';
import { END_MARK } from './marks.ts';
import { type PickleInput } from './values.ts';
import { writeWtf8 } from './wtf8.ts';

/** Deepest nesting that is sent; a reload's command list has three levels. */
const MAX_NESTING = 32;
/** Longest single string that is sent, in bytes. */
const MAX_STRING_BYTES = 16 * 1024 * 1024;

/**
 * Writes a request: a pickle of protocol 2, which every fail2ban reads, followed by the end mark.
 * @throws {BadArgument} when a value nests too deeply, is too long, or holds the end mark: fail2ban would cut the request
 *   there and take the rest for another one
 */
export function encodeRequest(words: readonly PickleInput[]): Buffer {
  const body = encodePickle(words);
  // Looked for in the whole body, not per string, so that no sequence of values can make one either.
  if (body.includes(END_MARK)) throw new BadArgument('command', "An argument holds fail2ban's end mark.");
  return Buffer.concat([body, END_MARK]);
}

/** Writes one value as a pickle of protocol 2. */
export function encodePickle(value: PickleInput): Buffer {
  const parts: Buffer[] = [Buffer.from([0x80, 2])];
  writeValue(value, parts, 0);
  parts.push(STOP);
  return Buffer.concat(parts);
}

const STOP = Buffer.from('.');
const NONE = Buffer.from('N');
const TRUE = Buffer.from([0x88]);
const FALSE = Buffer.from([0x89]);
const EMPTY_LIST = Buffer.from(']');
const EMPTY_DICT = Buffer.from('}');
const MARK = Buffer.from('(');
const APPENDS = Buffer.from('e');
const SETITEMS = Buffer.from('u');

function writeValue(value: PickleInput, parts: Buffer[], depth: number): void {
  if (depth > MAX_NESTING) throw new BadArgument('command', 'An argument is nested too deeply.');
  if (value === null) parts.push(NONE);
  else if (typeof value === 'boolean') parts.push(value ? TRUE : FALSE);
  else if (typeof value === 'string') parts.push(stringBytes(value));
  else if (typeof value === 'number') parts.push(numberBytes(value));
  else if (typeof value === 'bigint') parts.push(integerBytes(value));
  else if (value instanceof Map) writeMap(value, parts, depth);
  else if (Array.isArray(value)) writeList(value, parts, depth);
  // The types forbid it, but what comes from JSON or JavaScript may be anything.
  else throw new BadArgument('command', 'An argument is of a kind that cannot be sent.');
}

function writeList(value: readonly PickleInput[], parts: Buffer[], depth: number): void {
  parts.push(EMPTY_LIST);
  if (value.length === 0) return;
  parts.push(MARK);
  for (const item of value) writeValue(item, parts, depth + 1);
  parts.push(APPENDS);
}

function writeMap(value: ReadonlyMap<PickleInput, PickleInput>, parts: Buffer[], depth: number): void {
  parts.push(EMPTY_DICT);
  if (value.size === 0) return;
  parts.push(MARK);
  for (const [key, item] of value) {
    writeValue(key, parts, depth + 1);
    writeValue(item, parts, depth + 1);
  }
  parts.push(SETITEMS);
}

function stringBytes(value: string): Buffer {
  const text = writeWtf8(value);
  if (text.length > MAX_STRING_BYTES) throw new BadArgument('command', 'An argument is too long.');
  const bytes = Buffer.allocUnsafe(5 + text.length);
  bytes.write('X', 0, 'latin1');
  bytes.writeUInt32LE(text.length, 1);
  text.copy(bytes, 5);
  return bytes;
}

function numberBytes(value: number): Buffer {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return integerBytes(BigInt(value));
  const bytes = Buffer.allocUnsafe(9);
  bytes.write('G', 0, 'latin1');
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function integerBytes(value: bigint): Buffer {
  if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) {
    const bytes = Buffer.allocUnsafe(5);
    bytes.write('J', 0, 'latin1');
    bytes.writeInt32LE(Number(value), 1);
    return bytes;
  }
  // Two's complement, least significant byte first, with room for the sign bit.
  const digits: number[] = [];
  let rest = value;
  for (;;) {
    if (digits.length === 255) throw new BadArgument('command', 'A number is too big.');
    const byte = Number(rest & 255n);
    digits.push(byte);
    rest >>= 8n;
    if ((rest === 0n && byte < 128) || (rest === -1n && byte >= 128)) break;
  }
  return Buffer.from([0x8a, digits.length, ...digits]);
}
