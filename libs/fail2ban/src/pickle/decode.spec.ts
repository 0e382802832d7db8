import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerNotUnderstood } from '../errors.ts';
import { AnswerDecoder, DEFAULT_LIMITS, type DecodeLimits } from './decode.ts';
import { encodePickle } from './encode.ts';
import { END_MARK } from './marks.ts';
import { FIXED_ARGUMENT } from './opcodes.ts';
import { PythonObject, type PythonValue } from './values.ts';

/** Makes bytes from opcodes as characters (latin1) and numbers. */
function bytes(...parts: (string | number[])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
}

function answer(...parts: (string | number[])[]): Buffer {
  return Buffer.concat([bytes([0x80, 5], ...parts, '.'), END_MARK]);
}

function decode(input: Buffer, limits?: Partial<DecodeLimits>): PythonValue | undefined {
  return new AnswerDecoder(limits).push(input)?.value;
}

const text = (value: string): string => `\x8c${String.fromCharCode(value.length)}${value}`;

describe('the decoder', () => {
  it('keeps a key __proto__ as a key', () => {
    const value = decode(answer('}', text('__proto__'), '}', text('polluted'), [0x88], 's', 's'));
    expect(value).toBeInstanceOf(Map);
    expect(value instanceof Map && [...value.keys()]).toEqual(['__proto__']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('keeps an unknown object as its name and arguments and builds nothing', () => {
    const value = decode(answer(text('os'), text('system'), [0x93], text('touch /tmp/owned'), [0x85], 'R'));
    expect(value).toEqual(new PythonObject('os', 'system', ['touch /tmp/owned']));
  });

  it('takes only builtins.str with one text for a text', () => {
    expect(decode(answer(text('builtins'), text('str'), [0x93], text('192.0.2.1'), [0x85], 'R'))).toBe('192.0.2.1');
    expect(decode(answer(text('other'), text('str'), [0x93], text('a'), [0x85], 'R'))).toBeInstanceOf(PythonObject);
    expect(decode(answer(text('builtins'), text('str'), [0x93], 'K\x01', [0x85], 'R'))).toBeInstanceOf(PythonObject);
  });

  it('keeps lone surrogates, and the replacement character as itself', () => {
    expect(decode(answer('\x8c\x03\xed\xb3\xa9'))).toBe('\udce9');
    expect(decode(answer('\x8c\x03\xef\xbf\xbd'))).toBe('\ufffd');
    expect(decode(answer('\x8c\x06\xef\xbf\xbd\xed\xb3\xa9'))).toBe('\ufffd\udce9');
  });

  it.each([
    ['overlong', '\x8c\x02\xc0\x80'],
    ['a lone continuation byte', '\x8c\x01\x80'],
    ['a cut sequence', '\x8c\x02\xe2\x82'],
    ['beyond Unicode', '\x8c\x04\xf4\x90\x80\x80'],
  ])('refuses a text that is not UTF-8: %s', (_, program) => {
    expect(() => decode(answer(program))).toThrow(AnswerNotUnderstood);
  });

  it('reads a text that holds the end mark as a text', () => {
    const mark = END_MARK.toString('latin1');
    expect(decode(answer(text(mark)))).toBe(mark);
  });

  it.each([
    ['nothing on the stack', ''],
    ['two values at the end', 'NN'],
    ['an open mark at the end', '(N'],
    ['an append to no list', 'NNa'],
    ['a pair without a value', '}(Nu'],
    ['a tuple of too few', [0x86]],
    ['a tuple that reaches under a mark', 'N(N\x86'],
    ['an append that reaches under a mark', '](Na'],
    ['a value never remembered', 'h\x00'],
    ['a memo with a gap', 'Nr\xff\xff\xff\x7f'],
    ['a call of what is no class', 'N)R'],
    ['a call of an object', `${text('a')}${text('b')}\x93)R)R`],
    ['a state for what is no object', ']Nb'],
    ['a class named by a number', 'K\x01K\x02\x93'],
    ['a pop from nothing', '0'],
    ['a mark that was never set', 'e'],
    ['a persistent id', 'NQ'],
    ['an extension', '\x82\x01'],
    ['an out-of-band buffer', '\x97'],
    ['a global of the old form', 'cos\nsystem\n'],
    ['an instance of the old form', '(ios\nsystem\n'],
    ['a newer protocol', '\x80\x06N'],
    ['a number of 2 kB', Buffer.concat([bytes('\x8b\x00\x08\x00\x00'), Buffer.alloc(2048, 1)]).toString('latin1')],
  ])('refuses %s', (_, program) => {
    expect(() => decode(answer(program))).toThrow(AnswerNotUnderstood);
  });

  it('gives back what comes behind the end mark, and takes nothing more after it', () => {
    const decoder = new AnswerDecoder({ maxBytes: answer('N').length });
    expect(decoder.push(Buffer.concat([answer('N'), Buffer.from('next')]))).toEqual({
      value: null,
      rest: Buffer.from('next'),
    });
    expect(() => decoder.push(Buffer.from('next'))).toThrow(/after the end/);
  });

  it('refuses anything else than the mark after the pickle', () => {
    expect(() => decode(bytes('N.<F2B_END_COMMANX>'))).toThrow(AnswerNotUnderstood);
    // At once, not only when as many bytes as the mark has are there.
    expect(() => decode(bytes('N.x'))).toThrow(AnswerNotUnderstood);
  });

  it('refuses an answer over its size, also one that only announces it', () => {
    expect(() => decode(answer(text('a'.repeat(200))), { maxBytes: 100 })).toThrow(/too long/);
    expect(() => decode(bytes('X\xff\xff\xff\xff'), { maxBytes: 1000 })).toThrow(/too long/);
    expect(() => decode(bytes('\x8d\xff\xff\xff\xff\xff\xff\xff\xff'))).toThrow(/too long/);
  });

  it('refuses nesting over its limit, of lists, tuples, dictionaries and objects', () => {
    const { maxNesting } = DEFAULT_LIMITS;
    const tuples = (depth: number) => answer(')', '\x85'.repeat(depth - 1));
    const lists = (depth: number) => answer(']('.repeat(depth - 1), ']', 'e'.repeat(depth - 1));
    const dictionaries = (depth: number) => answer('}N'.repeat(depth - 1), '}', 's'.repeat(depth - 1));
    const objects = (depth: number) => answer(`${text('m')}${text('c')}\x93`.repeat(depth), 'N', '\x85R'.repeat(depth));
    for (const nested of [tuples, lists, dictionaries]) {
      expect(() => decode(nested(maxNesting)), nested.name).not.toThrow();
      expect(() => decode(nested(maxNesting + 1)), nested.name).toThrow(/nested too deeply/);
    }
    // An object and the tuple of its arguments are two levels.
    expect(() => decode(objects(maxNesting / 2))).not.toThrow();
    expect(() => decode(objects(maxNesting / 2 + 1))).toThrow(/nested too deeply/);
  });

  it('refuses more values than its limit, however they are made', () => {
    const limits = { maxValues: 1000 };
    for (const unit of ['N', '(', ']', 'N\x94']) {
      expect(() => decode(answer(unit.repeat(2000)), limits)).toThrow(/too many values/);
    }
  });

  it('shares a remembered value instead of copying it', () => {
    // Each step is a pair of the one before: written out, this would be a million million values.
    const step = (index: number) => bytes('q', [index], 'h', [index], [0x86]).toString('latin1');
    const value = decode(answer('N', Array.from({ length: 40 }, (_, index) => step(index)).join('')));
    const [left, right] = Array.isArray(value) ? value : [];
    expect(left).toBeInstanceOf(Array);
    expect(left).toBe(right);
  });

  it('takes any bytes without throwing anything but its own error', () => {
    const opcodes = [...FIXED_ARGUMENT.keys()].filter((opcode) => (FIXED_ARGUMENT[opcode] ?? -1) >= 0);
    const program = fc
      .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...opcodes) }, { weight: 3, arbitrary: fc.nat(255) }), {
        maxLength: 200,
      })
      .map((numbers) => Buffer.from(numbers));
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((each) => Buffer.from(each)),
      program,
      program.map((each) => Buffer.concat([each, bytes('.'), END_MARK])),
    );
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 50 }), (each, chunk) => {
        const decoder = new AnswerDecoder();
        try {
          for (let at = 0; at < each.length; at += chunk) decoder.push(each.subarray(at, at + chunk));
        } catch (error) {
          expect(error).toBeInstanceOf(AnswerNotUnderstood);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('takes a recorded answer with any byte changed without throwing anything but its own error', () => {
    const good = answer(
      '](',
      text('Filter'),
      ')',
      text('x'),
      'K\x01',
      '\x86\x94',
      'h\x00',
      'J\x01\x02\x03\x04',
      'e',
      '\x85',
    );
    expect(decode(good)).toBeDefined();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        try {
          decode(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(AnswerNotUnderstood);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('takes time in proportion to the bytes, even when a long text comes byte by byte', () => {
    const long = Buffer.concat([encodePickle('a'.repeat(2_000_000)), END_MARK]);
    const decoder = new AnswerDecoder();
    const started = performance.now();
    let value: PythonValue | undefined;
    for (let at = 0; at < long.length; at += 10) value = decoder.push(long.subarray(at, at + 10))?.value ?? value;
    expect(typeof value === 'string' && value.length).toBe(2_000_000);
    // Joining at every chunk would copy 200 GB.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
