import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadSettings } from '../core/config/load-settings.ts';
import {
  acceptPlugin,
  addPlugin,
  listPlugins,
  type OperatorPlugin,
  removePlugin,
  testPlugin,
} from '../features/plugins/operator/index.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** Carries out `bangui plugin …`; answers the exit status. */
export async function pluginCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { command, subject, values } = read(args);
  const folder = resolve(loadSettings(io.env).pluginsDir);
  switch (command) {
    case 'add':
      tellPlugin('Added', await addPlugin({ what: subject, folder, checksum: values.checksum }), io);
      return 0;
    case 'accept':
      tellPlugin('Accepted', await acceptPlugin(subject, folder), io);
      return 0;
    case 'remove':
      await removePlugin(subject, folder);
      io.tell(`Removed ${subject}. Sources that use it no longer run.`);
      return 0;
    case 'list':
      return list(folder, io);
    case 'test':
      return (await isFolder(subject))
        ? testFolder(subject, io)
        : test({ id: subject, folder, config: configOf(values.config), file: values.file }, io);
    default:
      throw new BadUsage(usageOf('plugin'));
  }
}

interface Read {
  readonly command: string | undefined;
  readonly subject: string;
  readonly values: { readonly checksum?: string; readonly config?: string; readonly file?: string };
}

function read(args: readonly string[]): Read {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { checksum: { type: 'string' }, config: { type: 'string' }, file: { type: 'string' } },
    });
    const [command, subject, ...more] = positionals;
    if (more.length > 0 || (subject === undefined) !== (command === 'list')) throw new BadUsage(usageOf('plugin'));
    return { command, subject: subject ?? '', values };
  } catch (error) {
    throw new BadUsage(usageOf('plugin'), { cause: error });
  }
}

function configOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch (error) {
    throw new BadUsage('The settings are not JSON.', { cause: error });
  }
}

function tellPlugin(what: string, plugin: OperatorPlugin, io: CommandIo): void {
  const hosts = plugin.hosts === 'from-config' ? 'whatever an administrator writes' : plugin.hosts.join(', ');
  io.tell(`${what} ${plugin.id}: ${plugin.name} (${plugin.packageName} ${plugin.version})`);
  io.tell(`  hosts     ${hosts}`);
  io.tell(`  publisher ${plugin.homepage}`);
  io.tell(`  terms     ${plugin.licence}`);
  io.tell(`  confined  ${plugin.confined}`);
  io.tell(`  checksum  ${plugin.checksum}`);
  io.tell('A BanGUI that runs finds it when it looks again: POST /api/v1/plugins/rescan, or at its next start.');
  io.out(plugin.id);
}

async function list(folder: string, io: CommandIo): Promise<number> {
  const plugins = await listPlugins(folder);
  if (plugins.length === 0) io.tell(`No source was added to ${folder}.`);
  for (const { id, packageName, version, checksum, problem } of plugins) {
    io.out([id, packageName, version, problem === undefined ? 'available' : 'refused', checksum].join('\t'));
    if (problem !== undefined) io.tell(`${id}: ${problem}`);
  }
  return 0;
}

async function test(order: Parameters<typeof testPlugin>[0], io: CommandIo): Promise<number> {
  const checks = await testPlugin(order);
  for (const { title, problem, detail } of checks) {
    io.out(`${problem === undefined ? 'ok' : 'FAILED'}\t${title}\t${problem ?? detail ?? ''}`);
  }
  return checks.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

/** A source that is being written has its own tests, which call the conformance suite. */
async function testFolder(folder: string, io: CommandIo): Promise<number> {
  const child = spawn('npm', ['test'], { cwd: folder, env: { ...io.env }, stdio: 'inherit' });
  // A child that cannot be started rejects this.
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

function isFolder(path: string): Promise<boolean> {
  return stat(join(path, 'package.json')).then(
    (found) => found.isFile(),
    () => false,
  );
}
