import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlocklistSource, type Entry, type EntryBatch, MalformedFeed } from '@bangui/plugin-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, varDir } from '../lib/paths.ts';
import { codeBlocks } from './markdown.ts';

const page = join(checkout, 'docs/plugins/tutorial.md');
const settings = { list: 'recent', key: '{{secret:key}}' };
let dir: string;
let blocks: string[];

beforeAll(async () => {
  blocks = codeBlocks(await readFile(page, 'utf8'))
    .filter(({ language }) => language === 'ts')
    .map(({ text }) => text);
  // Below the checkout, so that the SDK is found from there.
  await mkdir(varDir, { recursive: true });
  dir = await mkdtemp(join(varDir, 'tutorial-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The block of the page that begins with these words. */
function block(start: string): string {
  const found = blocks.find((text) => text.trimStart().startsWith(start));
  if (found === undefined) throw new Error(`The tutorial has no block that begins with ${start}`);
  return found;
}

/** The source as somebody has it who followed the page to its end, with one of its two ways to read. */
async function build(parse: string): Promise<BlocklistSource> {
  const config = block('config:').replace(/\}\),\s*$/, `${block('key:')}\n}),`);
  const metadata = `metadata: {
    id: 'greylist', name: 'Greylist', description: 'Of the tutorial.', homepage: 'https://lists.example.org/', licence: 'None',
    hosts: ['lists.example.org'], minIntervalMinutes: 60, staleAfterHours: 48, limits: { maxBytes: 1e6, maxEntries: 1e5 },
  },`;
  const file = join(dir, `${parse.replace(/\W/g, '')}.ts`);
  await writeFile(
    file,
    [
      "import { addressLines, defineSource, jsonLines, MalformedFeed, z } from '@bangui/plugin-sdk';",
      block('const Row'),
      `export default defineSource({ ${metadata} ${config} ${block('feeds:')} ${block(parse)} });`,
    ].join('\n'),
  );
  const module = (await import(file)) as { default: BlocklistSource };
  return module.default;
}

async function read(source: BlocklistSource, text: string): Promise<(Entry | EntryBatch)[]> {
  const [feed] = source.feeds(settings);
  if (feed === undefined) throw new Error('no feed');
  const body = (async function* () {
    yield await Promise.resolve(Buffer.from(text));
  })();
  const read: (Entry | EntryBatch)[] = [];
  for await (const entry of source.parse(body, feed, settings)) read.push(entry);
  return read;
}

describe('the source of the tutorial', () => {
  it('downloads the list that was chosen, with the key as a placeholder', async () => {
    const source = await build('parse: (body)');
    expect(source.feeds(settings)).toEqual([
      { key: 'recent', url: 'https://lists.example.org/recent.txt', headers: { 'X-Api-Key': '{{secret:key}}' } },
    ]);
  });

  it('fills in the defaults and wants the key', async () => {
    const { config } = await build('parse: (body)');
    expect(await config['~standard'].validate({ key: 'x' })).toMatchObject({ value: { list: 'all', key: 'x' } });
    expect(await config['~standard'].validate({})).toHaveProperty('issues');
  });

  it('reads plain lines', async () => {
    const [batch] = await read(await build('parse: (body)'), '192.0.2.1\n# comment\n198.51.100.0/24\n');
    expect(batch).toMatchObject({ hosts4: { length: 1 }, ranges4: { length: 2 }, invalid: 0 });
  });

  it('reads JSON lines with their reasons, and refuses others', async () => {
    const source = await build('async *parse');
    expect(await read(source, '{"ip":"192.0.2.1","why":"ssh"}\n')).toEqual([{ address: '192.0.2.1', reason: 'ssh' }]);
    await expect(read(source, '{"address":"192.0.2.1"}\n')).rejects.toMatchObject({ name: new MalformedFeed('').name });
  });
});
