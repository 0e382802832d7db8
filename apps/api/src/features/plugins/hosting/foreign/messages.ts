import type { ConfigIssue, Entry, EntryBatch, Feed } from '@bangui/plugin-sdk';

/** What a child is asked; one thing each. */
export type ChildRequest =
  | { readonly ask: 'describe' }
  | { readonly ask: 'config'; readonly config: unknown }
  | { readonly ask: 'feeds'; readonly config: unknown }
  | { readonly ask: 'parse'; readonly feed: Feed; readonly config: unknown };

/** Why a child gave no answer. */
export interface ChildFault {
  readonly kind: 'malformed' | 'broken' | 'too-much';
  readonly message: string;
}

/** Outcome of a check of settings, in JSON. */
export type ChildConfigResult = { readonly value: unknown } | { readonly issues: readonly ConfigIssue[] };

/** Where the child finds what it may load, as URLs that end with a slash where they are folders. */
export interface ChildPlaces {
  /** The module of the source. */
  readonly entry: string;
  /** Folder of the package that it belongs to. */
  readonly plugin: string;
  /** Folder of our modules that run in the child. */
  readonly host: string;
  readonly sdk: SdkPlaces;
}

/** Where our copy of the SDK and of zod are. */
export interface SdkPlaces {
  readonly folder: string;
  readonly main: string;
  readonly hostPart: string;
  readonly zodFolder: string;
  readonly zodMain: string;
}

const BATCH_HEADER_WORDS = 4;

/** A batch as bytes: four counts (hosts4, ranges4, ranges6, invalid), then the numbers in the machine's own order. */
export function packBatch({ hosts4, ranges4, ranges6, invalid }: EntryBatch): Uint8Array {
  const words = new Uint32Array(BATCH_HEADER_WORDS + hosts4.length + ranges4.length + ranges6.length);
  words.set([hosts4.length, ranges4.length, ranges6.length, invalid]);
  words.set(hosts4, BATCH_HEADER_WORDS);
  words.set(ranges4, BATCH_HEADER_WORDS + hosts4.length);
  words.set(ranges6, BATCH_HEADER_WORDS + hosts4.length + ranges4.length);
  return new Uint8Array(words.buffer);
}

/** @throws Error when the counts do not add up to what is there */
export function unpackBatch(payload: Uint8Array): EntryBatch {
  // A copy: the payload may begin at any byte, and its buffer is used again.
  const words = new Uint32Array(new Uint8Array(payload).buffer, 0, Math.floor(payload.length / 4));
  const [hosts = 0, pairs = 0, octets = 0, invalid = 0] = words;
  if (payload.length !== 4 * (BATCH_HEADER_WORDS + hosts + pairs + octets)) throw new Error('a batch has a wrong size');
  const ranges4At = BATCH_HEADER_WORDS + hosts;
  const ranges6At = ranges4At + pairs;
  return {
    hosts4: words.subarray(BATCH_HEADER_WORDS, ranges4At),
    ranges4: words.subarray(ranges4At, ranges6At),
    ranges6: words.subarray(ranges6At),
    invalid,
  };
}

/** One entry in JSON: address, reason, confidence, epoch milliseconds. */
export type EntryRow = readonly [address: unknown, reason: unknown, confidence: unknown, lastSeenAt: number | null];

/** An entry as a row of JSON. */
export function rowOf({ address, reason, confidence, lastSeenAt }: Entry): EntryRow {
  return [address, reason ?? null, confidence ?? null, lastSeenAt === undefined ? null : lastSeenAt.getTime()];
}

/** What a row of JSON means; nothing of it is checked. */
export function entryOfRow(row: unknown): unknown {
  if (!Array.isArray(row)) return undefined;
  const [address, reason, confidence, lastSeenAt] = row as readonly unknown[];
  const entry: Record<string, unknown> = { address };
  if (reason !== null) entry['reason'] = reason;
  if (confidence !== null) entry['confidence'] = confidence;
  if (lastSeenAt !== null) entry['lastSeenAt'] = new Date(Number(lastSeenAt));
  return entry;
}
