// A process of its own that reads a list, so that its memory is that of the list.
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { AddressSetBuilder, Network } from '@bangui/ip';
import { type ListFigures } from './address-sets.ts';

const [, , path = ''] = process.argv;

const startMb = process.memoryUsage.rss() / 1e6;
const startedAt = performance.now();
const builder = new AddressSetBuilder();
const file = await open(path);
const chunk = new Uint8Array(65_536);
for (;;) {
  const { bytesRead } = await file.read(chunk);
  if (bytesRead === 0) break;
  builder.addLines(chunk.subarray(0, bytesRead));
}
await file.close();
const { set, invalid } = builder.build();
const parseAndMergeMs = performance.now() - startedAt;
const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
if (invalid > 0) throw new Error(`${invalid} lines were not understood.`);

// A download is hashed as it comes: what counts is the hashing.
const bytes = await readFile(path);
const hashedFrom = process.cpuUsage();
createHash('sha256').update(bytes).digest();
const hashed = process.cpuUsage(hashedFrom);
const hashMs = (hashed.user + hashed.system) / 1_000;

const asked = Array.from({ length: 10_000 }, () => Network.of(4, BigInt(Math.floor(Math.random() * 2 ** 32)), 32));
const lookUps = asked.flatMap((network) => {
  if (!network) return [];
  const at = performance.now();
  set.contains(network);
  return [performance.now() - at];
});
lookUps.sort((a, b) => a - b);

const figures: ListFigures = {
  parseAndMergeMs,
  hashMs,
  // The slowest few are those in which the machine did something else.
  lookUpMs: lookUps[Math.floor(lookUps.length * 0.999)] ?? Number.NaN,
  ranges: set.rangeCount,
  storedMb: set.encode().byteLength / 1e6,
  startMb,
  peakMb,
};
process.send?.(figures);
