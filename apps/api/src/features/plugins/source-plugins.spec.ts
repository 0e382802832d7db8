import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../core/config/load-settings.ts';
import { InstanceBus, NoTransport } from '../../core/instances/index.ts';
import { Log } from '../../core/logging/log.ts';
import { describeInTree } from './describe-in-tree.ts';
import { checksumOf } from './hosting/index.ts';
import { type PluginInfo } from './plugin-info.ts';
import { lockPath, writeLock } from './plugins-lock.ts';
import { PluginPlaces, SourcePlugins } from './source-plugins.ts';

// It starts processes, and a busy machine takes its time for each.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let root: string;
let log: Log;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bangui-plugins-'));
  log = await Log.open({ level: 'silent', format: 'json' });
});
afterAll(() => rm(root, { recursive: true, force: true }));

function pluginsIn(pluginsDir: string, places = new PluginPlaces()): SourcePlugins {
  const settings = loadSettings({ BANGUI_PLUGINS_DIR: pluginsDir });
  return new SourcePlugins(settings, new InstanceBus(new NoTransport(), log), log, places);
}

async function* bodyOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(Buffer.from(text));
}

async function put(directory: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

const manifest = (id: string, change: object = {}, bangui: object = {}): string =>
  JSON.stringify({
    name: `bangui-source-${id}`,
    version: '1.2.3',
    type: 'module',
    exports: './index.js',
    bangui: { kind: 'source', api: 1, id, hosts: ['lists.example.org'], ...bangui },
    ...change,
  });

const module = (id: string, parse = "yield { address: '192.0.2.1' };"): string => `
import { defineSource, z } from '@bangui/plugin-sdk';
export default defineSource({
  metadata: { id: '${id}', name: 'A', description: 'B', homepage: 'https://example.org/', licence: 'MIT', hosts: ['lists.example.org'],
    minIntervalMinutes: 60, staleAfterHours: 48, limits: { maxBytes: 1000, maxEntries: 10 } },
  config: z.object({}), feeds: () => [{ key: 'all', url: 'https://lists.example.org/' }], async *parse() { ${parse} },
});`;

const sound = (id: string): Record<string, string> => ({ 'package.json': manifest(id), 'index.js': module(id) });
const told = (infos: readonly PluginInfo[]): Record<string, string> =>
  Object.fromEntries(
    infos.map(({ id, packageName, state, reasons }) => [`${id} ${packageName}`, [state, ...reasons].join(' ')]),
  );

describe('sources that come with BanGUI', () => {
  it('are found, and read with', async () => {
    const plugins = pluginsIn(join(root, 'none'));
    const looks = [plugins.rescan(), plugins.rescan()];
    expect(plugins.isLooking).toBe(true);
    await looks[0];
    // The second one has found nothing yet.
    expect(plugins.isLooking).toBe(true);
    await looks[1];
    expect(plugins.isLooking).toBe(false);
    expect(plugins.all().length).toBeGreaterThanOrEqual(15);
    expect(
      plugins
        .all()
        .filter(({ state, trust, confined }) => `${state} ${trust} ${confined}` !== 'available in-tree none'),
    ).toEqual([]);
    expect(plugins.location('greensnow')).toMatchObject({ id: 'greensnow', trust: 'in-tree' });
    const source = plugins.source('greensnow');
    const config = await source?.readConfig({});
    if (!source || !config || config.issues) throw new Error('greensnow takes no settings');
    const [feed] = await source.feeds(config.value);
    if (!feed) throw new Error('greensnow has no feed');
    const batches = [];
    for await (const batch of source.parse(bodyOf('192.0.2.7\n'), feed, config.value, AbortSignal.timeout(100_000))) {
      batches.push(batch);
    }
    expect(batches).toEqual([expect.objectContaining({ hosts4: Uint32Array.of(0xc0000207) })]);
  });

  it('are refused one by one when they are broken, and hold up none of the others', async () => {
    const dir = join(root, 'broken');
    const modules = {
      exits: 'process.exit(0);',
      throws: "throw new Error('boom');",
      nothing: 'export const x = 1;',
      hangs: 'for (;;);',
      last: 'export default 2;',
    };
    await put(dir, Object.fromEntries(Object.entries(modules).map(([name, text]) => [`${name}.mjs`, text])));
    const entries = Object.keys(modules).map((name) => join(dir, `${name}.mjs`));
    const answers = await describeInTree(entries, { limitMs: 8_000, signal: new AbortController().signal });
    expect(answers.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/ended the thread/),
      expect.stringMatching(/boom/),
      expect.stringMatching(/exports no blocklist source/),
      expect.stringMatching(/within 8000 ms/),
      expect.stringMatching(/exports no blocklist source/),
    ]);
  });

  it('are refused when they eat memory', async () => {
    const dir = await put(join(root, 'memory'), {
      'memory.mjs': 'let all; for (;;) all = { all };',
    });
    const [answer] = await describeInTree([join(dir, 'memory.mjs')], { signal: new AbortController().signal });
    expect(answer?.problem).toMatch(/memory/);
  });

  it('are not waited for when BanGUI stops', async () => {
    const dir = await put(join(root, 'stop'), { 'hangs.mjs': 'for (;;);' });
    const stopping = new AbortController();
    const answers = describeInTree([join(dir, 'hangs.mjs')], { limitMs: 600_000, signal: stopping.signal });
    stopping.abort();
    expect(await answers).toEqual([{ problem: expect.any(String) as unknown }]);
  });
});

describe('sources of others', () => {
  it('are available when they were added and are what they say, and refused with the reason otherwise', async () => {
    const dir = join(root, 'foreign');
    const modules = join(dir, 'node_modules');
    const added: Record<string, string> = {
      plain: await put(join(modules, 'bangui-source-plain'), sound('plain')),
      scoped: await put(join(modules, '@acme/bangui-source-scoped'), {
        ...sound('scoped'),
        'package.json': manifest('scoped', { name: '@acme/bangui-source-scoped' }),
      }),
      beside: await put(join(dir, 'beside'), sound('beside')),
      changed: await put(join(modules, 'bangui-source-changed'), sound('changed')),
      misnamed: await put(join(modules, 'bangui-source-misnamed'), {
        ...sound('misnamed'),
        'index.js': module('other'),
      }),
      greedy: await put(join(modules, 'bangui-source-greedy'), {
        ...sound('greedy'),
        'package.json': manifest('greedy', {}, { hosts: ['lists.example.org', 'more.example.org'] }),
      }),
      ipsum: await put(join(modules, 'bangui-source-ipsum'), sound('ipsum')),
      boom: await put(join(modules, 'bangui-source-boom'), {
        ...sound('boom'),
        'index.js': "throw new Error('boom');",
      }),
      exits: await put(join(modules, 'bangui-source-exits'), { ...sound('exits'), 'index.js': 'process.exit(0);' }),
    };
    await put(join(modules, 'bangui-source-twin'), {
      ...sound('plain'),
      'package.json': manifest('plain', { name: 'bangui-source-twin' }),
    });
    await put(join(modules, 'bangui-source-stranger'), sound('stranger'));
    await put(join(modules, 'bangui-source-future'), { 'package.json': manifest('future', {}, { api: 2 }) });
    await put(join(modules, 'bangui-source-address'), {
      'package.json': manifest('address', {}, { hosts: ['192.0.2.1'] }),
    });
    await put(join(modules, 'bangui-source-scribbled'), { 'package.json': '{' });
    await put(join(modules, 'something-else'), { 'package.json': '{"name":"something-else"}' });
    const lock = await Promise.all(
      Object.entries(added).map(async ([id, directory]) => {
        const name = id === 'scoped' ? '@acme/bangui-source-scoped' : `bangui-source-${id}`;
        return [id, { package: name, version: '1.2.3', checksum: await checksumOf(directory) }] as const;
      }),
    );
    await writeLock(dir, Object.fromEntries(lock));
    await put(join(modules, 'bangui-source-changed'), { 'index.js': `${module('changed')}\n// changed` });

    const plugins = pluginsIn(dir);
    await plugins.rescan();
    const foreign = plugins.all().filter(({ trust }) => trust === 'foreign');
    expect(told(foreign)).toEqual({
      'plain bangui-source-plain': 'available',
      'scoped @acme/bangui-source-scoped': 'available',
      'beside bangui-source-beside': 'available',
      'changed bangui-source-changed': 'refused Its files are not those that were added.',
      'misnamed bangui-source-misnamed': 'refused It calls itself other, not misnamed.',
      'greedy bangui-source-greedy': 'refused Its code names other hosts than its manifest.',
      'ipsum bangui-source-ipsum': 'refused There is another source with the id ipsum.',
      'plain bangui-source-twin': 'refused There is another source with the id plain.',
      'boom bangui-source-boom': expect.stringMatching(/^refused .*boom/) as unknown,
      'exits bangui-source-exits': expect.stringMatching(/^refused /) as unknown,
      'stranger bangui-source-stranger': expect.stringMatching(/^refused It was not added/) as unknown,
      'bangui-source-future bangui-source-future': expect.stringMatching(/^refused .*`bangui.api` is 2/) as unknown,
      'bangui-source-address bangui-source-address': expect.stringMatching(/^refused .*no host name/) as unknown,
      'bangui-source-scribbled bangui-source-scribbled': expect.stringMatching(
        /^refused package.json cannot be read/,
      ) as unknown,
    });
    expect(foreign.find(({ id }) => id === 'plain')).toMatchObject({
      confined: expect.stringMatching(/^permission/) as unknown,
      checksum: expect.stringMatching(/^sha512-/) as unknown,
      version: '1.2.3',
    });
    const entries = [];
    const source = plugins.source('scoped');
    if (!source) throw new Error('scoped is not there');
    const [feed] = await source.feeds({});
    if (!feed) throw new Error('scoped has no feed');
    for await (const entry of source.parse(bodyOf(''), feed, {}, AbortSignal.timeout(100_000))) entries.push(entry);
    expect(entries).toEqual([{ address: '192.0.2.1' }]);
    expect(plugins.source('changed')).toBeUndefined();
  });

  it('are all refused while the lock cannot be read', async () => {
    const dir = join(root, 'unlocked');
    await put(join(dir, 'node_modules/bangui-source-plain'), sound('plain'));
    await put(dir, { 'bangui-plugins.json': '{"plugins":{"plain":5}}' });
    const plugins = pluginsIn(dir, { inTree: join(root, 'none') });
    await plugins.rescan();
    expect(told(plugins.all())).toEqual({
      'plain bangui-source-plain': `refused ${lockPath(dir)} is not what \`bangui plugin add\` writes.`,
    });
  });
});
