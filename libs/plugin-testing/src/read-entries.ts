import assert from 'node:assert/strict';
import type { Entry, EntryBatch } from '@bangui/plugin-sdk';
import { isEntryBatch, rangeOfText, unpack, type UnpackedRange } from '@bangui/plugin-sdk/host';
import type { ExpectedEntry } from './source-test.ts';
import type { Sample, Subject } from './subject.ts';

/** Most addresses and ranges in one batch. */
const MAX_BATCH_ENTRIES = 65_536;
const MAX_REASON = 200;

/** What a source gave for one body. */
export interface ReadEntries {
  /** In a form that can be compared and read, sorted. */
  readonly entries: readonly string[];
  readonly invalid: number;
}

/** Reads a whole body. */
export async function readAll<Config>(
  { source }: Subject<Config>,
  { feed, config }: Sample<Config>,
  body: AsyncIterable<Uint8Array>,
): Promise<ReadEntries> {
  const found = new FoundEntries();
  for await (const entry of source.parse(body, feed, config)) found.add(entry);
  return found.read();
}

/** Collects entries and batches in one form. */
export class FoundEntries {
  private readonly entries: string[] = [];
  private invalid = 0;

  add(value: Entry | EntryBatch): void {
    assertShape(value);
    if (isEntryBatch(value)) {
      for (const range of unpack(value)) this.entries.push(textOf(range));
      this.invalid += value.invalid;
    } else {
      const text = textOfEntry(value);
      if (text === undefined) this.invalid += 1;
      else this.entries.push(text);
    }
  }

  read(): ReadEntries {
    return { entries: this.entries.toSorted(), invalid: this.invalid };
  }
}

/** An expected entry in the same form; undefined when its address is none. */
export function textOfEntry({ address, reason, confidence, lastSeenAt }: ExpectedEntry): string | undefined {
  const range = rangeOfText(address);
  if (!range) return undefined;
  const details = [
    reason === undefined ? '' : ` reason ${JSON.stringify(reason)}`,
    confidence === undefined ? '' : ` confidence ${confidence}`,
    lastSeenAt === undefined ? '' : ` last seen ${lastSeenAt.toISOString()}`,
  ];
  return `${textOf(range)}${details.join('')}`;
}

/** Entries of `found` that `expected` does not have, each as often as it is too many. */
export function surplus(found: readonly string[], expected: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const entry of expected) left.set(entry, (left.get(entry) ?? 0) + 1);
  return found.filter((entry) => {
    const count = left.get(entry) ?? 0;
    left.set(entry, count - 1);
    return count <= 0;
  });
}

/** Fails for what is neither an entry nor a batch. */
export function assertShape(value: unknown): asserts value is Entry | EntryBatch {
  assert.ok(typeof value === 'object' && value !== null, `gave ${String(value)}, which is no entry`);
  if ('hosts4' in value || 'ranges4' in value || 'ranges6' in value) {
    assertBatch(value);
    return;
  }
  const entry = value as Partial<Record<keyof Entry, unknown>>;
  assert.equal(typeof entry.address, 'string', 'an entry has no text as its address');
  const { reason, confidence, lastSeenAt } = entry;
  assert.ok(
    reason === undefined || (typeof reason === 'string' && reason.length <= MAX_REASON),
    `the reason of ${String(entry.address)} is no text of at most ${MAX_REASON} characters`,
  );
  assert.ok(
    confidence === undefined || (typeof confidence === 'number' && confidence >= 0 && confidence <= 100),
    `the confidence of ${String(entry.address)} is not from 0 to 100`,
  );
  assert.ok(
    lastSeenAt === undefined || (lastSeenAt instanceof Date && !Number.isNaN(lastSeenAt.getTime())),
    `lastSeenAt of ${String(entry.address)} is no valid date`,
  );
}

function assertBatch({ hosts4, ranges4, ranges6, invalid }: Partial<Record<keyof EntryBatch, unknown>>): void {
  assert.ok(
    hosts4 instanceof Uint32Array && ranges4 instanceof Uint32Array && ranges6 instanceof Uint32Array,
    'a batch has other arrays than Uint32Array',
  );
  assert.ok(ranges4.length % 2 === 0, 'ranges4 of a batch is not in pairs');
  assert.ok(ranges6.length % 8 === 0, 'ranges6 of a batch is not in groups of eight');
  assert.ok(Number.isInteger(invalid) && Number(invalid) >= 0, 'invalid of a batch is no count');
  const count = hosts4.length + ranges4.length / 2 + ranges6.length / 8;
  assert.ok(count <= MAX_BATCH_ENTRIES, `a batch has ${count} entries, more than ${MAX_BATCH_ENTRIES}`);
}

function textOf({ family, first, last }: UnpackedRange): string {
  const write = family === 4 ? writeIPv4 : writeIPv6;
  return first === last ? write(first) : `${write(first)}-${write(last)}`;
}

function writeIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

function writeIPv6(value: bigint): string {
  const digits = value.toString(16).padStart(32, '0');
  return (digits.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
}
