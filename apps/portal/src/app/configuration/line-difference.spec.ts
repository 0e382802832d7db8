import { lineDifference } from './line-difference';

const told = (before: string | null, after: string | null): string[] =>
  lineDifference(before, after).flatMap(({ lines }) =>
    lines.map(({ kind, before: old, after: fresh, text }) => {
      const sign = { same: ' ', added: '+', removed: '-' }[kind];
      return `${sign} ${String(old)} ${String(fresh)} ${text}`;
    }),
  );

describe('lineDifference', () => {
  it('numbers the lines of both sides', () => {
    expect(told('[a]\nx = 1\ny = 2\n', '[a]\nx = 3\ny = 2\nz = 4\n')).toEqual([
      '  1 1 [a]',
      '- 2 null x = 1',
      '+ null 2 x = 3',
      '  3 3 y = 2',
      '+ null 4 z = 4',
    ]);
  });

  it('shows all of a file that comes or goes', () => {
    expect(told(null, '[a]\nx = 1\n')).toEqual(['+ null 1 [a]', '+ null 2 x = 1']);
    expect(told('[a]\n', null)).toEqual(['- 1 null [a]']);
  });

  it('leaves out what is far from any change', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${String(index)}\n`);
    const changed = lines.with(2, 'first\n').with(90, 'last\n');
    const parts = lineDifference(lines.join(''), changed.join(''));
    expect(parts.map((part) => part.lines.length)).toEqual([7, 8]);
  });

  it('makes no line of the remark about a missing line feed', () => {
    expect(told('x = 1', 'x = 1\n')).toEqual(['- 1 null x = 1', '+ null 1 x = 1']);
  });

  it('does not look for the shortest way between two large texts that have nothing in common', () => {
    const text = (word: string): string =>
      Array.from({ length: 20_000 }, (_, line) => `${word} ${String(line)}`).join('\n');
    const [part] = lineDifference(text('old'), text('new'));
    expect(part?.lines.length).toBe(40_000);
  });
});
