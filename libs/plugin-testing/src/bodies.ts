import { gzipSync } from 'node:zlib';

/** Bytes of one chunk as a network gives them. */
export const CHUNK_BYTES = 65_536;

/** How much of a body has been asked for. */
export class Reading {
  chunks = 0;
  bytes = 0;
  /** Whether the reader has let go of the body, at its end or before. */
  isClosed = false;
}

/**
 * A body in chunks of a size. Every chunk is given in the same memory, as a host may do, so that a parser which keeps a chunk
 * for later is found out.
 */
export async function* chunked(
  bytes: Uint8Array,
  size: number,
  reading = new Reading(),
): AsyncGenerator<Uint8Array, void, undefined> {
  const memory = new Uint8Array(size);
  yield* counted(pieces(bytes, size), reading, memory);
}

/** A body that breaks with an error after its bytes, as a connection does. */
export async function* broken(bytes: Uint8Array, error: Error): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunked(bytes, 16);
  throw error;
}

/** A body from chunks that are made while they are read. */
export async function* counted(
  chunks: Iterable<Uint8Array>,
  reading: Reading,
  memory: Uint8Array = new Uint8Array(CHUNK_BYTES),
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (const chunk of chunks) {
      // A turn of the event loop between chunks, as with a network.
      await Promise.resolve();
      reading.chunks += 1;
      reading.bytes += chunk.length;
      memory.set(chunk);
      yield memory.subarray(0, chunk.length);
      memory.fill(0x21);
    }
  } finally {
    reading.isClosed = true;
  }
}

/** The same text with a byte order mark and `\r\n` at its line ends. */
export function withWindowsLineEnds(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(`\uFEFF${text.replaceAll(/\r?\n/g, '\r\n')}`, 'utf8');
}

/** The same bytes compressed. */
export function compressed(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes);
}

/** The same text in UTF-16 with its byte order mark. */
export function inUtf16(bytes: Uint8Array): Uint8Array {
  return Buffer.from(`\uFEFF${Buffer.from(bytes).toString('utf8')}`, 'utf16le');
}

/** The first half of a fixture and then digits without end, up to a size. */
export function* endless(bytes: Uint8Array, size: number): Generator<Uint8Array, void, undefined> {
  yield* pieces(bytes.subarray(0, Math.floor(bytes.length / 2)), CHUNK_BYTES);
  const digits = new Uint8Array(CHUNK_BYTES).fill(0x31);
  for (let given = 0; given < size; given += digits.length) yield digits;
}

/** A fixture in three parts, of which the middle may be repeated. */
export interface Growth {
  readonly start: string;
  readonly unit: string;
  readonly end: string;
}

/** A body made longer, to about a size, by repeating a part of it. */
export function* grown({ start, unit, end }: Growth, size: number): Generator<Uint8Array, void, undefined> {
  yield* pieces(Buffer.from(start), CHUNK_BYTES);
  const block = Buffer.from(unit.repeat(Math.max(1, Math.floor(CHUNK_BYTES / unit.length))));
  const rest = size - start.length - end.length;
  for (let given = 0; given + block.length <= rest; given += block.length) yield* pieces(block, CHUNK_BYTES);
  yield* pieces(Buffer.from(end), CHUNK_BYTES);
}

/** Cuts bytes into pieces of a size. */
export function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
