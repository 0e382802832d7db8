import { type Entry, type EntryBatch } from '@bangui/plugin-sdk';
import { isEntryBatch } from '@bangui/plugin-sdk/host';
import { PluginFault } from './plugin-fault.ts';

/** Addresses and ranges that one batch may hold. */
export const MAX_BATCH_ENTRIES = 65_536;

const MAX_ADDRESS_LENGTH = 100;
const MAX_REASON_LENGTH = 200;

/** Checks all that a source gives for one feed, and counts it. */
export class EntryChecks {
  private count = 0;
  private readonly maxEntries: number;

  constructor(maxEntries: number) {
    this.maxEntries = maxEntries;
  }

  /**
   * The entry or batch, as it may be used.
   * @throws PluginFault when it is neither, or one too many
   */
  take(value: unknown): Entry | EntryBatch {
    if (typeof value !== 'object' || value === null)
      throw new PluginFault('broken', 'It gave an entry that is no object.');
    // An object: whether it has the members of one or the other is what the checks are about.
    const given = value as Entry | EntryBatch;
    if (isEntryBatch(given)) {
      this.add(batchSize(given));
      return given;
    }
    this.add(1);
    return checkedEntry(given);
  }

  private add(count: number): void {
    this.count += count;
    if (this.count > this.maxEntries) {
      throw new PluginFault('too-much', `It gave more entries than its limit of ${this.maxEntries}.`);
    }
  }
}

function batchSize({ hosts4, ranges4, ranges6, invalid }: EntryBatch): number {
  const arrays: readonly unknown[] = [hosts4, ranges4, ranges6];
  const isShaped =
    arrays.every((array) => array instanceof Uint32Array) && ranges4.length % 2 === 0 && ranges6.length % 8 === 0;
  if (!isShaped || !Number.isSafeInteger(invalid) || invalid < 0) {
    throw new PluginFault('broken', 'It gave a batch of a wrong form.');
  }
  const size = hosts4.length + ranges4.length / 2 + ranges6.length / 8;
  if (size > MAX_BATCH_ENTRIES) throw new PluginFault('broken', `It gave a batch of more than ${MAX_BATCH_ENTRIES}.`);
  for (let at = 0; at < ranges4.length; at += 2) {
    if ((ranges4[at] ?? 0) > (ranges4[at + 1] ?? 0))
      throw new PluginFault('broken', 'It gave a range that ends before it begins.');
  }
  for (let at = 0; at < ranges6.length; at += 8) {
    if (isReversed6(ranges6, at)) throw new PluginFault('broken', 'It gave a range that ends before it begins.');
  }
  return size;
}

function isReversed6(words: Uint32Array, at: number): boolean {
  for (let word = at; word < at + 4; word += 1) {
    const difference = (words[word] ?? 0) - (words[word + 4] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** The entry itself, unless its reason has to be cut: there may be millions. */
function checkedEntry(entry: Entry): Entry {
  const { address, reason, confidence, lastSeenAt } = entry;
  const isFine =
    typeof address === 'string' &&
    address.length <= MAX_ADDRESS_LENGTH &&
    (reason === undefined || typeof reason === 'string') &&
    (confidence === undefined || (typeof confidence === 'number' && confidence >= 0 && confidence <= 100)) &&
    (lastSeenAt === undefined || (lastSeenAt instanceof Date && Number.isFinite(lastSeenAt.getTime())));
  if (!isFine) throw new PluginFault('broken', 'It gave an entry of a wrong form.');
  return reason !== undefined && reason.length > MAX_REASON_LENGTH
    ? { ...entry, reason: reason.slice(0, MAX_REASON_LENGTH) }
    : entry;
}
