import { type FileHandle } from 'node:fs/promises';

/** A line and where in its file it begins. */
export interface FileLine {
  /** Byte position of its first byte. */
  readonly at: number;
  /** Bytes, with the line end. */
  readonly bytes: number;
  /** Without the line end. What is no UTF-8 is replaced. */
  readonly text: string;
}

/** Lines that stand before a position. */
export interface LinesBefore {
  /** Oldest first. */
  readonly lines: readonly FileLine[];
  /** Byte position up to which the file was read: everything from there on is in `lines`. */
  readonly from: number;
}

/** Bytes read at once. */
const chunkBytes = 64 * 1024;

/**
 * Reads lines of a file backwards from a position, as many as there are in `maxBytes` bytes, at most `maxLines`. A line that
 * is longer than `maxBytes` comes in pieces. Rejects with the system's error.
 * @param before byte position right behind a line; what follows it is not looked at
 */
export async function linesBefore(
  handle: FileHandle,
  before: number,
  { maxLines, maxBytes }: { readonly maxLines: number; readonly maxBytes: number },
): Promise<LinesBefore> {
  const floor = Math.max(0, before - maxBytes);
  let bytes: Buffer = Buffer.alloc(0);
  let start = before;
  // One line end more than lines: the one before the first.
  let ends = 0;
  while (start > floor && ends <= maxLines) {
    const begin = Math.max(floor, start - chunkBytes);
    const chunk = Buffer.alloc(start - begin);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, begin);
    // Somebody is emptying the file: what was there is gone.
    if (bytesRead < chunk.length) return { lines: [], from: before };
    for (const byte of chunk) if (byte === 0x0a) ends += 1;
    bytes = Buffer.concat([chunk, bytes]);
    start = begin;
  }
  const lines = split(bytes, start);
  // The first one is a piece of a line, unless that is all there is of it.
  if (start > 0 && lines.length > 1) lines.shift();
  const kept = lines.slice(-maxLines);
  return { lines: kept, from: kept[0]?.at ?? before };
}

function split(bytes: Buffer, start: number): FileLine[] {
  const lines: FileLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(0x0a, at);
    const end = found < 0 ? bytes.length : found;
    const next = found < 0 ? bytes.length : found + 1;
    const text = bytes.toString('utf8', at, bytes[end - 1] === 0x0d && end > at ? end - 1 : end);
    lines.push({ at: start + at, bytes: next - at, text });
    at = next;
  }
  return lines;
}
