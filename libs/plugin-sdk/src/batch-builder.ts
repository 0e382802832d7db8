import type { AddressScanner } from './address-scanner.ts';
import type { EntryBatch } from './source.ts';

/** Addresses and ranges in one batch that this SDK makes; a tenth of a megabyte at most. */
const BATCH_ENTRIES = 8192;

/** Collects what a scanner has read, until a batch is full. */
export class BatchBuilder {
  /** Valid addresses and ranges so far, over all batches. */
  total = 0;

  private hosts4 = new Uint32Array(BATCH_ENTRIES);
  private ranges4 = new GrowingWords();
  private ranges6 = new GrowingWords();
  private hostCount = 0;
  private entryCount = 0;
  private invalid = 0;

  get isFull(): boolean {
    return this.entryCount >= BATCH_ENTRIES;
  }

  /** Whether there is nothing to hand out. */
  get isEmpty(): boolean {
    return this.entryCount === 0 && this.invalid === 0;
  }

  /** Takes over what the scanner stands on. */
  add(scanner: AddressScanner): void {
    this.entryCount += 1;
    this.total += 1;
    if (scanner.family === 6) {
      this.ranges6.add(scanner.words6);
    } else if (scanner.first4 === scanner.last4) {
      this.hosts4[this.hostCount] = scanner.first4;
      this.hostCount += 1;
    } else {
      this.ranges4.add([scanner.first4, scanner.last4]);
    }
  }

  addInvalid(): void {
    this.invalid += 1;
  }

  /** Hands the batch out and begins a new one. */
  take(): EntryBatch {
    const { hosts4, hostCount, invalid } = this;
    const batch: EntryBatch = {
      // A full array goes out as it is; a copy of a short one lets go of the rest.
      hosts4: hostCount === hosts4.length ? hosts4 : hosts4.slice(0, hostCount),
      ranges4: this.ranges4.take(),
      ranges6: this.ranges6.take(),
      invalid,
    };
    if (batch.hosts4 === hosts4) this.hosts4 = new Uint32Array(BATCH_ENTRIES);
    this.hostCount = 0;
    this.entryCount = 0;
    this.invalid = 0;
    return batch;
  }
}

class GrowingWords {
  private words = new Uint32Array(64);
  private length = 0;

  add(values: ArrayLike<number>): void {
    if (this.length + values.length > this.words.length) {
      const larger = new Uint32Array(this.words.length * 2);
      larger.set(this.words);
      this.words = larger;
    }
    this.words.set(values, this.length);
    this.length += values.length;
  }

  take(): Uint32Array {
    const taken = this.words.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}
