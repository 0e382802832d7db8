import { textRuns } from './text-runs';

const shown = (text: string, keepsLines = false): string =>
  textRuns(text, { keepsLines })
    .map((run) => (run.isControl ? `[${run.text}]` : run.text))
    .join('');

describe('textRuns', () => {
  it('names control and direction characters instead of obeying them', () => {
    expect(shown('root\u001b[31m\u202egpj.exe')).toBe('root[\\x1b][31m[U+202E]gpj.exe');
    expect(shown('a\u0000b\u009bc\u200bd\ufeffe\u{e0041}f')).toBe('a[\\x00]b[\\x9b]c[U+200B]d[U+FEFF]e[U+E0041]f');
  });

  it('names half of a surrogate pair and leaves whole ones alone', () => {
    expect(shown('\ud800x😀')).toBe('[U+D800]x😀');
  });

  it('boxes line ends, unless the text may have lines', () => {
    expect(shown('a\nb')).toBe('a[\\x0a]b');
    expect(shown('a\n\tb\rc', true)).toBe('a\n\tb[\\x0d]c');
  });

  it('leaves ordinary text in one piece, mark-up included', () => {
    expect(textRuns('<script>alert(1)</script>', { keepsLines: false })).toHaveLength(1);
  });

  it('cuts a text that nobody reads to its end', () => {
    expect(shown('x'.repeat(5000))).toBe(`${'x'.repeat(4000)}…`);
  });
});
