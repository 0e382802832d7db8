import assert from 'node:assert/strict';
import { broken, chunked, compressed, counted, endless, inUtf16, Reading } from './bodies.ts';
import { FoundEntries, readAll, surplus, type ReadEntries } from './read-entries.ts';
import type { Check } from './check.ts';
import { samples, type Sample, type Subject } from './subject.ts';
import { watchMemory } from './watch-memory.ts';

const MIB = 1024 * 1024;
const CUTS = 120;

/** What publishers' servers send instead of a list; each holds an address of the one who asked. */
const OTHER_PAGES = {
  'an HTML challenge page': `<!DOCTYPE html>\n<html><head><title>Just a moment</title></head>\n<body><pre>\n192.0.2.1\n192.0.2.2\n</pre></body></html>\n`,
  'an HTML page after blank lines': `\n  \n<html>\n192.0.2.1\n</html>\n`,
  'an error in JSON': `{"error":"rate limited","ip":"192.0.2.1","status":429}\n`,
  'an error in plain text': `Too many requests from 192.0.2.1. Try again later.\n`,
} as const;

/** What is not the publisher's list is never taken for one. */
export function hostileChecks<Config>(subject: Subject<Config>): Check[] {
  return [
    ...Object.entries(OTHER_PAGES).map(([name, page]) => ({
      title: `refuses ${name} as malformed`,
      run: async () => {
        for (const sample of await samples(subject)) {
          await assertMalformed(subject, sample, chunked(Buffer.from(page), 16));
        }
      },
    })),
    {
      title: 'refuses a compressed body as malformed',
      run: async () => {
        for (const sample of await samples(subject)) {
          await assertMalformed(subject, sample, chunked(compressed(sample.bytes), 16));
        }
      },
    },
    {
      title: 'refuses a body in UTF-16 as malformed',
      run: async () => {
        for (const sample of await samples(subject)) {
          await assertMalformed(subject, sample, chunked(inUtf16(sample.bytes), 16));
        }
      },
    },
    {
      title: 'makes at most one wrong entry of a body that is cut off',
      run: async () => {
        for (const sample of await samples(subject)) {
          const whole = await readAll(subject, sample, chunked(sample.bytes, 64));
          for (const length of cuts(sample.bytes.length)) {
            const { entries } = await readCut(subject, sample, length);
            // A plain line may be cut within an address; only the download's length can tell.
            const wrong = surplus(entries, whole.entries);
            assert.ok(wrong.length <= 1, `cut after ${length} bytes it gives ${wrong.join(', ')}`);
          }
        }
      },
    },
    {
      title: 'passes on an error of the download and gives no entry that was cut by it',
      run: async () => {
        for (const sample of await samples(subject)) {
          const whole = await readAll(subject, sample, chunked(sample.bytes, 64));
          for (const length of cuts(sample.bytes.length)) await assertErrorPassed(subject, sample, length, whole);
        }
      },
    },
    {
      title: 'refuses a line or item without end, within bounded memory',
      run: async () => {
        for (const sample of await samples(subject)) {
          const size = Math.min(10 * MIB, subject.source.metadata.limits.maxBytes);
          const body = watchMemory(counted(endless(sample.bytes, size), new Reading()));
          await assertMalformed(subject, sample, body);
        }
      },
    },
  ];
}

async function assertMalformed<Config>(
  subject: Subject<Config>,
  sample: Sample<Config>,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  let given: ReadEntries;
  try {
    given = await readAll(subject, sample, body);
  } catch (error) {
    if (isMalformed(error)) return;
    throw error;
  }
  assert.fail(`feed "${sample.feed.key}" takes it for a list of ${given.entries.length} entries; throw MalformedFeed`);
}

async function readCut<Config>(subject: Subject<Config>, sample: Sample<Config>, length: number): Promise<ReadEntries> {
  try {
    return await readAll(subject, sample, chunked(sample.bytes.subarray(0, length), 64));
  } catch (error) {
    // To refuse what is cut off is best of all.
    if (isMalformed(error)) return { entries: [], invalid: 0 };
    throw error;
  }
}

async function assertErrorPassed<Config>(
  { source }: Subject<Config>,
  { feed, config, bytes }: Sample<Config>,
  length: number,
  whole: ReadEntries,
): Promise<void> {
  const failure = new Error('The connection broke.');
  const found = new FoundEntries();
  const body = broken(bytes.subarray(0, length), failure);
  try {
    for await (const entry of source.parse(body, feed, config)) found.add(entry);
    assert.fail(`ends as if all were well when the download breaks after ${length} bytes`);
  } catch (error) {
    assert.equal(error, failure, 'throws another error than the download did');
  }
  const wrong = surplus(found.read().entries, whole.entries);
  assert.deepEqual(wrong, [], `gives an entry that was cut when the download broke after ${length} bytes`);
}

/** Every length of a short fixture; of a longer one some all over it, and the last bytes. */
function cuts(length: number): number[] {
  const step = Math.max(1, Math.floor(length / CUTS));
  const lengths: number[] = [];
  for (let cut = 1; cut < length; cut += length - cut < 24 ? 1 : step) lengths.push(cut);
  return lengths;
}

function isMalformed(error: unknown): boolean {
  return error instanceof Error && error.name === 'MalformedFeed';
}
