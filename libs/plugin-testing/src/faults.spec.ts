import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  addressLines,
  type BlocklistSource,
  type Entry,
  jsonLines,
  lines,
  MalformedFeed,
  type SourceDefinition,
  z,
} from '@bangui/plugin-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sourceChecks } from './source-checks.ts';
import type { SourceTest } from './source-test.ts';
import { changedSource, goodDefinition, goodTest, type GoodConfig } from './testing/good-source.ts';

type Body = AsyncIterable<Uint8Array>;
type Changes = Partial<SourceDefinition<GoodConfig>>;

/** Titles of the checks that fail. */
async function failing(source: BlocklistSource<GoodConfig>, test: SourceTest): Promise<string[]> {
  const titles: string[] = [];
  for (const { title, run } of sourceChecks(source, test)) await run().catch(() => titles.push(title));
  return titles;
}

/** Whether the check of a title finds the fault. */
async function finds(
  title: string,
  source: BlocklistSource<GoodConfig>,
  test: SourceTest = goodTest,
): Promise<boolean> {
  const check = sourceChecks(source, test).find((candidate) => candidate.title.includes(title));
  if (!check) throw new Error(`There is no check "${title}".`);
  return check.run().then(
    () => false,
    () => true,
  );
}

function entryOf(text: string): Entry {
  const { ip = '', why = '' } = JSON.parse(text) as { ip?: string; why?: string };
  if (ip === '') throw new MalformedFeed('A line has no address.');
  return { address: ip, reason: why };
}

async function bytesOf(body: Body): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

const kept: unknown[] = [];

/** Faults that authors make, and the check that finds each. */
const parseFaults: Record<string, { finds: string; parse: (body: Body) => AsyncIterable<Entry> }> = {
  'takes every chunk for whole lines': {
    finds: 'chunks of 7 bytes',
    async *parse(body) {
      for await (const chunk of body) {
        for (const line of Buffer.from(chunk).toString().split('\n')) if (line !== '') yield entryOf(line);
      }
    },
  },
  'keeps chunks that the host uses again': {
    finds: 'chunks of 7 bytes',
    async *parse(body) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      for (const line of Buffer.concat(chunks).toString().trim().split('\n')) yield entryOf(line);
    },
  },
  'does not know CRLF and byte order marks': {
    finds: 'byte order mark and CRLF',
    async *parse(body) {
      for (const line of (await bytesOf(body)).toString().split('\n')) if (line !== '') yield entryOf(line);
    },
  },
  'collects everything first': {
    finds: 'steadily within bounded memory',
    async *parse(body) {
      const all: Entry[] = [];
      for await (const value of jsonLines(body)) all.push(entryOf(JSON.stringify(value)));
      yield* all;
    },
  },
  'keeps every entry in memory': {
    finds: 'steadily within bounded memory',
    async *parse(body) {
      kept.length = 0;
      for await (const value of jsonLines(body)) {
        const entry = entryOf(JSON.stringify(value));
        kept.push({ ...entry, more: [entry.address, entry.reason, new Date()] });
        yield entry;
      }
    },
  },
  'reads before it is asked': {
    finds: 'reads nothing before it is asked',
    parse(body) {
      const first = body[Symbol.asyncIterator]().next();
      return {
        async *[Symbol.asyncIterator]() {
          await first;
          yield* goodDefinition.parse(body, { key: 'all', url: '' }, { kind: 'all' }) as AsyncIterable<Entry>;
        },
      };
    },
  },
  'goes on after the host has had enough': {
    finds: 'stops reading and closes the body',
    async *parse(body) {
      const reader = body[Symbol.asyncIterator]();
      const readAgain = { [Symbol.asyncIterator]: () => ({ next: () => reader.next() }) };
      for await (const value of jsonLines(readAgain)) yield entryOf(JSON.stringify(value));
    },
  },
  'skips what it does not know': {
    finds: 'an error in JSON',
    async *parse(body) {
      for await (const line of lines(body)) if (line.includes('"ip":"') && line.includes('why')) yield entryOf(line);
    },
  },
  'finds addresses in anything': {
    finds: 'an HTML challenge page',
    async *parse(body) {
      for (const [quad] of (await bytesOf(body)).toString('latin1').matchAll(/\d+(?:\.\d+){3}/g))
        yield { address: quad };
    },
  },
  'gives nothing for a compressed body': {
    finds: 'a compressed body',
    async *parse(body) {
      const bytes = await bytesOf(body);
      if (bytes[0] === 0x1f) return;
      yield* bytes.toString().trim().split('\n').map(entryOf);
    },
  },
  'knows HTML by the first bytes only': {
    finds: 'an HTML page after blank lines',
    async *parse(body) {
      const text = (await bytesOf(body)).toString();
      if (text.startsWith('<')) throw new MalformedFeed('This is HTML.');
      for (const [quad] of text.matchAll(/^\d+(?:\.\d+){3}$/gm)) yield { address: quad };
    },
  },
  'finds addresses in a sentence': {
    finds: 'an error in plain text',
    async *parse(body) {
      for await (const line of lines(body))
        for (const [quad] of line.matchAll(/\d+(?:\.\d+){3}/g)) yield { address: quad };
    },
  },
  'guesses the encoding': {
    finds: 'a body in UTF-16',
    async *parse(body) {
      const bytes = await bytesOf(body);
      const text = bytes.toString(bytes[0] === 0xff ? 'utf16le' : 'utf8').replace('\uFEFF', '');
      yield* text.trim().split('\n').map(entryOf);
    },
  },
  'guesses the rest of a body that is cut off': {
    finds: 'at most one wrong entry',
    async *parse(body) {
      const quads =
        (await bytesOf(body))
          .toString()
          .split('\n')
          .join('')
          .match(/[\d.]+/g) ?? [];
      if (quads.length < 6) yield* [{ address: '1.1.1.1' }, { address: '1.1.1.2' }];
    },
  },
  'swallows errors of the download': {
    finds: 'passes on an error of the download',
    async *parse(body) {
      try {
        for await (const value of jsonLines(body)) yield entryOf(JSON.stringify(value));
      } catch (error) {
        if (error instanceof MalformedFeed) throw error;
      }
    },
  },
  'holds a line without end': {
    finds: 'a line or item without end',
    async *parse(body) {
      let held = '';
      for await (const chunk of body) {
        held += Buffer.from(chunk).toString();
        const whole = held.split('\n');
        held = whole.pop() ?? '';
        yield* whole.map(entryOf);
      }
      if (held !== '') yield entryOf(held);
    },
  },
  'mixes up two bodies': {
    finds: 'two bodies at once',
    async *parse(body) {
      shared = '';
      for await (const chunk of body) {
        shared += Buffer.from(chunk).toString();
        const whole = shared.split('\n');
        shared = whole.pop() ?? '';
        yield* whole.map(entryOf);
      }
    },
  },
  'downloads by itself': {
    finds: 'downloads nothing itself',
    async *parse(body) {
      await fetch('https://lists.example.org/').catch(() => undefined);
      yield* goodDefinition.parse(body, { key: 'all', url: '' }, { kind: 'all' }) as AsyncIterable<Entry>;
    },
  },
  'loses the reasons': {
    finds: 'chunks of 65536 bytes',
    async *parse(body) {
      for await (const value of jsonLines(body)) yield { address: entryOf(JSON.stringify(value)).address };
    },
  },
  'gives what is no entry': {
    finds: 'chunks of 65536 bytes',
    async *parse(body) {
      for await (const value of jsonLines(body)) yield { ...entryOf(JSON.stringify(value)), confidence: 700 };
    },
  },
};
let shared = '';

const otherFaults: Record<string, { finds: string; changes: Changes }> = {
  'limits that its own fixtures exceed': {
    finds: 'within its own limits',
    changes: { metadata: { ...goodDefinition.metadata, limits: { maxBytes: 10, maxEntries: 1 } } },
  },
  'another id than the manifest’s': {
    finds: 'manifest that equals its metadata',
    changes: { metadata: { ...goodDefinition.metadata, id: 'better' } },
  },
  'other hosts than the manifest’s': {
    finds: 'manifest that equals its metadata',
    changes: { metadata: { ...goodDefinition.metadata, hosts: ['lists.example.org', 'other.example.org'] } },
  },
  'a setting without a label': {
    finds: 'with a label for each',
    changes: { config: z.object({ kind: z.enum(['all', 'ssh']).default('all') }) },
  },
  'settings that accept anything': {
    finds: 'refuses invalid settings',
    changes: { config: z.object({ kind: z.any().meta({ title: 'Kind' }) }) },
  },
  'settings that refuse what was valid': {
    finds: 'accepts valid settings',
    changes: { config: z.object({ kind: z.literal('ssh').meta({ title: 'Kind' }) }) },
  },
  'a hidden secret': {
    finds: 'keeps secret settings',
    changes: {
      config: z.object({
        kind: z.enum(['all', 'ssh']).default('all').meta({ title: 'Kind' }),
        login: z
          .object({ key: z.string().optional().meta({ title: 'Key', writeOnly: true }) })
          .optional()
          .meta({ title: 'Login' }),
      }),
    },
  },
  'feeds that change': {
    finds: 'the same feeds for the same settings',
    changes: { feeds: () => [{ key: 'all', url: `https://lists.example.org/${Math.random()}` }] },
  },
  'a feed on an undeclared host': {
    finds: 'names its feeds',
    changes: { feeds: () => [{ key: 'all', url: 'https://elsewhere.example.org/' }] },
  },
  'a secret in an address': {
    finds: 'names its feeds',
    changes: { feeds: ({ key = '' }) => [{ key: 'all', url: `https://lists.example.org/?key=${key}` }] },
  },
  'settings that are changed': {
    finds: 'leaves the settings alone',
    changes: {
      feeds: (config) => {
        Object.assign(config, { kind: 'ssh' });
        return [{ key: 'all', url: 'https://lists.example.org/' }];
      },
    },
  },
};

describe('conformance suite', () => {
  it('has a fault for every check', () => {
    const found = [...Object.values(parseFaults), ...Object.values(otherFaults)].map(({ finds: title }) => title);
    // Found below, by files that are written for it.
    found.push('is a source of this contract', 'documentation addresses', 'is packaged as a source', 'has a README');
    const chunks = /chunks of 1 bytes/;
    const titles = sourceChecks(changedSource({}), goodTest).map(({ title }) => title);
    const unproven = titles.filter((title) => !chunks.test(title) && !found.some((part) => title.includes(part)));
    expect(unproven).toEqual([]);
  });

  it('lets a good source pass', async () => {
    expect(await failing(changedSource({}), goodTest)).toEqual([]);
  });

  it.each(Object.entries(parseFaults))('finds a parser that %s', async (_name, { finds: title, parse }) => {
    expect(await finds(title, changedSource({ parse: (body) => parse(body) }))).toBe(true);
  });

  it.each(Object.entries(otherFaults))('finds %s', async (_name, { finds: title, changes }) => {
    expect(await finds(title, changedSource(changes))).toBe(true);
  });

  it('finds a source of another version of the contract', async () => {
    expect(await finds('is a source of this contract', { ...changedSource({}), api: 2 as never })).toBe(true);
  });

  it('finds batches that are too large', async () => {
    const parse = async function* (body: Body) {
      for await (const batch of addressLines(body)) yield { ...batch, hosts4: new Uint32Array(65_537) };
    };
    const fixture = new URL('testing/good/fixtures/list.txt', import.meta.url);
    const test = { ...goodTest, fixtures: { all: fixture }, entries: [{ address: '192.0.2.1' }] };
    expect(await finds('chunks of 65536 bytes', changedSource({ parse }), test)).toBe(true);
    expect(await finds('chunks of 65536 bytes', changedSource({ parse: (body) => addressLines(body) }), test)).toBe(
      false,
    );
  });

  it('finds fixtures with a publisher’s addresses', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bangui-fixture-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const file = join(dir, 'list.jsonl');
    await writeFile(file, '{"ip":"9.9.9.9","why":"real"}\n');
    const test = { ...goodTest, fixtures: { all: pathToFileURL(file) } };
    expect(await finds('documentation addresses', changedSource({}), test)).toBe(true);
  });

  it('finds a fixture whose feed no settings give', async () => {
    const { all } = goodTest.fixtures;
    expect(all).toBeDefined();
    const test = { ...goodTest, fixtures: { other: all ?? goodTest.packageJson } };
    expect(await finds('chunks of 65536 bytes', changedSource({}), test)).toBe(true);
  });

  it.each([
    ['a dependency', { dependencies: { 'left-pad': '1.3.0' } }],
    ['no peer dependency on the SDK', { peerDependencies: {} }],
    ['no keyword', { keywords: [] }],
    ['a name that does not tell', { name: 'good' }],
    ['a script that runs at installation', { scripts: { postinstall: 'node x.js' } }],
    ['no licence', { license: undefined }],
  ])('finds a package with %s', async (_name, changes) => {
    const dir = await mkdtemp(join(tmpdir(), 'bangui-package-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const packageJson = JSON.parse(await readFile(goodTest.packageJson, 'utf8')) as object;
    await writeFile(join(dir, 'package.json'), JSON.stringify({ ...packageJson, ...changes }));
    const test = { ...goodTest, packageJson: pathToFileURL(join(dir, 'package.json')) };
    expect(await finds('is packaged as a source', changedSource({}), test)).toBe(true);
    expect(await finds('has a README', changedSource({}), test)).toBe(true);
  });
});
