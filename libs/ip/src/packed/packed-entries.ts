import { type EntryBatch } from './entry-batch.ts';

/** Entries on their way into a batch or a set: three arrays that grow, up to a number of entries. */
export class PackedEntries {
  /** Entries that found no room because of the limit. */
  beyondLimit = 0;

  private readonly limit: number;
  private hosts4 = new Uint32Array(1024);
  private ranges4 = new Uint32Array(256);
  private ranges6 = new Uint32Array(256);
  private hosts4Length = 0;
  private ranges4Length = 0;
  private ranges6Length = 0;

  /** @param limit entries that are kept; more are counted and dropped, so that memory has a bound */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Entries kept. */
  get count(): number {
    return this.hosts4Length + this.ranges4Length / 2 + this.ranges6Length / 8;
  }

  /** Adds one IPv4 address. */
  host4(address: number): void {
    if (!this.hasRoom()) return;
    if (this.hosts4Length === this.hosts4.length) this.hosts4 = grown(this.hosts4, this.hosts4Length + 1);
    this.hosts4[this.hosts4Length] = address;
    this.hosts4Length += 1;
  }

  /** Adds the IPv4 range from `first` to `last`. */
  range4(first: number, last: number): void {
    if (first === last) {
      this.host4(first);
      return;
    }
    if (!this.hasRoom()) return;
    this.ranges4 = grown(this.ranges4, this.ranges4Length + 2);
    this.ranges4[this.ranges4Length] = first;
    this.ranges4[this.ranges4Length + 1] = last;
    this.ranges4Length += 2;
  }

  /** Adds the IPv6 range in the eight words at `words[i]`; one of IPv4-mapped addresses becomes IPv4. */
  range6(words: Uint32Array, i: number): void {
    if (isMapped(words, i) && isMapped(words, i + 4)) {
      this.range4(words[i + 3] ?? 0, words[i + 7] ?? 0);
      return;
    }
    if (!this.hasRoom()) return;
    this.ranges6 = grown(this.ranges6, this.ranges6Length + 8);
    for (let word = 0; word < 8; word += 1) this.ranges6[this.ranges6Length + word] = words[i + word] ?? 0;
    this.ranges6Length += 8;
  }

  /** What was added since the last time, in arrays that nobody else holds. */
  take(invalid: number): EntryBatch {
    const batch = {
      hosts4: this.hosts4.subarray(0, this.hosts4Length),
      ranges4: this.ranges4.subarray(0, this.ranges4Length),
      ranges6: this.ranges6.subarray(0, this.ranges6Length),
      invalid,
    };
    this.hosts4 = new Uint32Array(1024);
    this.ranges4 = new Uint32Array(256);
    this.ranges6 = new Uint32Array(256);
    this.hosts4Length = this.ranges4Length = this.ranges6Length = 0;
    return batch;
  }

  private hasRoom(): boolean {
    if (this.count < this.limit) return true;
    this.beyondLimit += 1;
    return false;
  }
}

function grown(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= words.length) return words;
  // Moved and not copied, so that the old one does not wait for the garbage collector.
  return new Uint32Array(words.buffer.transfer(words.byteLength * 2));
}

function isMapped(words: Uint32Array, i: number): boolean {
  return words[i] === 0 && words[i + 1] === 0 && words[i + 2] === 0xffff;
}
