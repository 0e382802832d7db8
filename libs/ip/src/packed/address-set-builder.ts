import { type Network } from '../network.ts';
import { AddressLines } from './address-lines.ts';
import { AddressSet } from './address-set.ts';
import { type EntryBatch } from './entry-batch.ts';
import { PackedEntries } from './packed-entries.ts';
import { radixSort } from './radix-sort.ts';
import { RangeList, RangeWriter } from './range-list.ts';
import { compareWords, fromBigInt, type Width } from './words.ts';

/** Limits of one set in the making. */
export interface BuilderLimits {
  /** Entries that are kept, duplicates included; more are counted and dropped. 10,000,000 unless said. */
  readonly maxEntries?: number;
  /** An IPv4 entry wider than this prefix is too broad and left out. 0 (nothing is) unless said; lists use 8. */
  readonly widestPrefix4?: number;
  /** An IPv6 entry wider than this prefix is too broad and left out. 0 (nothing is) unless said; lists use 19. */
  readonly widestPrefix6?: number;
}

/** A finished set and what became of the entries. */
export interface BuiltSet {
  readonly set: AddressSet;
  /** Entries that are in the set, duplicates included. */
  readonly entries: number;
  /** Lines, or numbers of a batch, that were no entry. */
  readonly invalid: number;
  /** Entries wider than allowed. */
  readonly tooBroad: number;
  /** Entries beyond `maxEntries`. */
  readonly beyondLimit: number;
}

/** Collects entries in any order, duplicates included, and makes a set of them by sorting once. */
export class AddressSetBuilder {
  private readonly limits: Required<BuilderLimits>;
  private readonly entries: PackedEntries;
  private readonly lines: AddressLines;
  private readonly range = new Uint32Array(8);
  private invalid = 0;

  constructor(limits: BuilderLimits = {}) {
    this.limits = { maxEntries: 10_000_000, widestPrefix4: 0, widestPrefix6: 0, ...limits };
    this.entries = new PackedEntries(this.limits.maxEntries);
    this.lines = new AddressLines(this.entries);
  }

  /** Adds one network. */
  add(network: Network): void {
    if (network.family === 4) {
      this.entries.range4(Number(network.first), Number(network.last));
      return;
    }
    fromBigInt(network.first, this.range, 0, 4);
    fromBigInt(network.last, this.range, 4, 4);
    this.entries.range6(this.range, 0);
  }

  /** Adds the lines of the next chunk of a text; a line may go on in the next chunk. */
  addLines(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  /** Ends the text that `addLines` was reading, so that the next chunk begins a new line. */
  endLines(): void {
    this.lines.end();
  }

  /** Adds a packed batch. Whatever is not a range in it counts as invalid, so a batch may come from code that is not trusted. */
  addBatch(batch: EntryBatch): void {
    const { hosts4, ranges4, ranges6 } = batch;
    this.invalid += Number.isSafeInteger(batch.invalid) && batch.invalid > 0 ? batch.invalid : 0;
    for (const address of hosts4) this.entries.host4(address);
    for (let i = 0; i < ranges4.length; i += 2) {
      const first = ranges4[i] ?? 0;
      const last = ranges4[i + 1];
      if (last === undefined || first > last) this.invalid += 1;
      else this.entries.range4(first, last);
    }
    for (let i = 0; i < ranges6.length; i += 8) {
      if (i + 8 > ranges6.length || compareWords(ranges6, i, ranges6, i + 4, 4) > 0) this.invalid += 1;
      else this.entries.range6(ranges6, i);
    }
  }

  /** Sorts and joins what was added. The builder is empty afterwards and can be used again; its counts go on from zero. */
  build(): BuiltSet {
    this.lines.end();
    const { hosts4, ranges4, ranges6 } = this.entries.take(0);
    const narrow4 = withoutBroad(ranges4, 1, this.limits.widestPrefix4);
    const narrow6 = withoutBroad(ranges6, 4, this.limits.widestPrefix6);
    const all = hosts4.length + ranges4.length / 2 + ranges6.length / 8;
    const tooBroad = (ranges4.length - narrow4.length) / 2 + (ranges6.length - narrow6.length) / 8;
    const built = {
      set: AddressSet.ofLists(
        joinHosts(radixSort(hosts4, 1, 1)).union(join(radixSort(narrow4, 2, 1), 1)),
        join(radixSort(narrow6, 8, 4), 4),
      ),
      entries: all - tooBroad,
      invalid: this.invalid + this.lines.invalid,
      tooBroad,
      beyondLimit: this.entries.beyondLimit,
    };
    this.invalid = this.lines.invalid = this.lines.lines = this.entries.beyondLimit = 0;
    return built;
  }
}

/** Moves the entries that are not too broad to the front of the array. */
function withoutBroad(words: Uint32Array, width: Width, widestPrefix: number): Uint32Array {
  const record = 2 * width;
  // The first word in which the first and the last address of the widest network still differ, and by how much at most.
  const word = Math.min(width - 1, widestPrefix >>> 5);
  const widest = 2 ** (32 * (word + 1) - widestPrefix) - 1;
  let kept = 0;
  for (let i = 0; i < words.length; i += record) {
    let isBroad = (words[i + width + word] ?? 0) - (words[i + word] ?? 0) > widest;
    for (let higher = 0; higher < word; higher += 1) isBroad ||= words[i + higher] !== words[i + width + higher];
    if (isBroad) continue;
    words.copyWithin(kept, i, i + record);
    kept += record;
  }
  return words.subarray(0, kept);
}

/** Joins sorted single addresses; counts first, so that the ranges are allocated once and exactly. */
function joinHosts(sorted: Uint32Array): RangeList {
  let ranges = 0;
  for (let i = 0; i < sorted.length; i += 1) {
    if (i === 0 || (sorted[i] ?? 0) - (sorted[i - 1] ?? 0) > 1) ranges += 1;
  }
  const words = new Uint32Array(2 * ranges);
  let at = -2;
  for (let i = 0; i < sorted.length; i += 1) {
    const address = sorted[i] ?? 0;
    if (i === 0 || address - (sorted[i - 1] ?? 0) > 1) {
      at += 2;
      words[at] = address;
    }
    words[at + 1] = address;
  }
  return new RangeList(1, words);
}

/** Joins ranges sorted by their first address. */
function join(sorted: Uint32Array, width: Width): RangeList {
  const out = new RangeWriter(width, sorted.length);
  for (let i = 0; i < sorted.length; i += 2 * width) out.join(sorted, i);
  return out.list();
}
