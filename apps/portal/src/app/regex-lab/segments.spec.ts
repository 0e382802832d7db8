import { describe, expect, it } from 'vitest';
import { segments } from './segments';

const told = (text: string, spans: Parameters<typeof segments>[1]): string =>
  segments(text, spans)
    .map((run) => (run.name === null ? run.text : `[${run.name} ${run.text}]`))
    .join('');

describe('segments', () => {
  it('marks what lies in a span, and the innermost where they overlap', () => {
    expect(told('FAIL from carol 203.0.113.9', [{ name: 'ip4', start: 16, end: 27 }])).toBe(
      'FAIL from carol [ip4 203.0.113.9]',
    );
    expect(
      told('host sshd: carol', [
        { name: 'outer', start: 0, end: 16 },
        { name: 'user', start: 11, end: 16 },
      ]),
    ).toBe('[outer host sshd: ][user carol]');
  });

  it('leaves out spans that lie nowhere', () => {
    const nowhere = [
      { name: 'a', start: -1, end: 2 },
      { name: 'b', start: 2, end: 2 },
      { name: 'c', start: 2, end: 99 },
    ];
    expect(told('text', nowhere)).toBe('text');
    expect(segments('', nowhere)).toEqual([]);
  });

  it('names what must not act, inside of spans too', () => {
    expect(segments('a\u001bb', [{ name: 'user', start: 1, end: 3 }])).toEqual([
      { text: 'a', isControl: false, name: null },
      { text: '\\x1b', isControl: true, name: 'user' },
      { text: 'b', isControl: false, name: 'user' },
    ]);
  });

  it('cuts a text that is too long to be read', () => {
    const runs = segments('x'.repeat(9000), [{ name: 'late', start: 8000, end: 8001 }]);
    expect(runs.map(({ text }) => text).join('')).toHaveLength(4001);
  });
});
