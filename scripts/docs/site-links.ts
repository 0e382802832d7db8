import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Where a link of a page leads on the site. */
export type SiteLink =
  { readonly kind: 'page'; readonly href: string } | { readonly kind: 'repository'; readonly path: string };

/**
 * Turns a link of the page `page` (relative to `docs`) into one of the site. A README is the first page of its folder;
 * what lies outside of `docs` is not on the site.
 */
export function siteLink(docs: string, page: string, target: string): SiteLink {
  if (/^([a-z][a-z0-9+.-]*:|#)/i.test(target)) return { kind: 'page', href: target };
  const [file = '', anchor] = target.split('#');
  const path = posix.join(posix.dirname(page), file);
  if (path.startsWith('..')) return { kind: 'repository', path: posix.join('docs', path) };
  const full = join(docs, path);
  const isFolder = existsSync(full) && statSync(full).isDirectory();
  const href = `/${isFolder ? `${path.replace(/\/$/, '')}/` : path.replace(/(^|\/)README\.md$/, '$1index.md')}`;
  return { kind: 'page', href: anchor === undefined ? href : `${href}#${anchor}` };
}
