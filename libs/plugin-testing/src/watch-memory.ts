import assert from 'node:assert/strict';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 1024 * 1024;
/** Memory that reading may add at any moment, however long the body is. */
const ALLOWED_BYTES = 8 * MIB;
const EVERY_BYTES = 2 * MIB;

/** Passes a body on and looks, after every 2 MiB, whether what is kept in memory has grown by more than 8 MiB. */
export async function* watchMemory(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const before = usedBytes();
  let passed = 0;
  let nextLook = EVERY_BYTES;
  for await (const chunk of body) {
    yield chunk;
    passed += chunk.length;
    if (passed < nextLook) continue;
    nextLook += EVERY_BYTES;
    const grown = usedBytes() - before;
    assert.ok(
      grown <= ALLOWED_BYTES,
      `keeps ${Math.round(grown / MIB)} MiB in memory after ${Math.round(passed / MIB)} MiB of the body`,
    );
  }
}

/** What is in use after a collection, in this thread: objects, and the memory of arrays outside the heap. */
function usedBytes(): number {
  collect();
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

const collect = findCollector();

function findCollector(): () => unknown {
  setFlagsFromString('--expose-gc');
  const collector: unknown = runInNewContext('gc');
  if (!isCollector(collector)) throw new Error('This runtime lets nobody collect garbage.');
  return collector;
}

function isCollector(value: unknown): value is () => unknown {
  return typeof value === 'function';
}
