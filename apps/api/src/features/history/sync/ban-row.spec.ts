import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BanRow, parseBanRow, type RawBanRow } from './ban-row.ts';

const raw = (change: Partial<RawBanRow> = {}): RawBanRow => ({
  rowid: 7,
  jail: 'web',
  ip: '192.0.2.1',
  timeofban: 1_795_000_000,
  bantime: 600,
  bancount: 1,
  data: '{"matches":["a line"],"failures":3,"ip4":"192.0.2.1"}',
  ...change,
});

const linesOf = (row: BanRow | undefined): string[] | undefined => row && (JSON.parse(row.matches) as string[]);

describe('a row of fail2ban', () => {
  it('is read with its failures and lines', () => {
    expect(parseBanRow(raw())).toEqual({
      rowid: 7,
      jail: 'web',
      address: '192.0.2.1',
      failedAt: 1_795_000_000,
      duration: 600,
      banCount: 1,
      failures: 3,
      matches: '["a line"]',
    });
  });

  it('joins lines that fail2ban has cut at their date', () => {
    const data = JSON.stringify({
      matches: [['before ', '1795000000', ' after'], 'whole', ['a', 1, null]],
      failures: 2,
    });
    expect(linesOf(parseBanRow(raw({ data })))).toEqual(['before 1795000000 after', 'whole', 'a']);
  });

  it('takes durations with decimals, and -1 as permanent', () => {
    expect(parseBanRow(raw({ bantime: 2_629_800.4 }))?.duration).toBe(2_629_800);
    expect(parseBanRow(raw({ bantime: -1 }))?.duration).toBe(-1);
    expect(parseBanRow(raw({ bantime: -2 }))?.duration).toBe(-1);
  });

  it.each([null, '', '{', '[]', 'null', '"x"', '{"matches":7,"failures":"many"}', 7])(
    'has no lines when its data is %j',
    (data) => {
      expect(parseBanRow(raw({ data }))).toMatchObject({ failures: 0, matches: '[]' });
    },
  );

  it('keeps hostile lines as text, bounded and storable', () => {
    const matches = [
      '<script>alert(1)</script>',
      '\u001b[31m\u0000',
      'x'.repeat(1_000_000),
      '\ud800 alone',
      '__proto__',
    ];
    const row = parseBanRow(
      raw({ data: JSON.stringify({ matches: [...matches, ...Array.from({ length: 500 }, () => 'y')] }) }),
    );
    const lines = linesOf(row);
    expect(lines).toHaveLength(101);
    expect(lines?.[0]).toBe('<script>alert(1)</script>');
    expect(lines?.[2]).toBe(`${'x'.repeat(8_192)}… (8 more characters)`);
    expect(lines?.[3]).toBe('\ufffd alone');
    expect(lines?.at(-1)).toBe('… (1 more lines)');
  });

  it('is none without jail, address or time', () => {
    for (const change of [
      { jail: 7 },
      { jail: '' },
      { ip: null },
      { ip: 'x'.repeat(65) },
      { timeofban: 'x' },
      { timeofban: 0 },
      { rowid: null },
    ]) {
      expect(parseBanRow(raw(change))).toBeUndefined();
    }
  });

  it('never throws and always gives storable text, whatever the columns hold', () => {
    const anything = fc.oneof(fc.anything(), fc.json(), fc.string({ unit: 'binary' }), fc.double());
    fc.assert(
      fc.property(
        fc.record({
          rowid: anything,
          jail: anything,
          ip: anything,
          timeofban: anything,
          bantime: anything,
          bancount: anything,
          data: anything,
        }),
        (row) => {
          const parsed = parseBanRow({ ...row, rowid: 1, timeofban: 1_795_000_000, jail: 'web', ip: '192.0.2.1' });
          expect(linesOf(parsed)?.every((match) => match.isWellFormed())).toBe(true);
          expect(Number.isSafeInteger(parsed?.duration)).toBe(true);
          parseBanRow(row);
        },
      ),
    );
  });
});
