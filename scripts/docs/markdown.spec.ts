import { describe, expect, it } from 'vitest';
import { anchorOf, codeBlocks, headings, links } from './markdown.ts';

describe('headings', () => {
  it.each([
    ["It's `bangui doctor`: what?", 'its-bangui-doctor-what'],
    ['2. A user, and what it may touch', '2-a-user-and-what-it-may-touch'],
    ['See [the lock](scheduler.md) *now*', 'see-the-lock-now'],
    ['Über snake_case – und', 'über-snake_case--und'],
  ])('give %j the anchor that forges give it', (heading, anchor) => {
    expect(anchorOf(heading)).toBe(anchor);
  });

  it('with the same words are told apart, and those in code are none', () => {
    expect(headings('# One\n## One\n```sh\n# no heading\n```\n### One #')).toEqual([
      { level: 1, text: 'One', anchor: 'one' },
      { level: 2, text: 'One', anchor: 'one-1' },
      { level: 3, text: 'One', anchor: 'one-2' },
    ]);
  });
});

describe('links', () => {
  it('are found with their line, images too, and not in code', () => {
    const text = 'A [b](c.md) and ![d [e]](f.svg "g")\n`[h](i.md)` ``[`](j.md)``\n```\n[k](l.md)\n```\n[m](<n.md#o>)';
    expect(links(text)).toEqual([
      { line: 1, text: 'b', target: 'c.md' },
      { line: 1, text: 'd [e]', target: 'f.svg' },
      { line: 6, text: 'm', target: 'n.md#o' },
    ]);
  });
});

describe('blocks of code', () => {
  it('are found also in lists and with longer fences, without their indentation', () => {
    const text =
      '1. Do\n\n   ```sh\n   make run\n     deeper\n   ```\n\n````md\n```sh\nnot a block\n```\n````\n~~~ sql\nSELECT 1;';
    expect(codeBlocks(text)).toEqual([
      { line: 4, language: 'sh', text: 'make run\n  deeper' },
      { line: 9, language: 'md', text: '```sh\nnot a block\n```' },
      { line: 14, language: 'sql', text: 'SELECT 1;' },
    ]);
  });
});
