import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadSettings } from '../core/config/load-settings.ts';
import {
  acceptPlugin,
  addPlugin,
  listPlugins,
  type OperatorPlugin,
  removePlugin,
  testPlugin,
} from '../features/plugins/operator/index.ts';
import { readArguments } from './command-arguments.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** Carries out `bangui plugin …`; answers the exit status. */
export async function pluginCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { command, subject, values } = read(args);
  const isJson = values.json === true;
  const folder = resolve(loadSettings(io.env).pluginsDir);
  switch (command) {
    case 'add':
      tellPlugin('Added', await addPlugin({ what: subject, folder, checksum: values.checksum }), isJson, io);
      return 0;
    case 'accept':
      tellPlugin('Accepted', await acceptPlugin(subject, folder), isJson, io);
      return 0;
    case 'remove':
      await removePlugin(subject, folder);
      if (isJson) io.out(JSON.stringify({ id: subject, isRemoved: true }));
      io.tell(`Removed ${subject}. Sources that use it no longer run.`);
      return 0;
    case 'list':
      return list(folder, isJson, io);
    case 'test':
      return (await isFolder(subject))
        ? testFolder(subject, isJson, io)
        : test({ id: subject, folder, config: configOf(values.config), file: values.file }, isJson, io);
    default:
      throw new BadUsage(usageOf('plugin'));
  }
}

interface Read {
  readonly command: string | undefined;
  readonly subject: string;
  readonly values: {
    readonly checksum?: string;
    readonly config?: string;
    readonly file?: string;
    readonly json?: boolean;
  };
}

function read(args: readonly string[]): Read {
  const { words, values } = readArguments('plugin', args, {
    checksum: { type: 'string' },
    config: { type: 'string' },
    file: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [command, subject, ...more] = words;
  if (more.length > 0 || (subject === undefined) !== (command === 'list')) throw new BadUsage(usageOf('plugin'));
  return { command, subject: subject ?? '', values };
}

function configOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch (error) {
    throw new BadUsage('The settings are not JSON.', { cause: error });
  }
}

function tellPlugin(what: string, plugin: OperatorPlugin, isJson: boolean, io: CommandIo): void {
  const hosts = plugin.hosts === 'from-config' ? 'whatever an administrator writes' : plugin.hosts.join(', ');
  io.tell(`${what} ${plugin.id}: ${plugin.name} (${plugin.packageName} ${plugin.version})`);
  io.tell(`  hosts     ${hosts}`);
  io.tell(`  publisher ${plugin.homepage}`);
  io.tell(`  terms     ${plugin.licence}`);
  io.tell(`  confined  ${plugin.confined}`);
  io.tell(`  checksum  ${plugin.checksum}`);
  io.tell('A BanGUI that runs finds it when it looks again: POST /api/v1/plugins/rescan, or at its next start.');
  io.out(isJson ? JSON.stringify(plugin) : plugin.id);
}

async function list(folder: string, isJson: boolean, io: CommandIo): Promise<number> {
  const plugins = await listPlugins(folder);
  if (isJson) {
    io.out(JSON.stringify({ plugins: plugins.map((plugin) => ({ ...plugin, problem: plugin.problem ?? null })) }));
    return 0;
  }
  if (plugins.length === 0) io.tell(`No source was added to ${folder}.`);
  for (const { id, packageName, version, checksum, problem } of plugins) {
    io.out([id, packageName, version, problem === undefined ? 'available' : 'refused', checksum].join('\t'));
    if (problem !== undefined) io.tell(`${id}: ${problem}`);
  }
  return 0;
}

async function test(order: Parameters<typeof testPlugin>[0], isJson: boolean, io: CommandIo): Promise<number> {
  const checks = await testPlugin(order);
  const isPassed = checks.every(({ problem }) => problem === undefined);
  if (isJson) {
    const shown = checks.map(({ title, problem, detail }) => ({
      title,
      problem: problem ?? null,
      detail: detail ?? null,
    }));
    io.out(JSON.stringify({ isPassed, checks: shown }));
    return isPassed ? 0 : 1;
  }
  for (const { title, problem, detail } of checks) {
    io.out(`${problem === undefined ? 'ok' : 'FAILED'}\t${title}\t${problem ?? detail ?? ''}`);
  }
  return isPassed ? 0 : 1;
}

/** A source that is being written has its own tests, which call the conformance suite. */
async function testFolder(folder: string, isJson: boolean, io: CommandIo): Promise<number> {
  const child = spawn('npm', ['test'], {
    cwd: folder,
    env: { ...io.env },
    // What npm writes is no JSON, so it goes where remarks go.
    stdio: ['inherit', isJson ? process.stderr : 'inherit', 'inherit'],
  });
  // A child that cannot be started rejects this.
  const [code] = (await once(child, 'close')) as [number | null];
  if (isJson) io.out(JSON.stringify({ isPassed: code === 0 }));
  return code ?? 1;
}

function isFolder(path: string): Promise<boolean> {
  return stat(join(path, 'package.json')).then(
    (found) => found.isFile(),
    () => false,
  );
}
