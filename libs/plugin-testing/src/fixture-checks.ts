import assert from 'node:assert/strict';
import { rangeOfText } from '@bangui/plugin-sdk/host';
import { chunked, withWindowsLineEnds } from './bodies.ts';
import { FoundEntries, readAll, textOfEntry } from './read-entries.ts';
import type { Check } from './check.ts';
import { samples, type Subject } from './subject.ts';

/** RFC 5737, RFC 3849 and RFC 9637, and what belongs to no host: this machine, masks. */
const DOCUMENTATION = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8::/32',
  '3fff::/20',
  '0.0.0.0/32',
  '127.0.0.0/8',
  '255.0.0.0/8',
];
const QUAD = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;

/** A source reads its fixtures, however they arrive. */
export function fixtureChecks<Config>(subject: Subject<Config>): Check[] {
  const { source, test } = subject;
  const exactly = (title: string, change: (bytes: Uint8Array) => Uint8Array, size: number): Check => ({
    title,
    run: async () => {
      const found = { entries: [] as string[], invalid: 0 };
      for (const sample of await samples(subject)) {
        const { entries, invalid } = await readAll(subject, sample, chunked(change(sample.bytes), size));
        found.entries.push(...entries);
        found.invalid += invalid;
      }
      const entries = test.entries.map((entry) => textOfEntry(entry) ?? assert.fail(`${entry.address} is no address`));
      assert.deepEqual(
        { ...found, entries: found.entries.toSorted() },
        { entries: entries.toSorted(), invalid: test.invalid ?? 0 },
      );
    },
  });
  const same = (bytes: Uint8Array) => bytes;
  return [
    {
      title: 'has fixtures with documentation addresses only, never a publisher’s data',
      run: async () => {
        for (const { bytes } of await samples(subject)) {
          for (const [quad] of Buffer.from(bytes).toString('utf8').matchAll(QUAD)) assertDocumentation(quad);
        }
        for (const { address } of test.entries) assertDocumentation(address);
      },
    },
    ...[1, 7, 65_536].map((size) => exactly(`reads its fixtures exactly in chunks of ${size} bytes`, same, size)),
    exactly('reads them exactly with a byte order mark and CRLF', withWindowsLineEnds, 5),
    {
      title: 'reads two bodies at once without mixing them up',
      run: async () => {
        for (const sample of await samples(subject)) {
          const expected = await readAll(subject, sample, chunked(sample.bytes, 64));
          const readings = [13, 64].map((size) => ({
            found: new FoundEntries(),
            reader: source.parse(chunked(sample.bytes, size), sample.feed, sample.config)[Symbol.asyncIterator](),
          }));
          const open = new Set(readings);
          while (open.size > 0) {
            for (const reading of open) {
              const next = await reading.reader.next();
              if (next.done === true) open.delete(reading);
              else reading.found.add(next.value);
            }
          }
          for (const { found } of readings) assert.deepEqual(found.read(), expected);
        }
      },
    },
    {
      title: 'downloads nothing itself',
      run: async () => {
        const original = globalThis.fetch;
        let calls = 0;
        globalThis.fetch = () => {
          calls += 1;
          return Promise.reject(new Error('A source downloads nothing.'));
        };
        try {
          for (const sample of await samples(subject)) await readAll(subject, sample, chunked(sample.bytes, 64));
        } finally {
          globalThis.fetch = original;
        }
        assert.equal(calls, 0, 'fetch was called');
      },
    },
  ];
}

function assertDocumentation(address: string): void {
  const range = rangeOfText(address);
  // What is no address, such as a version number, is nobody's.
  if (!range) return;
  const isInside = DOCUMENTATION.some((text) => {
    const around = rangeOfText(text);
    return around?.family === range.family && around.first <= range.first && range.last <= around.last;
  });
  assert.ok(isInside, `${address} is not from a range for documentation (${DOCUMENTATION.slice(0, 4).join(', ')})`);
}
