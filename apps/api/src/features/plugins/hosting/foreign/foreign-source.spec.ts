import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EntryBatch, MalformedFeed } from '@bangui/plugin-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type HostedSource } from '../../hosted-source.ts';
import { checksumOf } from '../checksum.ts';
import { openSource } from '../open-source.ts';
import { type SourceDescription } from '../describe-source.ts';
import { PluginFault } from '../plugin-fault.ts';

const times = { describeMs: 25_000, callMs: 25_000, parseMs: 25_000 };
const feed = { key: 'all', url: 'https://lists.example.org/all.txt' };
const never = new AbortController().signal;
// Nearly every test starts a process or two, and a busy machine takes its time for each.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bangui-foreign-'));
  described = await foreign(plain);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const head = `import { addressLines, defineSource, MalformedFeed, z } from '@bangui/plugin-sdk';
const metadata = { id: 'probe', name: 'Probe', description: 'For tests.', homepage: 'https://example.org/', licence: 'MIT',
  hosts: ['lists.example.org'], minIntervalMinutes: 60, staleAfterHours: 48, limits: { maxBytes: 1e9, maxEntries: 1e6 } };
const config = z.object({ list: z.enum(['all', 'recent']).default('all').meta({ title: 'List' }) });
const feeds = ({ list }) => [{ key: list, url: 'https://lists.example.org/' + list + '.txt' }];
`;

const plain = 'export default defineSource({ metadata, config, feeds, parse: (body) => addressLines(body) });';

let count = 0;
let described: SourceDescription | undefined;

/** A foreign package with this module, after {@link head}. */
async function foreign(
  module: string,
  limits: Partial<typeof times> = {},
  files: Record<string, string> = {},
  isDescribed = false,
): Promise<HostedSource> {
  const directory = join(root, `package-${(count += 1)}`);
  for (const [path, text] of Object.entries({ 'dist/index.js': head + module, ...files })) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const entry = join(directory, 'dist/index.js');
  const checksum = await checksumOf(directory);
  // What it says of itself is the same in most tests, and asking costs a process.
  const description = isDescribed ? described : undefined;
  return openSource(
    { id: 'probe', trust: 'foreign', directory, entry, checksum, ...(description && { description }) },
    { ...times, ...limits },
  );
}

/** One whose `parse` has this body. */
const parsing = (body: string, limits: Partial<typeof times> = {}): Promise<HostedSource> =>
  foreign(
    `export default defineSource({ metadata, config, feeds, async *parse(body) { ${body} } });`,
    limits,
    {},
    true,
  );

async function* bodyOf(...chunks: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

async function read(source: HostedSource, body = bodyOf('192.0.2.1\n'), signal = never): Promise<unknown[]> {
  const entries: unknown[] = [];
  for await (const entry of source.parse(body, feed, { list: 'all' }, signal)) entries.push(entry);
  return entries;
}

describe('a foreign source', () => {
  it('describes itself, checks settings and names feeds', async () => {
    const source = await foreign(plain);
    expect(source.metadata.name).toBe('Probe');
    expect(source.configSchema).toMatchObject({ properties: { list: { title: 'List', default: 'all' } } });
    expect(await source.readConfig({})).toEqual({ value: { list: 'all' } });
    expect(await source.readConfig({ list: 'x' })).toMatchObject({ issues: [{ path: ['list'] }] });
    expect(await source.feeds({ list: 'recent' })).toEqual([
      { key: 'recent', url: 'https://lists.example.org/recent.txt' },
    ]);
  });

  it('gives batches and entries as they are', async () => {
    const packed = await foreign(plain);
    expect(await read(packed, bodyOf('192.0.2', '.1\n198.51.100.0/24\n2001:db8::/64\n', 'x\n'))).toEqual([
      {
        hosts4: Uint32Array.of(0xc0000201),
        ranges4: Uint32Array.of(0xc6336400, 0xc63364ff),
        ranges6: Uint32Array.of(0x20010db8, 0, 0, 0, 0x20010db8, 0, 0xffffffff, 0xffffffff),
        invalid: 1,
      },
    ]);
    const single = await parsing(`yield { address: '192.0.2.1' };
      yield { address: '192.0.2.2', reason: 'r', confidence: 5, lastSeenAt: new Date(1000) };`);
    expect(await read(single)).toEqual([
      { address: '192.0.2.1' },
      { address: '192.0.2.2', reason: 'r', confidence: 5, lastSeenAt: new Date(1000) },
    ]);
  });

  it('loads modules of its own, and needs no SDK beside it', async () => {
    const source = await foreign(
      "import { x } from './x.js'; export default defineSource({ metadata, config, feeds, async *parse() { yield { address: x }; } });",
      {},
      {
        'dist/x.js': "export const x = '192.0.2.9';",
      },
    );
    expect(await read(source)).toEqual([{ address: '192.0.2.9' }]);
  });

  it('says that a list is malformed', async () => {
    const source = await parsing("throw new MalformedFeed('No list.');");
    await expect(read(source)).rejects.toThrow(new MalformedFeed('No list.'));
    await expect(read(source)).rejects.toBeInstanceOf(MalformedFeed);
  });
});

/** Ways out, each of which is tried; it must end in an error. */
const waysOut: Readonly<Record<string, string>> = {
  'Node’s own modules': "return (await import('node:fs')).readFileSync('/etc/passwd', 'utf8')",
  'sockets of the machine': "return (await import('node:net')).connect('/var/run/fail2ban/fail2ban.sock')",
  'modules without a prefix': "return (await import('child_process')).execFileSync('id')",
  'modules by URL': "return (await import('file:///etc/passwd')).default",
  'modules from data': "return (await import('data:text/javascript,export default 1')).default",
  'modules outside of its folder': "return (await import('../../package-1/dist/index.js')).default",
  'the part of the SDK that hosts use, by path': "return (await import('zod')).z",
  'code made of text': "return new Function('return 1')()",
  evaluation: "return (0, eval)('1')",
  requests: "return (await fetch('http://127.0.0.1:9/')).status",
  'the process': 'return process.env.PATH',
  bindings: "return globalThis.process.getBuiltinModule('fs')",
  'the module loader':
    "return import.meta.resolve('node:fs') && (await import(import.meta.resolve('node:fs'))).readdirSync('/')",
};

it('keeps a foreign source from Node, sockets, code made of text and all that is not its own', async () => {
  const attempts = Object.entries(waysOut).map(
    ([name, code]) => `
    try { told('did it: ' + (await (async () => { ${code} })())); } catch (error) { told('kept from it'); }
    yield { address: ${JSON.stringify(name)}, reason };`,
  );
  const source = await parsing(`let reason; const told = (text) => { reason = text; }; ${attempts.join('')}`);
  expect(await read(source)).toEqual(Object.keys(waysOut).map((address) => ({ address, reason: 'kept from it' })));
});

describe('a foreign source that breaks', () => {
  const fault = (kind: PluginFault['kind'], message: RegExp): object =>
    expect.objectContaining({
      name: 'PluginFault',
      kind,
      message: expect.stringMatching(message) as unknown,
    }) as object;

  it.each([
    ['throws at import', "throw new Error('boom');", /boom/],
    ['has a syntax error', 'export default {;', /cannot be loaded/],
    ['exports nothing', 'export const x = 1;', /exports no blocklist source/],
    ['exports something else', 'export default 5;', /exports no blocklist source/],
  ])('%s', async (_what, module, message) => {
    await expect(foreign(module)).rejects.toEqual(fault('broken', message));
  });

  it('hangs at import', async () => {
    await expect(foreign('for (;;);', { describeMs: 1_500 })).rejects.toEqual(fault('too-slow', /within 1500 ms/));
    await expect(foreign('await new Promise(() => {});')).rejects.toEqual(fault('broken', /ended/));
  });

  it('hangs while it reads', async () => {
    const source = await parsing('for (;;);', { parseMs: 500 });
    await expect(read(source)).rejects.toEqual(fault('too-slow', /more than 500 ms/));
  });

  it('eats memory on the heap or beside it', async () => {
    const heap = await parsing('const all = []; for (;;) all.push({ all: all.length });');
    await expect(read(heap)).rejects.toEqual(fault('too-much', /memory/));
    const beside = await parsing('const all = []; for (;;) all.push(new Uint8Array(1 << 24).fill(1));');
    await expect(read(beside)).rejects.toEqual(fault('too-much', /alloc|memory/));
  });

  it.each([
    [
      'more entries than it may',
      "for (let i = 0; ; i += 1) yield { address: '192.0.2.1' };",
      'too-much',
      /limit of 1000000/,
    ],
    ['a batch that is none', 'yield { hosts4: [1], ranges4: [], ranges6: [], invalid: 0 };', 'broken', /wrong form/],
    [
      'a batch with half a range',
      'yield { hosts4: new Uint32Array(), ranges4: new Uint32Array(1), ranges6: new Uint32Array(), invalid: 0 };',
      'broken',
      /wrong form/,
    ],
    [
      'a range that ends before it begins',
      'yield { hosts4: new Uint32Array(), ranges4: Uint32Array.of(2, 1), ranges6: new Uint32Array(), invalid: 0 };',
      'broken',
      /before it begins/,
    ],
    [
      'a batch that is too large',
      'yield { hosts4: new Uint32Array(70000), ranges4: new Uint32Array(), ranges6: new Uint32Array(), invalid: 0 };',
      'broken',
      /more than 65536/,
    ],
    ['an address that is none', 'yield { address: 5 };', 'broken', /wrong form/],
    ['an endless address', "yield { address: '1'.repeat(5e6) };", 'broken', /./],
    ['something that throws when looked at', 'yield { get address() { throw new Error("no"); } };', 'broken', /no/],
  ] as const)('gives %s', async (_what, body, kind, message) => {
    await expect(read(await parsing(body))).rejects.toEqual(fault(kind, message));
  });

  it('gives feeds that it may not have', async () => {
    const source = await foreign(
      "export default defineSource({ metadata, config, feeds: () => [{ key: 'a', url: 'https://evil.example/' }], parse: addressLines });",
    );
    await expect(source.feeds({})).rejects.toEqual(fault('broken', /not declared/));
  });

  it('is not run once its files have changed', async () => {
    const source = await parsing("yield { address: '192.0.2.1' };");
    await writeFile(join(root, `package-${count}`, 'README.md'), 'changed');
    await expect(read(source)).rejects.toEqual(fault('broken', /not those that were added/));
  });
});

describe('the flow between a foreign source and its host', () => {
  it('passes on what the download failed with', async () => {
    const source = await foreign(plain);
    const broken = new Error('connection reset');
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield await Promise.resolve(Buffer.from('192.0.2.1\n'));
      throw broken;
    }
    await expect(read(source, body())).rejects.toBe(broken);
  });

  it('ends with the reason of the signal', async () => {
    const source = await parsing('for await (const chunk of body) yield { address: String(chunk.length) };');
    const gone = new AbortController();
    const body = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield await Promise.resolve(Buffer.from('x'));
      gone.abort(new Error('no longer wanted'));
      await new Promise(() => undefined);
    };
    await expect(read(source, body(), gone.signal)).rejects.toThrow('no longer wanted');
  });

  it('does not read ahead more than pipes hold when entries are not taken', async () => {
    const source = await foreign(plain);
    let asked = 0;
    const chunk = Buffer.from('192.0.2.1\n'.repeat(6_000));
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      for (; asked < 1_000; asked += 1) yield await Promise.resolve(chunk);
    }
    const entries = source.parse(body(), feed, {}, never)[Symbol.asyncIterator]();
    expect((await entries.next()).done).toBe(false);
    await entries.return?.();
    expect(asked).toBeLessThan(150);
  });

  it('reads 500,000 addresses whole', async () => {
    const source = await foreign(plain);
    const text = Array.from({ length: 500_000 }, (_, i) => `11.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}\n`).join(
      '',
    );
    let hosts = 0;
    for await (const batch of source.parse(bodyOf(text), feed, {}, never)) hosts += (batch as EntryBatch).hosts4.length;
    expect(hosts).toBe(500_000);
  });
});
