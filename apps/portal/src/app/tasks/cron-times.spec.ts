import { type Cron, cronTimes, readCron } from './cron-times';

/** A Thursday. */
const NOW = Date.parse('2026-11-26T22:20:30Z');

function times(text: string, count = 3): readonly string[] {
  const cron = readCron(text);
  if ('kind' in cron) throw new Error(cron.kind);
  return cronTimes(cron, NOW, count).map((at) => new Date(at).toISOString().slice(0, 16));
}

describe('readCron', () => {
  it.each([
    ['', 'fields'],
    ['* * * *', 'fields'],
    ['* * * * * *', 'fields'],
    [`0 0 1 1 ${'0,'.repeat(60)}0`, 'fields'],
    ['60 * * * *', 'field 0'],
    ['* 24 * * *', 'field 1'],
    ['* * 0 * *', 'field 2'],
    ['* * * jan *', 'field 3'],
    ['* * * * 8', 'field 4'],
    ['5-1 * * * *', 'field 0'],
    ['*/0 * * * *', 'field 0'],
    ['1,,2 * * * *', 'field 0'],
    ['*5 * * * *', 'field 0'],
    ['0 0 30 2 *', 'never'],
  ])('refuses %s', (text, wrong) => {
    const read: Cron | { readonly kind: string; readonly field?: number } = readCron(text);
    const fault = 'kind' in read ? [read.kind, read.field].filter((part) => part !== undefined).join(' ') : 'cron';
    expect(fault).toBe(wrong);
  });

  it('forgives spaces around and between the fields', () => {
    expect(times('  0   4 * *  * ', 1)).toEqual(['2026-11-27T04:00']);
  });
});

describe('cronTimes', () => {
  it.each([
    ['*/15 * * * *', ['2026-11-26T22:30', '2026-11-26T22:45', '2026-11-26T23:00']],
    ['20/20 23 * * *', ['2026-11-26T23:20', '2026-11-26T23:40', '2026-11-27T23:20']],
    ['40 3 1 * *', ['2026-12-01T03:40', '2027-01-01T03:40', '2027-02-01T03:40']],
    ['0 12 * * 7', ['2026-11-29T12:00', '2026-12-06T12:00', '2026-12-13T12:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    // Either the 1st or a Monday.
    ['0 0 1 * 1', ['2026-11-30T00:00', '2026-12-01T00:00', '2026-12-07T00:00']],
  ])('finds when %s is due', (text, expected) => {
    expect(times(text, expected.length)).toEqual(expected);
  });
});
