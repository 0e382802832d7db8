import { parseBounded } from './json-depth.ts';
import { lines } from './lines.ts';
import { MalformedFeed } from './malformed-feed.ts';
import { startOfBody } from './whole-lines.ts';

/** Bounds of a whole JSON document. */
export interface JsonOptions {
  /** Largest document in bytes, 1 MiB unless said otherwise; it is held in memory. */
  readonly maxBytes?: number;
  /** Deepest nesting, 16 levels unless said otherwise. */
  readonly maxDepth?: number;
}

/** Bounds of a text with one JSON value per line. */
export interface JsonLinesOptions {
  /** Longest line in bytes, 64 KiB unless said otherwise. */
  readonly maxLineBytes?: number;
  /** Deepest nesting of a line, 16 levels unless said otherwise. */
  readonly maxDepth?: number;
}

const MAX_BYTES = 1024 * 1024;
const MAX_LINE_BYTES = 64 * 1024;
const MAX_DEPTH = 16;

/**
 * Reads a small JSON document as a whole; a large one is read by `jsonItems`.
 * @throws MalformedFeed for a larger or deeper document, or no JSON
 */
export async function json(body: AsyncIterable<Uint8Array>, options: JsonOptions = {}): Promise<unknown> {
  const { maxBytes = MAX_BYTES, maxDepth = MAX_DEPTH } = options;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new MalformedFeed(`The document is larger than ${maxBytes} bytes.`);
    // A copy: the host may use its buffer again.
    chunks.push(chunk.slice());
  }
  return parseBounded(new TextDecoder().decode(startOfBody(Buffer.concat(chunks))), maxDepth);
}

/**
 * The values of a text with one JSON value per line; empty lines are skipped.
 * @throws MalformedFeed for a line that is no JSON, too long or too deep
 */
export async function* jsonLines(
  body: AsyncIterable<Uint8Array>,
  options: JsonLinesOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const { maxLineBytes = MAX_LINE_BYTES, maxDepth = MAX_DEPTH } = options;
  for await (const line of lines(body, { maxLineBytes })) {
    if (line.trim() !== '') yield parseBounded(line, maxDepth);
  }
}
