import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvField } from './export-format.ts';

/** What a reader of CSV makes of one quoted or plain field (RFC 4180). */
function unquoted(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}

describe('a field of CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['  =1', "'  =1"],
    ['＝1+1', "'＝1+1"],
    ['192.0.2.1', '192.0.2.1'],
    ['a=b', 'a=b'],
  ])('holds %j as %j', (text, expected) => {
    expect(unquoted(csvField(text))).toBe(expected);
  });

  it('leaves numbers as they are and null empty', () => {
    expect([csvField(-1), csvField(0), csvField(null)]).toEqual(['-1', '0', '']);
  });

  it('never breaks out of its place, acts on a terminal or begins a formula, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const field = csvField(text);
        if (/[",\r\n;]/.test(field)) expect(field).toMatch(/^"(?:[^"]|"")*"$/);
        expect(unquoted(field)).not.toMatch(/^[\t\r\n ]*[=+\-@]/);
        // eslint-disable-next-line no-control-regex -- there must be none
        expect(field).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(field.isWellFormed()).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
