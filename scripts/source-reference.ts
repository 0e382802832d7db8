// `npm run sources`: writes the reference page of every source in plugins/.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkout } from './lib/paths.ts';
import { listSources, sourcePages } from './lib/source-reference.ts';

// A source that is gone leaves no page behind.
await rm(join(checkout, 'docs/reference/sources'), { recursive: true, force: true });
for (const [path, text] of await sourcePages(await listSources())) {
  await mkdir(dirname(join(checkout, path)), { recursive: true });
  await writeFile(join(checkout, path), text);
}
