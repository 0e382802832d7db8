import assert from 'node:assert/strict';
import { isEntryBatch } from '@bangui/plugin-sdk/host';
import { CHUNK_BYTES, counted, grown, Reading } from './bodies.ts';
import { findGrowth } from './growth.ts';
import { assertShape } from './read-entries.ts';
import type { Check } from './check.ts';
import { samples, type Subject } from './subject.ts';
import { watchMemory } from './watch-memory.ts';

const MIB = 1024 * 1024;
/** Between two entries or batches a parser may read so much of a body that is full of entries. */
const MAX_READ_AHEAD = MIB + CHUNK_BYTES;

/** A source reads as fast as it is asked to, and no more. */
export function flowChecks<Config>(subject: Subject<Config>): Check[] {
  const { source, test } = subject;
  const size = Math.min(10 * MIB, source.metadata.limits.maxBytes);
  return [
    {
      title: 'reads nothing before it is asked, and little at a time',
      run: async () => {
        for (const sample of await samples(subject)) {
          const { feed, config } = sample;
          const growth = await findGrowth(subject, sample);
          const reading = new Reading();
          const reader = source.parse(counted(grown(growth, size), reading), feed, config)[Symbol.asyncIterator]();
          await new Promise(setImmediate);
          assert.equal(reading.chunks, 0, 'it reads before the first entry is asked for');
          const { done } = await reader.next();
          assert.notEqual(done, true, 'it gives no entry');
          assert.ok(reading.bytes <= MAX_READ_AHEAD, `it reads ${reading.bytes} bytes before the first entry`);
          await reader.return?.();
        }
      },
    },
    {
      title: 'stops reading and closes the body when the host has had enough (maxEntries)',
      run: async () => {
        for (const sample of await samples(subject)) {
          const { feed, config } = sample;
          const growth = await findGrowth(subject, sample);
          const reading = new Reading();
          for await (const entry of source.parse(counted(grown(growth, size), reading), feed, config)) {
            assert.ok(entry);
            break;
          }
          const { chunks } = reading;
          assert.ok(reading.isClosed, 'the body stays open');
          await new Promise(setImmediate);
          assert.equal(reading.chunks, chunks, 'it goes on reading');
        }
      },
    },
    {
      title: `reads a list of ${Math.round(size / MIB)} MiB steadily within bounded memory`,
      run: async () => {
        for (const sample of await samples(subject)) {
          const { feed, config } = sample;
          const growth = await findGrowth(subject, sample);
          const reading = new Reading();
          const body = watchMemory(counted(grown(growth, size), reading));
          let readBefore = 0;
          try {
            for await (const entry of source.parse(body, feed, config)) {
              // Looks at every batch, and at single entries only now and then: there are a hundred thousand.
              if (isEntryBatch(entry)) assertShape(entry);
              const ahead = reading.bytes - readBefore;
              if (ahead > MAX_READ_AHEAD) assert.fail(`it reads ${ahead} bytes without giving an entry`);
              readBefore = reading.bytes;
            }
          } catch (error) {
            // A count at the end of a list does not fit one that was made longer.
            const hasReadAll = reading.isClosed && reading.bytes >= size / 2;
            if (!(error instanceof Error && error.name === 'MalformedFeed' && hasReadAll)) throw error;
          }
        }
      },
    },
    {
      title: 'keeps its fixtures within its own limits',
      run: async () => {
        const { maxBytes, maxEntries } = source.metadata.limits;
        for (const { bytes } of await samples(subject))
          assert.ok(bytes.length <= maxBytes, 'a fixture exceeds maxBytes');
        assert.ok(test.entries.length <= maxEntries, 'the fixtures exceed maxEntries');
      },
    },
  ];
}
