import { MalformedFeed } from './malformed-feed.ts';

/** The byte that ends a line. */
export const LINE_FEED = 10;
/** Larger chunks are worked on in parts, so that a text made of a block stays small. */
const MAX_BLOCK_BYTES = 64 * 1024;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const TAB = 9;
const LESS_THAN = 60;

/**
 * Cuts a body into blocks of whole lines; only the last block may lack its line feed. A block is valid until the next is asked
 * for. Holds back at most one line.
 * @param maxLineBytes longest line without its end. Only lines across chunks are checked here, the rest by whoever reads the block.
 * @throws MalformedFeed for a longer line, a compressed, UTF-16 or HTML body
 */
export async function* wholeLines(
  body: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const held = new HeldLine(maxLineBytes);
  const start = new StartOfText();
  for await (const chunk of body) {
    for (let offset = 0; offset < chunk.length; offset += MAX_BLOCK_BYTES) {
      const piece = chunk.subarray(offset, offset + MAX_BLOCK_BYTES);
      let from = 0;
      if (held.length > 0) {
        const end = piece.indexOf(LINE_FEED);
        held.add(end < 0 ? piece : piece.subarray(0, end + 1));
        if (end < 0) continue;
        yield start.check(held.take());
        from = end + 1;
      }
      const end = piece.lastIndexOf(LINE_FEED) + 1;
      if (end > from) yield start.check(piece.subarray(from, end));
      held.add(piece.subarray(Math.max(end, from)));
    }
  }
  if (held.length > 0) yield start.check(held.take());
}

/** Says which line is too long. */
export function lineTooLong(maxLineBytes: number): MalformedFeed {
  return new MalformedFeed(`A line is longer than ${maxLineBytes} bytes.`);
}

/** The beginning of a line whose end has not come yet. */
class HeldLine {
  length = 0;
  private bytes = new Uint8Array(256);
  private readonly maxLineBytes: number;

  constructor(maxLineBytes: number) {
    this.maxLineBytes = maxLineBytes;
  }

  add(part: Uint8Array): void {
    const length = this.length + part.length;
    const content = part.at(-1) === LINE_FEED ? length - 1 : length;
    if (content > this.maxLineBytes) throw lineTooLong(this.maxLineBytes);
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(part, this.length);
    this.length = length;
  }

  take(): Uint8Array {
    const line = this.bytes.subarray(0, this.length);
    this.length = 0;
    return line;
  }
}

/** Looks at the first bytes: removes a byte order mark, and refuses what is certainly no list. */
class StartOfText {
  private isFirstBlock = true;
  private isBlankSoFar = true;

  check(block: Uint8Array): Uint8Array {
    if (!this.isBlankSoFar) return block;
    const text = this.isFirstBlock ? startOfBody(block) : block;
    this.isFirstBlock = false;
    const first = text.find((byte) => !isBlank(byte));
    if (first === LESS_THAN) throw new MalformedFeed('This is an HTML or XML page.');
    this.isBlankSoFar = first === undefined;
    return text;
  }
}

/**
 * The first bytes of a body without a byte order mark.
 * @throws MalformedFeed for a compressed or UTF-16 body
 */
export function startOfBody(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes;
  if (first === 0x1f && second === 0x8b) throw new MalformedFeed('The body is compressed with gzip.');
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new MalformedFeed('The text is UTF-16; UTF-8 is expected.');
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

/** Space, tab, carriage return or line feed. */
export function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN || byte === LINE_FEED;
}
