import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPython } from '../testing/python.ts';
import { AnswerDecoder } from './decode.ts';
import { encodePickle } from './encode.ts';
import { END_MARK } from './marks.ts';
import { type PickleInput, type PythonValue } from './values.ts';

/** Strings of every kind, lone surrogates too. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('\udce9', 'a\ud83dz', '\ufffd', '\0', '__proto__', 'é'.repeat(300)),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, -128, -129),
  fc.double({ noNaN: true }),
);
const integer = fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n });

const { value: anyValue } = fc.letrec<{ value: PickleInput }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    number,
    integer,
    text,
    fc.array(tie('value'), { maxLength: 6 }),
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([key]) => key })
      .map((entries) => new Map(entries)),
  ),
}));
const samples = fc.sample(anyValue, { numRuns: 600, seed: 20_261_122 });

/** A value as JSON that Python can compare and make, with every kind told apart. */
function described(value: PythonValue | PickleInput): unknown {
  if (value === null) return ['null'];
  if (typeof value === 'string')
    return ['str', [...Array(value.length).keys()].map((index) => value.charCodeAt(index))];
  if (typeof value === 'boolean') return ['bool', value];
  if (typeof value === 'bigint') return ['int', String(value)];
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return ['int', String(value)];
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return ['float', bytes.toString('hex')];
  }
  if (value instanceof Map) return ['dict', [...value].map(([key, item]) => [described(key), described(item)])];
  if (Array.isArray(value)) return ['list', value.map(described)];
  throw new Error('Not a value of these tests.');
}

/** The two directions in Python: describe what a pickle holds, and pickle what a description says. */
const PYTHON = `
import json, pickle, struct, sys
def describe(v):
    if v is None: return ['null']
    if isinstance(v, bool): return ['bool', v]
    if isinstance(v, int): return ['int', str(v)]
    if isinstance(v, float): return ['float', struct.pack('>d', v).hex()]
    if isinstance(v, str):
        b = v.encode('utf-16-le', 'surrogatepass')
        return ['str', list(struct.unpack('<%dH' % (len(b) // 2), b))]
    if isinstance(v, dict): return ['dict', [[describe(k), describe(x)] for k, x in v.items()]]
    return ['list', [describe(x) for x in v]]
def make(d):
    kind = d[0]
    if kind == 'null': return None
    if kind == 'bool': return d[1]
    if kind == 'int': return int(d[1])
    if kind == 'float': return struct.unpack('>d', bytes.fromhex(d[1]))[0]
    if kind == 'str': return struct.pack('<%dH' % len(d[1]), *d[1]).decode('utf-16-le', 'surrogatepass')
    if kind == 'dict': return {make(k): make(x) for k, x in d[1]}
    return tuple(make(x) for x in d[1]) if len(d[1]) % 2 else [make(x) for x in d[1]]
request = json.load(sys.stdin)
if 'pickles' in request:
    json.dump([describe(pickle.loads(bytes.fromhex(p))) for p in request['pickles']], sys.stdout)
else:
    json.dump([[pickle.dumps(make(d), p).hex() for d in request['values']] for p in (2, 3, 4, 5)], sys.stdout)
`;

function decode(pickle: Buffer): PythonValue {
  const answer = new AnswerDecoder().push(Buffer.concat([pickle, END_MARK]));
  if (!answer) throw new Error('The answer has no end.');
  return answer.value;
}

describe('the encoder', () => {
  it('writes what Python reads as the same value', () => {
    const read = runPython(PYTHON, { pickles: samples.map((value) => encodePickle(value).toString('hex')) });
    expect(read).toEqual(samples.map(described));
  });
});

describe('the decoder', () => {
  it('reads what Python writes, in protocols 2 to 5, as the same value', () => {
    const written = runPython(PYTHON, { values: samples.map(described) }) as string[][]; // the shape the program prints
    expect(written).toHaveLength(4);
    for (const pickles of written) {
      for (const [index, pickle] of pickles.entries()) {
        expect(described(decode(Buffer.from(pickle, 'hex')))).toEqual(described(samples[index] ?? null));
      }
    }
  });

  it('reads what the encoder writes as the same value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(described(decode(encodePickle(value)))).toEqual(described(value));
      }),
    );
  });

  it('reads an answer cut into any chunks as the same value', () => {
    fc.assert(
      fc.property(anyValue, fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }), (value, sizes) => {
        const bytes = Buffer.concat([encodePickle(value), END_MARK]);
        const decoder = new AnswerDecoder();
        let answer: { value: PythonValue } | undefined;
        let at = 0;
        for (let index = 0; at < bytes.length; index += 1) {
          const size = 1 + (sizes[index % sizes.length] ?? 0);
          expect(answer).toBeUndefined();
          answer = decoder.push(bytes.subarray(at, at + size));
          at += size;
        }
        if (!answer) throw new Error('The answer has no end.');
        expect(described(answer.value)).toEqual(described(value));
      }),
    );
  });
});
