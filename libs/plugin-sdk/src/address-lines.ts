import { AddressScanner, NO_ADDRESS, skipSpaces } from './address-scanner.ts';
import { BatchBuilder } from './batch-builder.ts';
import type { LineOptions } from './lines.ts';
import { MalformedFeed } from './malformed-feed.ts';
import type { EntryBatch } from './source.ts';
import { LINE_FEED, lineTooLong, wholeLines } from './whole-lines.ts';

/** How the lines of a list look. */
export interface AddressLineOptions extends LineOptions {
  /** Characters that begin a comment, at the start of a line or after the address; `#;` unless said otherwise. */
  readonly comments?: string;
  /**
   * What may stand behind the address: only a comment (the default), or anything after a space, tab, comma or semicolon, as in
   * hosts files and in lists with a column of counts.
   */
  readonly after?: 'comment' | 'anything';
}

const MAX_LINE_BYTES = 4096;
const CARRIAGE_RETURN = 13;
const COMMA = 44;
const SEMICOLON = 59;
const SPACE = 32;
const TAB = 9;
/** So many lines without a single address are no list with errors but something else. */
const HOPELESS_LINES = 100;

/**
 * Reads a list with one address, network or range per line straight from its bytes into packed batches. Lines that are no
 * address are counted in the batches. An empty list is fine.
 * @throws MalformedFeed when not one line of the first 100 is an address, for a line beyond 4 KiB (or `maxLineBytes`), a
 * compressed, UTF-16 or HTML body
 */
export async function* addressLines(
  body: AsyncIterable<Uint8Array>,
  options: AddressLineOptions = {},
): AsyncGenerator<EntryBatch, void, undefined> {
  const reader = new AddressLineReader(options);
  for await (const block of wholeLines(body, options.maxLineBytes ?? MAX_LINE_BYTES)) {
    let offset = 0;
    while (offset < block.length) {
      offset = reader.read(block, offset);
      if (reader.batch.isFull) yield reader.batch.take();
    }
  }
  yield* rest(reader.batch);
}

/**
 * Packs addresses that were read another way, such as a column. Texts that are no address are counted.
 * @throws MalformedFeed when not one of the first 100 is an address
 */
export async function* addressBatches(
  addresses: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<EntryBatch, void, undefined> {
  const scanner = new AddressScanner();
  const batch = new BatchBuilder();
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(128);
  let read = 0;
  for await (const address of addresses) {
    const text = address.trim();
    // One byte stays zero, so that the scanner sees an end.
    const { written } = encoder.encodeInto(text.slice(0, 100), bytes.subarray(0, 127));
    bytes.fill(0, written, written + 1);
    read += 1;
    if (scanner.scan(bytes, 0) === written && text.length <= 100) batch.add(scanner);
    else batch.addInvalid();
    if (batch.total === 0 && read >= HOPELESS_LINES) throw notAList();
    if (batch.isFull) yield batch.take();
  }
  yield* rest(batch);
}

function* rest(batch: BatchBuilder): Generator<EntryBatch, void, undefined> {
  if (batch.isEmpty) return;
  if (batch.total === 0) throw notAList();
  yield batch.take();
}

function notAList(): MalformedFeed {
  return new MalformedFeed('Not one line is an address.');
}

/** Reads blocks of whole lines into a batch. */
class AddressLineReader {
  readonly batch = new BatchBuilder();
  private readonly scanner = new AddressScanner();
  private readonly maxLineBytes: number;
  private readonly comments = new Uint8Array(128);
  private readonly mayBeFollowed: boolean;
  private hopeless = 0;

  constructor({ maxLineBytes = MAX_LINE_BYTES, comments = '#;', after = 'comment' }: AddressLineOptions) {
    this.maxLineBytes = maxLineBytes;
    this.mayBeFollowed = after === 'anything';
    for (const character of comments) {
      const code = character.charCodeAt(0);
      if (code <= SPACE || code > 126) throw new RangeError('A comment character is printable ASCII.');
      this.comments[code] = 1;
    }
  }

  /** Reads lines from `offset` on until the batch is full or the block ends; answers where it stopped. */
  read(block: Uint8Array, offset: number): number {
    const { batch, scanner } = this;
    let start = offset;
    while (start < block.length && !batch.isFull) {
      const at = skipSpaces(block, start);
      const end = scanner.scan(block, at);
      if (end !== NO_ADDRESS && block[end] === LINE_FEED) {
        // The plain case, nine lines of ten.
        if (end - start > this.maxLineBytes) throw lineTooLong(this.maxLineBytes);
        batch.add(scanner);
        start = end + 1;
        continue;
      }
      const found = block.indexOf(LINE_FEED, start);
      const lineEnd = found < 0 ? block.length : found;
      if (lineEnd - start > this.maxLineBytes) throw lineTooLong(this.maxLineBytes);
      if (end !== NO_ADDRESS && end <= lineEnd && this.mayEnd(block, end, lineEnd)) batch.add(scanner);
      else if (!this.isBlankOrComment(block, at, lineEnd)) this.countInvalid();
      start = lineEnd + 1;
    }
    return start;
  }

  private countInvalid(): void {
    this.batch.addInvalid();
    this.hopeless += 1;
    if (this.batch.total === 0 && this.hopeless >= HOPELESS_LINES) throw notAList();
  }

  private mayEnd(block: Uint8Array, end: number, lineEnd: number): boolean {
    if (this.isBlankOrComment(block, skipSpaces(block, end), lineEnd)) return true;
    const next = block[end];
    return this.mayBeFollowed && (next === SPACE || next === TAB || next === COMMA || next === SEMICOLON);
  }

  private isBlankOrComment(block: Uint8Array, at: number, lineEnd: number): boolean {
    if (at >= lineEnd) return true;
    const byte = block[at] ?? 0;
    return this.comments[byte] === 1 || (byte === CARRIAGE_RETURN && skipSpaces(block, at + 1) >= lineEnd);
  }
}
