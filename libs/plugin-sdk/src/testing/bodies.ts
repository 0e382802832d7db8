/** A body from texts, one chunk each, or from bytes cut into chunks of a size. */
export async function* bodyOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
}

/** A body in chunks of a size, given in the same memory every time. */
export async function* cut(text: string | Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(text);
  const memory = new Uint8Array(size);
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve();
    const piece = bytes.subarray(start, start + size);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
    memory.fill(0);
  }
}
