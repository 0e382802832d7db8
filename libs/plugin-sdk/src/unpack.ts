import { AddressScanner } from './address-scanner.ts';
import type { Entry, EntryBatch } from './source.ts';

/** One range of a batch; both addresses are inside. */
export interface UnpackedRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Whether what a source gave is a batch; it may still be a wrong one. */
export function isEntryBatch(value: Entry | EntryBatch): value is EntryBatch {
  return 'hosts4' in value;
}

/** The ranges of a batch one by one, for tests and previews; for millions, use the batch as it is. */
export function* unpack(batch: EntryBatch): Generator<UnpackedRange, void, undefined> {
  for (const host of batch.hosts4) yield { family: 4, first: BigInt(host), last: BigInt(host) };
  for (let i = 0; i < batch.ranges4.length; i += 2) {
    yield { family: 4, first: BigInt(batch.ranges4[i] ?? 0), last: BigInt(batch.ranges4[i + 1] ?? 0) };
  }
  for (let i = 0; i < batch.ranges6.length; i += 8) {
    yield { family: 6, first: number6(batch.ranges6, i), last: number6(batch.ranges6, i + 4) };
  }
}

/** What the text of an entry's address means; undefined when it is no address, network or range. */
export function rangeOfText(address: string): UnpackedRange | undefined {
  if (address.length > 100) return undefined;
  const bytes = new TextEncoder().encode(`${address}\0`);
  const scanner = new AddressScanner();
  if (scanner.scan(bytes, 0) !== bytes.length - 1) return undefined;
  if (scanner.family === 4) return { family: 4, first: BigInt(scanner.first4), last: BigInt(scanner.last4) };
  return { family: 6, first: number6(scanner.words6, 0), last: number6(scanner.words6, 4) };
}

function number6(words: Uint32Array, at: number): bigint {
  let value = 0n;
  for (let word = at; word < at + 4; word += 1) value = (value << 32n) | BigInt(words[word] ?? 0);
  return value;
}
