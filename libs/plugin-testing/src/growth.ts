import assert from 'node:assert/strict';
import { chunked, type Growth } from './bodies.ts';
import { FoundEntries } from './read-entries.ts';
import type { Sample, Subject } from './subject.ts';

const REPEATS = 5;
const MAX_CANDIDATES = 100;

/** Finds the part of a fixture that gives one more entry each time it is repeated: an item of an array in JSON, or else a line. */
export async function findGrowth<Config>(subject: Subject<Config>, sample: Sample<Config>): Promise<Growth> {
  const text = Buffer.from(sample.bytes).toString('utf8');
  const before = await countEntries(subject, sample, text);
  let tried = 0;
  for (const growth of [...growthsOfJson(text), ...growthsOfLines(text)]) {
    const { start, unit, end } = growth;
    const after = await countEntries(subject, sample, `${start}${unit.repeat(REPEATS)}${end}`);
    if (after >= before + REPEATS) return growth;
    tried += 1;
    if (tried >= MAX_CANDIDATES) break;
  }
  return assert.fail(`no line or item of the fixture for "${sample.feed.key}" can be repeated to give more entries`);
}

async function countEntries<Config>(
  { source }: Subject<Config>,
  { feed, config }: Sample<Config>,
  text: string,
): Promise<number> {
  const found = new FoundEntries();
  try {
    for await (const entry of source.parse(chunked(Buffer.from(text), 64), feed, config)) found.add(entry);
  } catch (error) {
    // A count at the end of a list does not fit one that was made longer; what came before it counts.
    if (!(error instanceof Error && error.name === 'MalformedFeed')) throw error;
  }
  return found.read().entries.length;
}

function* growthsOfJson(text: string): Generator<Growth, void, undefined> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // Not JSON as a whole: then it is read by lines.
    return;
  }
  const mark = '\u0001here\u0001';
  for (const array of arraysIn(document)) {
    for (const item of array.slice(0, 10)) {
      array.unshift(mark);
      const [start = '', end = ''] = JSON.stringify(document).split(`${JSON.stringify(mark)},`);
      array.shift();
      yield { start, unit: `${JSON.stringify(item)},`, end };
    }
  }
}

function arraysIn(value: unknown): unknown[][] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(arraysIn);
  return Array.isArray(value) ? [value as unknown[], ...inside] : inside;
}

function* growthsOfLines(text: string): Generator<Growth, void, undefined> {
  const lines = text.split(/(?<=\n)/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const unit = line.endsWith('\n') ? line : `${line}\n`;
    yield { start: lines.slice(0, index).join(''), unit, end: lines.slice(index).join('') };
  }
}
