import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, '../../../..');
const bin = join(checkout, 'node_modules/.bin');

/** What the author of a source gets from the registry, and what that needs; all of it from this checkout. */
const PUBLISHED = ['libs/plugin-sdk', 'libs/plugin-testing', 'libs/create-bangui-source'] as const;
const FOREIGN = ['node_modules/zod'];

/** Runs a program with the pinned Node first in PATH; answers its output. */
export async function runIn(cwd: string, program: string, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    // The tests of a source run with Node's own runner there, not with ours.
    VITEST: undefined,
    NODE_OPTIONS: undefined,
    npm_config_cache: join(cwd, '.npm-cache'),
    npm_config_offline: 'true',
  };
  const { stdout } = await run(program, [...args], { cwd, env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** Builds and packs everything into `dir`; answers the archives by the names of the packages. */
export async function packAll(dir: string): Promise<ReadonlyMap<string, string>> {
  await mkdir(dir, { recursive: true });
  await runIn(checkout, join(bin, 'tsc'), ['-b', ...PUBLISHED]);
  const folders = [...PUBLISHED, ...FOREIGN].map((folder) => join(checkout, folder));
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', dir, ...folders];
  const packed = JSON.parse(await runIn(dir, 'npm', args)) as { name: string; filename: string }[];
  return new Map(packed.map(({ name, filename }) => [name, join(dir, filename)]));
}

/** Puts what only compiling needs into a folder, as links: it is large, and not what is tested. */
export async function linkTypes(dir: string): Promise<void> {
  const types = join(dir, 'node_modules/@types');
  await mkdir(types, { recursive: true });
  await symlink(join(checkout, 'node_modules/@types/node'), join(types, 'node'));
}

/** Installs archives and what they need of each other, without a registry and without running anything of theirs. */
export async function install(dir: string, archives: readonly (string | undefined)[]): Promise<void> {
  const found = archives.filter((archive) => archive !== undefined);
  await runIn(dir, 'npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...found]);
}

/** Paths of all files of an installed package. */
export async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}
