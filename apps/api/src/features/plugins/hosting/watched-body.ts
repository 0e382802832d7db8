/** A body that remembers its own failure, so that the download's error is not taken for the source's. */
export class WatchedBody implements AsyncIterable<Uint8Array> {
  /** What the download failed with. */
  failure: { readonly error: unknown } | undefined;
  private readonly body: AsyncIterable<Uint8Array>;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.body = body;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* this.body;
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
