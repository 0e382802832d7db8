import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkout } from './lib/paths.ts';
import { type ListedSource, listSources, sourceFolders, sourcePages } from './lib/source-reference.ts';

const README_ROWS = ['Publisher', 'Format', 'Licence and terms', 'Fair-use interval', 'Feeds', '## What was checked'];
const folders = await sourceFolders();
let sources: readonly ListedSource[];

beforeAll(async () => {
  sources = await listSources();
});

const read = (...path: string[]) => readFile(join(checkout, ...path), 'utf8');

describe.each(folders)('plugins/%s', (folder) => {
  it('has a manifest with the id of its folder', () => {
    const listed = sources.find((candidate) => candidate.folder === folder);
    expect(listed?.manifest.id).toBe(folder);
    expect(listed?.source.metadata.id).toBe(folder);
  });

  it('has a README on publisher, format, terms, interval and what was checked', async () => {
    const readme = await read('plugins', folder, 'README.md');
    for (const row of README_ROWS) expect(readme).toContain(row);
  });

  it('has fixtures, and a spec that is one call of the conformance suite', async () => {
    const fixtures = await readdir(join(checkout, 'plugins', folder, 'fixtures'));
    expect(fixtures.length).toBeGreaterThan(0);
    const spec = await read('plugins', folder, 'src/index.spec.ts');
    expect(spec.match(/^testSource\(/gm)).toHaveLength(1);
    for (const fixture of fixtures) expect(spec).toContain(`../fixtures/${fixture}`);
  });

  it('imports only the SDK', async () => {
    const src = join(checkout, 'plugins', folder, 'src');
    for (const file of (await readdir(src)).filter((name) => !name.endsWith('.spec.ts'))) {
      for (const [, from = ''] of (await read('plugins', folder, 'src', file)).matchAll(/\bfrom '([^']+)'/g)) {
        expect(from).toMatch(/^(?:\.\/[\w-]+\.ts|@bangui\/plugin-sdk)$/);
      }
    }
  });

  it('is built, and has a reference page that is up to date', async () => {
    const { references } = JSON.parse(await read('plugins/tsconfig.json')) as { references: { path: string }[] };
    expect(references.map(({ path }) => path)).toContain(folder);
    const path = `docs/reference/sources/${folder}.md`;
    expect(await read(path)).toBe((await sourcePages(sources)).get(path));
  });
});

describe('plugins', () => {
  it('are the sources that BanGUI promises', () => {
    expect(folders).toEqual([
      'abuseipdb',
      'bitwire',
      'blocklist-de',
      'cins-army',
      'crowdsec-list',
      'dshield',
      'emerging-threats',
      'feodo-tracker',
      'file',
      'firehol',
      'greensnow',
      'ipsum',
      'spamhaus-drop',
      'tor-exits',
      'url-list',
    ]);
  });

  it('have no reference page without a source', async () => {
    const pages = (await readdir(join(checkout, 'docs/reference/sources'))).map(
      (name) => `docs/reference/sources/${name}`,
    );
    expect(pages.sort()).toEqual([...(await sourcePages(sources)).keys()].sort());
  });
});
