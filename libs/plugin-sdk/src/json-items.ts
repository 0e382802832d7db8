import { JsonItemCutter } from './json-item-cutter.ts';

/** Where the items of a document are, and how large one may be. */
export interface JsonItemsOptions {
  /** Names of the properties that lead from the document to the array; none when the document is the array. */
  readonly path?: readonly string[];
  /** Largest item in bytes, 64 KiB unless said otherwise. */
  readonly maxItemBytes?: number;
  /** Deepest nesting of the document and of an item, 16 levels unless said otherwise. */
  readonly maxDepth?: number;
}

/**
 * The items of an array in a JSON document of any size, one after the other; only one item is held in memory. What stands
 * outside the array is skipped without being checked further than its brackets.
 * @throws MalformedFeed when there is no array at the path, an item is no JSON, too large or too deep, or the document is cut off
 */
export async function* jsonItems(
  body: AsyncIterable<Uint8Array>,
  options: JsonItemsOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const { path = [], maxItemBytes = 64 * 1024, maxDepth = 16 } = options;
  const cutter = new JsonItemCutter({ path, maxItemBytes, maxDepth });
  for await (const chunk of body) yield* cutter.read(chunk);
  cutter.finish();
}
