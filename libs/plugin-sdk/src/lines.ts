import { lineTooLong, wholeLines } from './whole-lines.ts';

/** Bounds of a text read by lines. */
export interface LineOptions {
  /** Longest line in bytes, 16 KiB unless said otherwise. */
  readonly maxLineBytes?: number;
}

const MAX_LINE_BYTES = 16 * 1024;

/**
 * The lines of a UTF-8 text without their ends (`\n` or `\r\n`), empty ones too, whatever the chunks are.
 * @throws MalformedFeed for a longer line, a compressed, UTF-16 or HTML body
 */
export async function* lines(
  body: AsyncIterable<Uint8Array>,
  options: LineOptions = {},
): AsyncGenerator<string, void, undefined> {
  const maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const block of wholeLines(body, maxLineBytes)) {
    // One text for many lines: decoding each line by itself costs three times as much.
    const text = decoder.decode(block);
    let start = 0;
    while (start < text.length) {
      const found = text.indexOf('\n', start);
      const end = found < 0 ? text.length : found;
      const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
      if (isLonger(line, maxLineBytes)) throw lineTooLong(maxLineBytes);
      start = end + 1;
      yield line;
    }
  }
}

/** A character is at most three bytes, so most lines need not be measured. */
function isLonger(line: string, maxBytes: number): boolean {
  return line.length * 3 > maxBytes && Buffer.byteLength(line) > maxBytes;
}
