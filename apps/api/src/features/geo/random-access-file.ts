import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that are read at once: a page of the system's own cache. */
const blockBytes = 4_096;
/** Most blocks kept: 2 MiB, however large the file is. */
const mostBlocks = 512;

/**
 * A file that is read here and there, synchronously and by small blocks, of which the latest used are kept. What is
 * read often is in the system's cache; our own memory stays the same whatever the size of the file.
 */
export class RandomAccessFile {
  private readonly blocks = new Map<number, Buffer>();
  /** For bytes of two blocks and more: a new buffer each time would cost more memory than the blocks. */
  private readonly joined = Buffer.alloc(2 * blockBytes);
  private readonly descriptor: number;
  /** In bytes, as it was when the file was opened. */
  readonly size: number;
  /** The block that was used last: most reads are of the same one as before. */
  private latest = -1;
  private latestBlock: Buffer = Buffer.alloc(0);
  private isClosed = false;

  private constructor(descriptor: number, size: number) {
    this.descriptor = descriptor;
    this.size = size;
  }

  /** @throws the system's error when the file cannot be opened, or is no file */
  static open(path: string): RandomAccessFile {
    const descriptor = openSync(path, 'r');
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) throw new Error(`${path} is not a file`);
      return new RandomAccessFile(descriptor, stat.size);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /**
   * Bytes of the file. Not to be written to, and good only until the next read: they are a view of our own memory.
   * @throws {RangeError} when the file does not have them (any more)
   */
  read(offset: number, length: number): Buffer {
    if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > this.size) {
      throw new RangeError(`The file has no ${length} bytes at ${offset}.`);
    }
    const first = Math.floor(offset / blockBytes);
    const start = offset - first * blockBytes;
    if (start + length <= blockBytes) return part(this.block(first), start, length);
    if (length > mostBlocks * blockBytes) throw new RangeError(`${length} bytes are too many to read at once.`);
    const bytes = length <= this.joined.length ? this.joined.subarray(0, length) : Buffer.allocUnsafe(length);
    for (let at = 0; at < length;) {
      const number = Math.floor((offset + at) / blockBytes);
      const from = offset + at - number * blockBytes;
      const size = Math.min(length - at, blockBytes - from);
      part(this.block(number), from, size).copy(bytes, at);
      at += size;
    }
    return bytes;
  }

  /** Gives the file back to the system; doing it again does nothing. */
  close(): void {
    if (this.isClosed) return;
    // The system gives the same number to the next file: a read after this must not reach that one.
    this.isClosed = true;
    this.latest = -1;
    this.blocks.clear();
    closeSync(this.descriptor);
  }

  private block(number: number): Buffer {
    if (number === this.latest) return this.latestBlock;
    this.latestBlock = this.kept(number);
    this.latest = number;
    return this.latestBlock;
  }

  private kept(number: number): Buffer {
    const known = this.blocks.get(number);
    if (known !== undefined) {
      // To the end of the map, which is in the order of use.
      this.blocks.delete(number);
      this.blocks.set(number, known);
      return known;
    }
    // The one that was used longest ago gives its memory to the new one.
    const oldest = this.blocks.size >= mostBlocks ? this.blocks.keys().next().value : undefined;
    const reused = oldest === undefined ? undefined : this.blocks.get(oldest);
    if (oldest !== undefined) this.blocks.delete(oldest);
    const room =
      reused?.buffer.byteLength === blockBytes ? Buffer.from(reused.buffer) : Buffer.from(new ArrayBuffer(blockBytes));
    if (this.isClosed) throw new RangeError('The file was closed.');
    const length = readSync(this.descriptor, room, 0, blockBytes, number * blockBytes);
    const block = length === blockBytes ? room : room.subarray(0, length);
    this.blocks.set(number, block);
    return block;
  }
}

/** A file that became shorter while it is open ends early. */
function part(block: Buffer, start: number, length: number): Buffer {
  if (start + length > block.length) throw new RangeError('The file ends too early.');
  return block.subarray(start, start + length);
}
