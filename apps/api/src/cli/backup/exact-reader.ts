/** What was read ended too early. */
export class EndedEarly extends Error {}

/** Bytes of a stream, asked for in exact amounts. */
export class ExactReader {
  private readonly pieces: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.pieces = source[Symbol.asyncIterator]();
  }

  /** So many bytes at once; for a few megabytes at most. @throws EndedEarly */
  async take(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const piece of this.stream(bytes)) parts.push(piece);
    return Buffer.concat(parts);
  }

  /** So many bytes in pieces, as they come. @throws EndedEarly */
  async *stream(bytes: number): AsyncGenerator<Buffer> {
    for (let missing = bytes; missing > 0;) {
      const piece = this.rest.length > 0 ? this.rest : await this.next();
      if (!piece) throw new EndedEarly();
      this.rest = piece.subarray(missing);
      yield piece.subarray(0, missing);
      missing -= Math.min(missing, piece.length);
    }
  }

  /** Whether nothing but zeros follows, of which there may be `maxBytes`. */
  async endsWithin(maxBytes: number): Promise<boolean> {
    let bytes = 0;
    for (let piece: Buffer | undefined = this.rest; piece; piece = await this.next()) {
      bytes += piece.length;
      if (bytes > maxBytes || piece.some((byte) => byte !== 0)) return false;
    }
    return true;
  }

  private async next(): Promise<Buffer | undefined> {
    const next = await this.pieces.next();
    return next.done === true ? undefined : next.value;
  }
}
