import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Figure, atMost } from './measure.ts';

const PORTAL = 'dist/portal/browser';

/** Compressed size of every script the portal's index page loads or preloads, and of what those import statically. */
export async function measurePortal(): Promise<Figure[]> {
  const index = await readFile(join(PORTAL, 'index.html'), 'utf8');
  const waiting = [...index.matchAll(/(?:src|href)="([\w./-]+\.js)"/g)].map((match) => match[1] ?? '');
  const sizes = new Map<string, number>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (sizes.has(name)) continue;
    const script = await readFile(join(PORTAL, name));
    sizes.set(name, gzipSync(script, { level: 9 }).length);
    // Static imports only: `import"./chunk.js"` and `from"./chunk.js"`, not `import("./chunk.js")`.
    for (const match of script.toString().matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
      waiting.push(match[1] ?? '');
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1000;
  return [atMost(`portal's initial scripts, ${sizes.size} files, gzip`, total, 250, 'kB')];
}
