import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { headings, links } from './markdown.ts';

/** Where Markdown for people lies; templates of other projects are not ours to check. */
const TEXTS = [
  '*.md',
  'docs/**/*.md',
  'plugins/*/README.md',
  'libs/*/README.md',
  'docker/**/*.md',
  'packaging/**/*.md',
];
const FOREIGN = ['docs/node_modules', 'docs/.vitepress'];

/** Paths of every text of the documentation below `root`, relative to it, in order. */
export function texts(root: string): string[] {
  return globSync(TEXTS, { cwd: root })
    .filter((path) => !FOREIGN.some((folder) => path.startsWith(folder)))
    .sort();
}

/** What is wrong with the links of the texts below `root`: one sentence with file and line for each. */
export function brokenLinks(root: string): string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (path: string): ReadonlySet<string> => {
    let known = anchors.get(path);
    if (known === undefined) {
      known = new Set(headings(readFileSync(join(root, path), 'utf8')).map(({ anchor }) => anchor));
      anchors.set(path, known);
    }
    return known;
  };
  return texts(root).flatMap((path) =>
    links(readFileSync(join(root, path), 'utf8')).flatMap(({ line, target }) => {
      const problem = problemOf(root, path, target, anchorsOf);
      return problem === undefined ? [] : [`${path}:${line}: ${target}: ${problem}`];
    }),
  );
}

/** Pages of `docs` to which no other page leads. */
export function orphans(root: string): string[] {
  const pages = texts(root);
  const reached = new Set(
    pages.flatMap((path) =>
      links(readFileSync(join(root, path), 'utf8')).flatMap(({ target }) => {
        const at = placeOf(path, target);
        if (at === undefined) return [];
        return [at.path, join(at.path, 'README.md')].filter((each) => each !== path);
      }),
    ),
  );
  return pages.filter((path) => path.startsWith('docs/') && !reached.has(path));
}

/** What a link of `path` leads to inside the repository; nothing for other sites. */
function placeOf(path: string, target: string): { path: string; anchor: string } | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [file = '', anchor = ''] = target.split('#');
  return { path: file === '' ? path : join(dirname(path), decodeURI(file)), anchor };
}

function problemOf(
  root: string,
  path: string,
  target: string,
  anchorsOf: (path: string) => ReadonlySet<string>,
): string | undefined {
  const place = placeOf(path, target);
  if (place === undefined) return undefined;
  if (target.startsWith('/')) return 'is not relative, so it works on the site only';
  if (relative('.', place.path).startsWith('..')) return 'leads out of the repository';
  const full = join(root, place.path);
  if (!existsSync(full)) return 'is not there';
  if (place.anchor === '') return undefined;
  const page = statSync(full).isDirectory() ? join(place.path, 'README.md') : place.path;
  if (!existsSync(join(root, page)) || !page.endsWith('.md')) return 'has no headings';
  return anchorsOf(page).has(place.anchor) ? undefined : `there is no heading for #${place.anchor}`;
}
