import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { configLanguage } from './config-language';

const names = tagHighlighter([
  { tag: tags.comment, class: 'comment' },
  { tag: tags.heading, class: 'section' },
  { tag: tags.propertyName, class: 'option' },
  { tag: tags.operator, class: 'operator' },
  { tag: tags.macroName, class: 'reference' },
  { tag: tags.tagName, class: 'tag' },
  { tag: tags.invalid, class: 'invalid' },
]);

/** `class:text` of everything that is coloured, operators left out. */
function coloured(text: string): string[] {
  const found: string[] = [];
  highlightTree(configLanguage.parser.parse(text), names, (from, to, name) => {
    if (name !== 'operator') found.push(`${name}:${text.slice(from, to)}`);
  });
  return found;
}

describe('configLanguage', () => {
  it('colours comments, sections, options, references and tags', () => {
    expect(
      coloured('# c\n[Init?family=inet6]\nfailregex = ^%(__prefix_line)sfrom <HOST> <F-USER>\\S+</F-USER> ; c'),
    ).toEqual([
      'comment:# c',
      'section:[Init?family=inet6]',
      'option:failregex ',
      'reference:%(__prefix_line)s',
      'tag:<HOST>',
      'tag:<F-USER>',
      'tag:</F-USER>',
      'comment:; c',
    ]);
  });

  it('takes an indented line for more of the value, whatever it looks like, and one that is not for an option', () => {
    expect(coloured('[a]\nx = ^1\n  y = <ADDR>\n\n  # no\n  [z]\nz = 1;2\nnothing')).toEqual([
      'section:[a]',
      'option:x ',
      'tag:<ADDR>',
      'comment:  # no',
      'option:z ',
      'invalid:nothing',
    ]);
  });

  it('takes tags of tags, and no look-behind nor named group', () => {
    expect(coloured('[a]\nx = <lt_<logtype>/datepattern> (?<!a)(?<=b)(?P<user>c)(?P=user) 100%%')).toEqual([
      'section:[a]',
      'option:x ',
      'tag:<lt_<logtype>/datepattern>',
      'reference:%%',
    ]);
  });
});
