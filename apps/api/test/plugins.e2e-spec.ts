import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type EntryBatch } from '@bangui/plugin-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SourcePlugins } from '../src/features/plugins/index.ts';
import { type Plugin, type PluginList } from '../src/features/plugins/plugins.dto.ts';
import { ApiClient } from './api-client.ts';
import { eventually } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';

// npm and Node are started many times, and a busy machine takes its time for each.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, '../../..');
const bin = join(checkout, 'node_modules/.bin');
const bangui = join(checkout, 'apps/api/bin/bangui.mjs');
const create = join(checkout, 'libs/create-bangui-source/dist/cli.js');
const id = 'greylist';

let root: string;
let pluginsDir: string;
let archive: string;
let api: RunningApi;

/** Runs a program as its users do, with the pinned Node, and without a network for npm. */
async function runIn(
  cwd: string,
  program: string,
  ...args: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const env = {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: root,
    npm_config_cache: join(root, '.npm'),
    npm_config_offline: 'true',
    BANGUI_PLUGINS_DIR: pluginsDir,
    BANGUI_DATABASE_PATH: join(api.dir, 'bangui.sqlite3'),
  };
  return run(program, [...args], { cwd, env, maxBuffer: 16 * 1024 * 1024 });
}

/** What the author has from the registry, from this checkout. */
async function link(project: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const place = join(project, 'node_modules', name);
    await mkdir(resolve(place, '..'), { recursive: true });
    await symlink(join(checkout, 'node_modules', name), place);
  }
}

const refusal = (...args: readonly string[]): Promise<string> =>
  runIn(root, bangui, ...args).then(
    ({ stdout }) => `not refused: ${stdout}`,
    (error: unknown) => (error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)),
  );

const rescan = async (): Promise<Plugin | undefined> => {
  const { status } = await api.admin.post<PluginList>('/api/v1/plugins/rescan');
  expect(status).toBe(200);
  const items = await eventually(async () => {
    const { body } = await api.admin.get<PluginList>('/api/v1/plugins');
    if (body.isLooking) throw new Error('They are still being looked at.');
    return body.items;
  });
  expect(items.filter(({ state }) => state === 'found')).toEqual([]);
  return items.find((plugin) => plugin.id === id);
};

beforeAll(async () => {
  for (const file of [create, join(checkout, 'apps/api/dist/bundle-cli/bangui.js')]) {
    if (!existsSync(file)) throw new Error(`${file} is not there: run \`npm run build:libs && npm run build:api\`.`);
  }
  root = await mkdtemp(join(tmpdir(), 'bangui-plugin-e2e-'));
  pluginsDir = join(root, 'plugins');
  api = await startApi({ withSources: true, env: { BANGUI_PLUGINS_DIR: pluginsDir } });
  await runIn(root, 'node', create, id, '--host', 'lists.example.org', '--scope', 'acme');
  const project = join(root, `bangui-source-${id}`);
  await link(project, '@bangui/plugin-sdk', '@bangui/plugin-testing', '@types/node');
  await runIn(project, 'tsc');
  const { stdout } = await runIn(project, 'npm', 'pack', '--json', '--ignore-scripts');
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  archive = join(project, packed.filename);
});
afterAll(async () => {
  await api.stop();
  await rm(root, { recursive: true, force: true });
});

describe('a source from its first line to its first list', () => {
  it('passes the conformance suite as it was created', async () => {
    const { stdout } = await runIn(root, bangui, 'plugin', 'test', join(root, `bangui-source-${id}`));
    expect(stdout).toMatch(/^. tests 30$/m);
    expect(stdout).toMatch(/^. fail 0$/m);
  });

  it('is added by command, which shows what it is', async () => {
    expect(await refusal('plugin', 'add', archive, '--checksum', 'sha512-other')).toMatch(/not the one that was given/);
    expect(await readdir(pluginsDir)).toEqual([]);
    const { stdout, stderr } = await runIn(root, bangui, 'plugin', 'add', archive);
    expect(stdout).toBe(`${id}\n`);
    expect(stderr).toMatch(/@acme\/bangui-source-greylist 0\.1\.0/);
    expect(stderr).toMatch(/hosts +lists\.example\.org/);
    expect(stderr).toMatch(/checksum +sha512-\S{88}/);
    expect(stderr).toMatch(/confined +permission/);
    expect((await readdir(pluginsDir)).sort()).toEqual(['bangui-plugins.json', 'node_modules']);
  });

  it('is listed by the API, and what was done is in the audit log', async () => {
    expect(await rescan()).toMatchObject({
      id,
      packageName: '@acme/bangui-source-greylist',
      version: '0.1.0',
      state: 'available',
      reasons: [],
      trust: 'foreign',
      confined: expect.stringMatching(/^permission/) as unknown,
      checksum: expect.stringMatching(/^sha512-/) as unknown,
      hosts: ['lists.example.org'],
      minIntervalMinutes: 60,
      limits: { maxEntries: 500_000 },
      configSchema: { properties: { list: { title: 'List' } } },
    });
    const one = await api.admin.get<Plugin>(`/api/v1/plugins/${id}`);
    expect(one).toMatchObject({ status: 200, body: { name: 'Greylist' } });
    expect(await api.admin.get('/api/v1/plugins/none')).toMatchObject({
      status: 404,
      body: { code: 'plugin-unknown' },
    });
    const audit = await api.admin.get<{ items: { action: string; after: unknown }[] }>('/api/v1/audit');
    expect(audit.body.items.find(({ action }) => action === 'plugin.rescan')?.after).toMatchObject([
      { id, state: 'available' },
    ]);
    expect((await api.anonymous.get('/api/v1/plugins')).status).toBe(401);
  });

  it('reads a list', async () => {
    const source = api.app.get(SourcePlugins).source(id);
    if (!source) throw new Error('The source is not there.');
    const config = await source.readConfig({});
    if (config.issues) throw new Error('The settings are refused.');
    const [feed] = await source.feeds(config.value);
    if (!feed) throw new Error('There is no feed.');
    expect(feed.url).toBe('https://lists.example.org/all.txt');
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield await Promise.resolve(Buffer.from('192.0.2.7\n2001:db8::/32\n'));
    }
    const batches: EntryBatch[] = [];
    for await (const batch of source.parse(body(), feed, config.value, AbortSignal.timeout(30_000)))
      batches.push(batch as EntryBatch);
    expect(batches).toEqual([
      expect.objectContaining({
        hosts4: Uint32Array.of(0xc0000207),
        ranges6: Uint32Array.of(0x20010db8, 0, 0, 0, 0x20010db8, ...Array<number>(3).fill(0xffffffff)),
      }),
    ]);
  });

  it('is tested where it runs, by command', async () => {
    const list = join(root, 'list.txt');
    await writeFile(list, '192.0.2.1\n198.51.100.0/24\n');
    const { stdout } = await runIn(root, bangui, 'plugin', 'test', id, '--config', '{"list":"recent"}', '--file', list);
    expect(stdout).toMatch(/^ok\ttakes the settings\t\{"list":"recent"\}$/m);
    expect(stdout).toMatch(/^ok\treads the file .*\t2 entries/m);
    expect(stdout).not.toMatch(/FAILED/);
  });

  it('is refused when a file of it changes, until that is accepted', async () => {
    const entry = join(pluginsDir, 'node_modules/@acme/bangui-source-greylist/dist/index.js');
    await appendFile(entry, '\n// changed');
    expect(await rescan()).toMatchObject({
      state: 'refused',
      reasons: ['Its files are not those that were added.'],
      name: null,
    });
    expect(api.app.get(SourcePlugins).source(id)).toBeUndefined();
    const { stdout } = await runIn(root, bangui, 'plugin', 'list');
    expect(stdout).toMatch(/^greylist\t@acme\/bangui-source-greylist\t0\.1\.0\trefused\tsha512-/);
    await runIn(root, bangui, 'plugin', 'accept', id);
    expect(await rescan()).toMatchObject({ state: 'available' });
    await runIn(root, bangui, 'plugin', 'add', archive);
    expect(await rescan()).toMatchObject({ state: 'available' });
  });

  it('stops nothing when another one is broken', async () => {
    const broken = join(pluginsDir, 'broken');
    await cp(join(pluginsDir, 'node_modules/@acme/bangui-source-greylist'), broken, { recursive: true });
    await writeFile(join(broken, 'package.json'), '{"bangui":{"kind":"source","api":7}}');
    expect(await rescan()).toMatchObject({ state: 'available' });
    const { body } = await api.admin.get<Plugin>('/api/v1/plugins/broken');
    expect(body).toMatchObject({
      state: 'refused',
      reasons: expect.arrayContaining([expect.stringMatching(/api/)]) as unknown,
    });
    expect((await api.anonymous.get('/api/health/live')).status).toBe(200);
  });

  it('is removed by command', async () => {
    await runIn(root, bangui, 'plugin', 'remove', id);
    expect(await rescan()).toBeUndefined();
    expect(await readdir(join(pluginsDir, 'node_modules/@acme'))).toEqual([]);
  });
});

describe('a package that is no source', () => {
  const pack = async (name: string, manifest: object, files: Record<string, string> = {}): Promise<string> => {
    const dir = join(root, name);
    await mkdir(dir, { recursive: true });
    await writeFile(
      join(dir, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js', ...manifest }),
    );
    for (const [path, text] of Object.entries({ 'index.js': 'export default 1;', ...files }))
      await writeFile(join(dir, path), text);
    const { stdout } = await runIn(dir, 'npm', 'pack', '--json', '--ignore-scripts');
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    return join(dir, packed.filename);
  };
  const part = (own: string): object => ({ bangui: { kind: 'source', api: 1, id: own, hosts: ['lists.example.org'] } });

  it('is not added, and leaves nothing behind', async () => {
    const ran = join(root, 'a-script-ran');
    const scripts = { install: `touch ${ran}`, postinstall: `touch ${ran}`, preinstall: `touch ${ran}` };
    expect(await refusal('plugin', 'add', await pack('no-source', { scripts }))).toMatch(/no source of BanGUI/);
    expect(await refusal('plugin', 'add', await pack('wrong-export', { ...part('wrong-export'), scripts }))).toMatch(
      /exports no blocklist source/,
    );
    expect(await refusal('plugin', 'add', await pack('taken', part('ipsum')))).toMatch(
      /BanGUI comes with a source ipsum/,
    );
    expect(await refusal('plugin', 'add', await pack('wrong-api', { bangui: { kind: 'source', api: 2 } }))).toMatch(
      /api/,
    );
    expect(
      await refusal(
        'plugin',
        'add',
        await pack('needs-more', { ...part('needs-more'), dependencies: { 'no-such-thing': '1.0.0' } }),
      ),
    ).toMatch(/npm cannot install/);
    expect(existsSync(ran)).toBe(false);
    expect((await readdir(pluginsDir)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await runIn(root, bangui, 'plugin', 'list')).stdout).toMatch(/^-\tbroken\t/);
  });
});

describe('bangui token', () => {
  it('makes, lists and revokes tokens of a BanGUI that runs, and the audit log has it', async () => {
    const { stdout, stderr } = await runIn(
      root,
      bangui,
      'token',
      'create',
      'edge firewall',
      '--scope',
      'feeds:read',
      '--days',
      '30',
    );
    const token = stdout.trim();
    expect(token).toMatch(/^bgt_/);
    expect(stderr).not.toContain(token);
    const program = new ApiClient(api.url);
    const own = () => program.send('GET', '/api/v1/tokens/own', { headers: { authorization: `Bearer ${token}` } });
    expect(await own()).toMatchObject({ status: 200, body: { name: 'edge firewall', scopes: ['feeds:read'] } });
    const listed = (await runIn(root, bangui, 'token', 'list')).stdout;
    expect(listed).toMatch(/^[0-9a-f-]{36}\tedge firewall\tfeeds:read\t20\d\d-.*\tcommand:/);
    expect(listed).not.toContain(token);
    await runIn(root, bangui, 'token', 'revoke', listed.slice(0, 36));
    expect((await own()).status).toBe(401);
    expect(await refusal('token', 'revoke', listed.slice(0, 36))).toMatch(/no such token/);
    const audit = await api.admin.get<{ items: { action: string; actor: string }[] }>('/api/v1/audit');
    expect(audit.body.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['token.create', 'token.delete']),
    );
    expect(audit.text).not.toContain(token);
  });
});
