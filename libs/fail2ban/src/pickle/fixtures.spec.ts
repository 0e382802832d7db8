import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AnswerDecoder } from './decode.ts';
import { encodeRequest } from './encode.ts';
import { PythonObject, type PickleInput, type PythonValue } from './values.ts';

interface Fixture {
  command: PickleInput[] | null;
  requestHex: string;
  answerHex: string;
  /** Where the rest of an answer was that is too big to be kept; `answerHex` is only its beginning then. */
  answerFile?: string;
  decoded: unknown;
}

const FOLDER = join(import.meta.dirname, '..', '..', 'fixtures');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && !name.endsWith('-index.json'));

function fixture(name: string): Fixture {
  // The fixtures' README describes this form.
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Fixture;
}

/** A decoded value in the plain form the fixtures use. */
function plain(value: PythonValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(plain(key)), plain(item)]));
  if (value instanceof PythonObject) {
    const args = (value.args ?? []).map(plain);
    return /(?:Exception|Error)$/.test(value.className)
      ? { $exception: value.className, module: value.module, args }
      : { $object: `${value.module}.${value.className}`, args, state: plain(value.state) };
  }
  return value;
}

function decode(bytes: Buffer, chunkSize: number): PythonValue {
  const decoder = new AnswerDecoder();
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const answer = decoder.push(bytes.subarray(at, at + chunkSize));
    if (answer) {
      expect(at + chunkSize).toBeGreaterThanOrEqual(bytes.length);
      return answer.value;
    }
  }
  throw new Error('The answer has no end.');
}

describe('recorded answers', () => {
  const answered = names.filter((name) => fixture(name).answerFile === undefined);

  it('are there', () => {
    expect(answered.length).toBeGreaterThan(390);
  });

  it.each(answered)('%s decodes to what Python reads', (name) => {
    const { answerHex, decoded } = fixture(name);
    const bytes = Buffer.from(answerHex, 'hex');
    expect(plain(decode(bytes, bytes.length))).toEqual(decoded);
  });

  it('decode to the same value wherever they are cut into chunks', () => {
    for (const name of answered) {
      const { answerHex, decoded } = fixture(name);
      const bytes = Buffer.from(answerHex, 'hex');
      // Every boundary of a short answer, and single bytes of all.
      expect(plain(decode(bytes, 1)), name).toEqual(decoded);
      for (let cut = 1; cut < Math.min(bytes.length, 600); cut += 1) {
        const decoder = new AnswerDecoder();
        expect(decoder.push(bytes.subarray(0, cut)), `${name} cut at ${cut}`).toBeUndefined();
        expect(plain(decoder.push(bytes.subarray(cut))?.value ?? null), `${name} cut at ${cut}`).toEqual(decoded);
      }
    }
  });

  it('never decode to something when bytes are missing', () => {
    for (const name of answered.slice(0, 40)) {
      const bytes = Buffer.from(fixture(name).answerHex, 'hex');
      expect(new AnswerDecoder().push(bytes.subarray(0, -1)), name).toBeUndefined();
    }
  });
});

describe('recorded requests', () => {
  it('are written the same way, byte for byte, where they were recorded in protocol 2', () => {
    const { command, requestHex } = fixture('v1.0.2-req-proto2.json');
    // Python notes every value for later use, and appends a single one without a mark; we do neither.
    const recorded = Buffer.from(requestHex, 'hex').toString('latin1').replaceAll('q\0', '').replaceAll('q\x01', '');
    const ours = encodeRequest(command ?? []).toString('latin1');
    expect(ours.replace('](', ']').replace('e.<', 'a.<')).toBe(recorded);
  });
});
