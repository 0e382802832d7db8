import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenLinks, orphans } from './links.ts';
import { sideBar } from './navigation.ts';
import { siteLink } from './site-links.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bangui-docs-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

describe('links of the documentation', () => {
  it('may lead to pages, folders, headings, files of code and other sites', async () => {
    await write({
      'README.md':
        '[a](docs/guide/README.md) [b](docs/guide) [c](docs/guide#one) [d](apps/x.ts) [e](https://example.org/x#y)',
      'docs/guide/README.md': '# One\n[self](#one) [up](../../README.md)',
      'apps/x.ts': '',
    });
    expect(brokenLinks(root)).toEqual([]);
  });

  it.each([
    ['gone.md', 'is not there'],
    ['page.md#gone', 'there is no heading for #gone'],
    ['#gone', 'there is no heading for #gone'],
    ['/guide/page.md', 'is not relative, so it works on the site only'],
    ['../../../etc/passwd', 'leads out of the repository'],
    ['picture.svg#part', 'has no headings'],
  ])('to %s are found with file and line', async (target, problem) => {
    await write({
      'docs/guide/README.md': `# Guide\n\n[it](${target})`,
      'docs/guide/page.md': '# Page',
      'docs/guide/picture.svg': '',
    });
    expect(brokenLinks(root)).toEqual([`docs/guide/README.md:3: ${target}: ${problem}`]);
  });

  it('miss a page to which only the page itself leads', async () => {
    await write({
      'README.md': '[guide](docs/guide)',
      'docs/guide/README.md': '[known](known.md)',
      'docs/guide/known.md': '# Known',
      'docs/guide/lost.md': '# Lost\n[here](lost.md#lost)',
    });
    expect(orphans(root)).toEqual(['docs/guide/lost.md']);
  });
});

describe('the site', () => {
  it('has a side bar in the order of the README, with the titles of the pages', async () => {
    await write({
      'guide/README.md':
        '# Guide\n\n## Two\n\n- [x](b.md) and [again](b.md#more)\n- [y](../other/c.md)\n\n## One\n\n- [z](a.md)',
      'guide/a.md': '# Page *A*',
      'guide/b.md': '# Page B',
      'other/c.md': '# Page C',
    });
    expect(sideBar(root, 'guide')).toEqual([
      { text: 'Guide', items: [{ text: 'Contents', link: '/guide/' }] },
      { text: 'Two', items: [{ text: 'Page B', link: '/guide/b' }] },
      { text: 'One', items: [{ text: 'Page A', link: '/guide/a' }] },
    ]);
  });

  it.each([
    ['health.md#why', { kind: 'page', href: '/guide/health.md#why' }],
    ['../plugins/README.md', { kind: 'page', href: '/plugins/index.md' }],
    ['../plugins', { kind: 'page', href: '/plugins/' }],
    ['#here', { kind: 'page', href: '#here' }],
    ['https://example.org', { kind: 'page', href: 'https://example.org' }],
    ['../../apps/api/openapi.json', { kind: 'repository', path: 'apps/api/openapi.json' }],
  ])('turns %s of a page of the guide into its own', async (target, link) => {
    await write({ 'plugins/README.md': '# Plugins' });
    expect(siteLink(root, 'guide/page.md', target)).toEqual(link);
  });
});
