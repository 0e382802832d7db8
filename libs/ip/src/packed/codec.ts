import { createHash } from 'node:crypto';
import { RangeList } from './range-list.ts';
import { compareWords, isNext, type Width } from './words.ts';

/** `BGAS`, then version 1 as 16 bits and 16 bits that are zero, then the numbers of IPv4 and of IPv6 ranges. */
const MAGIC = 0x53_41_47_42;
const VERSION = 1;
const HEADER_BYTES = 16;

/** How this machine keeps numbers; the blob is little-endian everywhere. */
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Writes both lists as one blob whose length follows from its header. */
export function encode(v4: RangeList, v6: RangeList): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + 4 * (v4.words.length + v6.words.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, v4.length, true);
  view.setUint32(12, v6.length, true);
  const words = new Uint32Array(bytes.buffer, HEADER_BYTES);
  words.set(v4.words);
  words.set(v6.words, v4.words.length);
  if (!isLittleEndian) swapBytes(words);
  return bytes;
}

/** Reads both lists back. The length is checked before anything is allocated, so a short blob cannot ask for much memory. */
export function decode(bytes: Uint8Array): { v4: RangeList; v6: RangeList } | undefined {
  if (bytes.byteLength < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION) return undefined;
  const count4 = view.getUint32(8, true);
  const count6 = view.getUint32(12, true);
  if (bytes.byteLength !== HEADER_BYTES + 8 * count4 + 32 * count6) return undefined;
  const v4 = readList(bytes, HEADER_BYTES, count4, 1);
  const v6 = readList(bytes, HEADER_BYTES + 8 * count4, count6, 4);
  return v4 && v6 && { v4, v6 };
}

/** SHA-256 of a blob in hexadecimal. */
export function hashOf(blob: Uint8Array): string {
  return createHash('sha256').update(blob).digest('hex');
}

function readList(bytes: Uint8Array, offset: number, count: number, width: Width): RangeList | undefined {
  const length = 8 * width * count;
  // A copy: whoever gave the bytes may write into them, and they may begin where no word can.
  const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length));
  if (!isLittleEndian) swapBytes(words);
  const isSound = width === 1 ? isInOrder4(words) : isInOrder(words, width);
  return isSound ? new RangeList(width, words) : undefined;
}

/** Whether these are sorted ranges with something between each and the next: ranges that touch would be a second form of the same set. */
function isInOrder(words: Uint32Array, width: Width): boolean {
  for (let i = 0; i < words.length; i += 2 * width) {
    if (compareWords(words, i, words, i + width, width) > 0) return false;
    if (i === 0) continue;
    const before = i - width;
    if (compareWords(words, before, words, i, width) >= 0 || isNext(words, before, words, i, width)) return false;
  }
  return true;
}

/** The same of IPv4, a few times faster: there are millions. */
function isInOrder4(words: Uint32Array): boolean {
  let last = -2;
  for (let i = 0; i < words.length; i += 2) {
    const first = words[i] ?? 0;
    const end = words[i + 1] ?? 0;
    if (end < first || first <= last + 1) return false;
    last = end;
  }
  return true;
}

/** From one order of bytes to the other. */
function swapBytes(words: Uint32Array): void {
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  for (let index = 0; index < words.length; index += 1) {
    view.setUint32(4 * index, view.getUint32(4 * index, true), false);
  }
}
