import fc from 'fast-check';

/** Lines in which the rules of the parser meet: comments, blanks of every kind, delimiters, brackets, continuation. */
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', '   ', '# comment', '  # comment', '; comment', '\t; comment = 1') },
  {
    weight: 4,
    arbitrary: fc.constantFrom('[a]', '[b]', '[DEFAULT]', '[INCLUDES]', '[Init?family=inet6]', ' [c] ; note'),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '', '', ' ', '  ', '\t', '\u00a0'),
        fc.constantFrom('x', 'Y', 'z.a', 'long name', 'Ä', 'İ', '__p', 'known/x', '[k'),
        fc.constantFrom(' = ', '=', ': ', ' :', ' =  ', '\t='),
        fc.constantFrom(
          '1',
          '',
          'a b',
          'a;b',
          'a ;b',
          ';',
          ' ; c',
          '#c',
          'a # b',
          '%(x)s',
          '"q"',
          'é ',
          '= =',
          '[s]',
          'a\u0085b',
        ),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom(' ', '    ', '\t', '  \u3000', '\u001c'),
        fc.constantFrom('more', 'x = 2', '[d]', 'a ; b', 'c;d', '= 1', 'ende \t', '-#', '\u2028w', 'w\u000b'),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'garbage',
      '[]',
      '[',
      '[]]',
      '[e]f]g',
      '= 1',
      ':',
      '\ufeff[a]',
      '\u0000',
      '\u001f',
      '\u0085',
      'é',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.toWellFormed()) },
);

const ending = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');

/** Text that looks like a configuration file most of the time, with every kind of line ending. */
export const iniTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(line, ending), { maxLength: 14 }),
    fc.oneof({ weight: 1, arbitrary: fc.constant('') }, { weight: 1, arbitrary: line }),
  )
  .map(([hasHeader, lines, last]) => (hasHeader ? '[a]\n' : '') + lines.map((parts) => parts.join('')).join('') + last);
