import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { headings, links } from './markdown.ts';

/** A page in the side bar, or a group of them. */
export interface NavigationItem {
  readonly text: string;
  readonly link?: string;
  readonly items?: NavigationItem[];
}

/** The parts of the documentation: folder below `docs`, and what it is called at the top. */
export const PARTS = [
  ['guide', 'Guide'],
  ['plugins', 'Plugins'],
  ['reference', 'Reference'],
  ['develop', 'Develop'],
  ['adr', 'Decisions'],
] as const;

/**
 * The side bar of a part. Its README is the one list of its pages: they come in its order, under its second-level
 * headings, each by its own title.
 */
export function sideBar(docs: string, part: string): NavigationItem[] {
  const readme = posix.join(part, 'README.md');
  const text = readFileSync(join(docs, readme), 'utf8');
  const groups: { text: string; items: NavigationItem[] }[] = [{ text: titleOf(text), items: [] }];
  groups[0]?.items.push({ text: 'Contents', link: `/${part}/` });
  const seen = new Set<string>();
  for (const section of text.split(/^(?=## )/m)) {
    const [heading] = headings(section);
    if (heading?.level === 2) groups.push({ text: heading.text, items: [] });
    for (const { target } of links(section)) {
      const [file = ''] = target.split('#');
      const page = posix.join(part, file);
      if (!page.startsWith(`${part}/`) || !page.endsWith('.md') || seen.has(page) || !existsSync(join(docs, page))) {
        continue;
      }
      seen.add(page);
      const title = titleOf(readFileSync(join(docs, page), 'utf8'));
      groups.at(-1)?.items.push({ text: title, link: siteAddress(page) });
    }
  }
  return groups.filter(({ items }) => items.length > 0);
}

/** Address of a page on the site: a README is its folder's first page. */
export function siteAddress(page: string): string {
  return `/${page.replace(/(^|\/)README\.md$/, '$1').replace(/\.md$/, '')}`;
}

/** The first heading of a text. */
export function titleOf(markdown: string): string {
  return headings(markdown)[0]?.text ?? '';
}
