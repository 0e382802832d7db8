import { type RangeList } from './range-list.ts';
import { compareWords, copyWords, increment, type Width } from './words.ts';

/**
 * Walks over the fewest CIDR blocks that cover a list of ranges, in order, without making an object for each: a million blocks are
 * a million steps of one cursor.
 */
export class BlockCursor {
  /** First address of the block the cursor stands on; overwritten by the next step. */
  readonly first: Uint32Array;
  /** Prefix length of that block: 0..32 or 0..128. */
  prefix = 0;

  private readonly width: Width;
  private readonly bits: number;
  private readonly words: Uint32Array;
  private readonly next: Uint32Array;
  private readonly blockEnd: Uint32Array;
  private range = 0;
  private isInside = false;

  constructor(list: RangeList) {
    this.width = list.width;
    this.bits = 32 * list.width;
    this.words = list.words;
    this.first = new Uint32Array(list.width);
    this.next = new Uint32Array(list.width);
    this.blockEnd = new Uint32Array(list.width);
  }

  /** Whether the block is a single address. */
  get isHost(): boolean {
    return this.prefix === this.bits;
  }

  /** Goes to the next block; false at the end. */
  advance(): boolean {
    const { words, width, next } = this;
    if (!this.isInside) {
      if (this.range >= words.length) return false;
      copyWords(words, this.range, next, 0, width);
      this.isInside = true;
    }
    copyWords(next, 0, this.first, 0, width);
    const lastAt = this.range + width;
    this.prefix = this.bits - this.hostBits(lastAt);
    // After the last block of a range comes the next range.
    copyWords(this.blockEnd, 0, next, 0, width);
    if (compareWords(this.blockEnd, 0, words, lastAt, width) === 0) {
      this.isInside = false;
      this.range += 2 * width;
    } else {
      increment(next, 0, width);
    }
    return true;
  }

  /** Host bits of the biggest block that starts at `first` and does not reach beyond the range; its end is left in `blockEnd`. */
  private hostBits(lastAt: number): number {
    const { words, width, first, blockEnd } = this;
    copyWords(first, 0, blockEnd, 0, width);
    if (compareWords(first, 0, words, lastAt, width) === 0) return 0;
    let bits = 0;
    while (bits < this.bits) {
      const word = width - 1 - (bits >>> 5);
      const bit = (1 << (bits & 31)) >>> 0;
      if (((first[word] ?? 0) & bit) !== 0) break;
      blockEnd[word] = ((blockEnd[word] ?? 0) | bit) >>> 0;
      if (compareWords(blockEnd, 0, words, lastAt, width) > 0) {
        blockEnd[word] = ((blockEnd[word] ?? 0) & ~bit) >>> 0;
        break;
      }
      bits += 1;
    }
    return bits;
  }
}
