/** What a frame of the child's protocol holds. Requests and chunks go to the child, everything else comes from it. */
export const frameKinds = {
  /** JSON: what is asked; the first frame of each child. */
  request: 1,
  /** Bytes of the feed's body. */
  chunk: 2,
  /** The body is over. */
  end: 3,
  /** JSON: the answer to anything but `parse`. */
  result: 4,
  /** A packed batch. */
  batch: 5,
  /** JSON: entries that carry more than an address. */
  entries: 6,
  /** `parse` is over. */
  done: 7,
  /** JSON: why there is no answer, or no more of it. */
  fault: 8,
} as const;

/** One of {@link frameKinds}. */
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

/** One message: its kind and what it holds. */
export interface Frame {
  /** Comes from outside: any byte. */
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** Bytes before a payload: its length as 32 bits, least significant first, and its kind. */
export const HEADER_BYTES = 5;

/** Largest payload: the largest batch has 2 MiB and 16 bytes. */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/** What stands before a payload of this length. */
export function headerOf(kind: FrameKind, payloadBytes: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, payloadBytes, true);
  header[4] = kind;
  return header;
}

/**
 * Cuts a stream into frames; asks for more only when the next frame is asked for.
 * @throws Error when a frame is too large or the stream ends within one
 */
export async function* readFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let needed = HEADER_BYTES;
  for await (const chunk of stream) {
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < needed) continue;
    let bytes: Uint8Array = held.length === 1 ? chunk : Buffer.concat(held);
    for (;;) {
      needed = frameBytes(bytes);
      if (bytes.length < needed) break;
      yield { kind: bytes[4] ?? 0, payload: bytes.subarray(HEADER_BYTES, needed) };
      bytes = bytes.subarray(needed);
    }
    held = [bytes];
    heldBytes = bytes.length;
  }
  if (heldBytes > 0) throw new Error('the stream ends within a message');
}

/** Bytes of the frame that begins here, as far as that is known. */
function frameBytes(bytes: Uint8Array): number {
  if (bytes.length < HEADER_BYTES) return HEADER_BYTES;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > MAX_PAYLOAD_BYTES) throw new Error('a message is too large');
  return HEADER_BYTES + length;
}
