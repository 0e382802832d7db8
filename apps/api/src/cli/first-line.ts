import { type Readable } from 'node:stream';

/** Longest line that is read, in bytes; more than any password has. */
const maxBytes = 4_096;

/** The first line, without its end, in UTF-8; at most 4,096 bytes of it, however much comes. */
export async function firstLine(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Without an encoding a stream gives bytes.
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes || chunk.includes(0x0a)) break;
  }
  const text = Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  return text.split(/\r?\n/, 1)[0] ?? '';
}
