import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readManifest } from '@bangui/plugin-sdk/host';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSource } from './create-source.ts';
import { runCli } from './run-cli.ts';
import { filesOf, install, linkTypes, packAll, runIn } from './testing/packages.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const TIMEOUT_MS = 600_000;

/** Reads a body with an installed source, as a host does; run by the pinned Node in the folder of the installation. */
const LOADER = `
import { readManifest, unpack } from '@bangui/plugin-sdk/host';
import { readFileSync } from 'node:fs';
const root = new URL('./node_modules/@acme/bangui-source-greylist/', import.meta.url);
const { manifest } = readManifest(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
const { default: source } = await import(new URL(manifest.entry, root));
const config = (await source.config['~standard'].validate({})).value;
const [feed] = source.feeds(config);
async function* body() { yield Buffer.from('192.0.2.7\\n2001:db8::7\\n'); }
const found = [];
for await (const batch of source.parse(body(), feed, config)) found.push(...unpack(batch));
console.log(JSON.stringify({ id: manifest.id, url: feed.url, ranges: found.map(({ first }) => String(first)) }));
`;

let dir: string;
let archives: ReadonlyMap<string, string>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-packages-'));
  archives = await packAll(join(dir, 'archives'));
}, TIMEOUT_MS);

afterAll(() => rm(dir, { recursive: true, force: true }));

async function emptyFolder(name: string): Promise<string> {
  const folder = join(dir, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  return folder;
}

/** Installs what the manifest of a new source asks for, but the compiler and its types from this checkout. */
async function installForAuthor(project: string): Promise<void> {
  const file = join(project, 'package.json');
  const manifest = await readFile(file, 'utf8');
  await writeFile(file, JSON.stringify({ ...(JSON.parse(manifest) as object), devDependencies: {} }));
  await install(
    project,
    ['@bangui/plugin-sdk', '@bangui/plugin-testing', 'zod'].map((name) => archives.get(name)),
  );
  await linkTypes(project);
  await writeFile(file, manifest);
}

describe('published packages', () => {
  it(
    'install into an empty folder, hold what they need and no sources or tests',
    async () => {
      const folder = await emptyFolder('empty');
      const names = ['@bangui/plugin-sdk', '@bangui/plugin-testing', 'create-bangui-source'];
      await install(folder, [...names.map((name) => archives.get(name)), archives.get('zod')]);
      for (const name of names) {
        const files = await filesOf(join(folder, 'node_modules', name));
        expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
        expect(
          files.filter((file) => /\.spec\.|\/testing\/|tsbuildinfo|^src\//.test(file) && !file.startsWith('template/')),
        ).toEqual([]);
        const manifest = JSON.parse(
          await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8'),
        ) as object;
        expect(manifest).not.toHaveProperty('private');
        expect(JSON.stringify(manifest)).not.toMatch(/"@bangui\/(?!plugin-)/);
      }
      await writeFile(
        join(folder, 'use.ts'),
        `import { addressLines, defineSource, z, type EntryBatch } from '@bangui/plugin-sdk';
import { readManifest } from '@bangui/plugin-sdk/host';
import { sourceChecks } from '@bangui/plugin-testing';
async function* body() { yield Buffer.from('192.0.2.1\\n'); }
const batches: EntryBatch[] = [];
for await (const batch of addressLines(body())) batches.push(batch);
const schema = z.object({ a: z.string() });
const source = defineSource({ metadata: {} as never, config: schema, feeds: ({ a }) => [{ key: a, url: a }], parse: (b) => addressLines(b) });
export const types: [typeof source, typeof readManifest, typeof sourceChecks] = [source, readManifest, sourceChecks];
`,
      );
      await linkTypes(folder);
      const options = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--types',
        'node',
        'use.ts',
      ];
      await runIn(folder, 'tsc', options);
      await writeFile(
        join(folder, 'use.js'),
        `import { addressLines } from '@bangui/plugin-sdk';
async function* body() { yield Buffer.from('192.0.2.1\\n'); }
for await (const { hosts4 } of addressLines(body())) console.log(hosts4.length, hosts4[0]);`,
      );
      expect(await runIn(folder, 'node', ['use.js'])).toBe('1 3221225985\n');
    },
    TIMEOUT_MS,
  );

  it(
    'let an author create, test, check, pack and load a source',
    async () => {
      const home = await emptyFolder('author');
      await install(home, [archives.get('create-bangui-source')]);
      const create = join(home, 'node_modules/.bin/create-bangui-source');
      await runIn(home, create, ['greylist', '--host', 'lists.example.net', '--scope', '@acme']);
      const project = join(home, 'bangui-source-greylist');
      expect(await filesOf(project)).toEqual(expect.arrayContaining(['.github/workflows/test.yml', '.gitignore']));

      await installForAuthor(project);
      const report = await runIn(project, 'npm', ['test']);
      expect(report).toMatch(/^. tests 30$/m);
      expect(report).toMatch(/^. fail 0$/m);
      await runIn(project, 'npm', ['run', 'check']);
      await runIn(project, 'npm', ['run', 'build']);
      const [packed] = JSON.parse(await runIn(project, 'npm', ['pack', '--json', '--ignore-scripts'])) as [
        { filename: string; files: { path: string }[] },
      ];
      expect(packed.files.map(({ path }) => path).sort()).toEqual([
        'README.md',
        'dist/index.d.ts',
        'dist/index.js',
        'package.json',
      ]);

      const host = await emptyFolder('host');
      await install(host, [join(project, packed.filename), archives.get('@bangui/plugin-sdk'), archives.get('zod')]);
      await writeFile(join(host, 'load.js'), LOADER);
      // As a foreign source is run: it can read its folder and nothing else.
      const output = await runIn(host, 'node', ['--permission', `--allow-fs-read=${host}`, 'load.js']);
      expect(JSON.parse(output)).toEqual({
        id: 'greylist',
        url: 'https://lists.example.net/all.txt',
        ranges: ['3221225991', '42540766411282592856903984951653826567'],
      });
    },
    TIMEOUT_MS,
  );
});

describe('create-bangui-source', () => {
  it('refuses wrong names and folders that are not empty', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(console, 'log').mockReturnValue();
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const folder = await emptyFolder('names');
    for (const args of [
      [],
      ['Grey'],
      ['a/b'],
      ['grey', 'list'],
      ['grey', '--host', '127.0.0.1'],
      ['grey', '--scope', 'a/b'],
      ['grey', '--x'],
    ]) {
      expect(await runCli(args, folder)).toBe(2);
    }
    expect(await runCli(['grey'], folder)).toBe(0);
    expect(await runCli(['grey'], folder)).toBe(1);
  });

  it('makes a manifest that a host accepts', async () => {
    const folder = await emptyFolder('manifest');
    const { target = '' } = await createSource({ id: 'grey-list', host: 'a.example.org', scope: undefined }, folder);
    const { manifest } = readManifest(JSON.parse(await readFile(join(folder, target, 'package.json'), 'utf8')));
    expect(manifest).toMatchObject({
      packageName: 'bangui-source-grey-list',
      id: 'grey-list',
      hosts: ['a.example.org'],
    });
    expect(await readFile(join(folder, target, 'src/index.ts'), 'utf8')).toContain("name: 'Grey list'");
  });

  it('asks for the same tools as this repository', async () => {
    const read = async (path: string) =>
      (JSON.parse(await readFile(join(checkout, path), 'utf8')) as { devDependencies: Record<string, string> })
        .devDependencies;
    const ours = await read('package.json');
    const theirs = await read('libs/create-bangui-source/template/package.json');
    for (const name of ['typescript', '@types/node']) expect(theirs[name]).toBe(ours[name]);
  });
});
