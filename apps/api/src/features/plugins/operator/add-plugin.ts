import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findForeign } from '../find-foreign.ts';
import { findInTree, type FoundPlugin, inTreeFolder } from '../find-plugins.ts';
import { checksumOf } from '../hosting/index.ts';
import { describeLocated } from '../describe-foreign-plugin.ts';
import { reasonOf } from '../hosting/plugin-fault.ts';
import { mismatch } from '../plugin-info.ts';
import { type PluginsLock, readLock, writeLock } from '../plugins-lock.ts';
import { installPackage, type NpmProgram } from './install-package.ts';
import { OperatorError } from './operator-error.ts';
import { type OperatorPlugin, pluginOf } from './operator-plugin.ts';

/** What to add, and where. */
export interface AddOrder {
  /** `name@1.2.3`, or the path of an archive. */
  readonly what: string;
  /** The operator's folder of plugins. */
  readonly folder: string;
  /** The checksum that it must have, if that is known. */
  readonly checksum?: string | undefined;
  readonly npm?: NpmProgram;
}

/**
 * Installs a source beside the others, looks at it in every way that the API will, and only then lets it in.
 * @throws OperatorError when it is not let in; nothing has changed then
 */
export async function addPlugin({ what, folder, checksum: wanted, npm }: AddOrder): Promise<OperatorPlugin> {
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(folder, '.adding-'));
  try {
    await installPackage(what, staging, npm);
    const found = await theOnly(staging);
    const lock = await readLock(folder);
    await refuseTwin(found, lock);
    const { plugin, directory } = await inspect(found);
    if (wanted !== undefined && wanted !== plugin.checksum) {
      throw new OperatorError(`Its checksum is ${plugin.checksum}, not the one that was given.`);
    }
    await replace(directory, join(folder, 'node_modules', plugin.packageName), join(staging, 'before'));
    await writeLock(folder, { ...lock, [plugin.id]: lockedOf(plugin) });
    return plugin;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * Lets in what lies in the folder under an id, as it is: after a change, or when it was put there by hand.
 * @throws OperatorError when there is none, or it is not to be let in
 */
export async function acceptPlugin(id: string, folder: string): Promise<OperatorPlugin> {
  const [found, ...others] = (await findForeign(folder)).filter(({ manifest }) => manifest?.id === id);
  if (!found) throw new OperatorError(`There is no source ${id} in ${folder}.`);
  if (others.length > 0) throw new OperatorError(`There are several sources ${id} in ${folder}.`);
  await refuseTwin(found, {});
  const { plugin } = await inspect(found);
  await writeLock(folder, { ...(await readLock(folder)), [id]: lockedOf(plugin) });
  return plugin;
}

/**
 * Removes a source that was added, and its place in the lock.
 * @throws OperatorError when none was
 */
export async function removePlugin(id: string, folder: string): Promise<void> {
  const { [id]: locked, ...others } = await readLock(folder);
  if (!locked) throw new OperatorError(`No source ${id} was added to ${folder}.`);
  // First out of the lock: from then on it is refused, whatever becomes of its files.
  await writeLock(folder, others);
  for (const { manifest, directory } of await findForeign(folder)) {
    if (manifest?.id === id && manifest.packageName === locked.package) await rm(directory, { recursive: true });
  }
}

async function theOnly(staging: string): Promise<FoundPlugin> {
  const [found, ...others] = await findForeign(staging);
  if (!found)
    throw new OperatorError('The package has no part "bangui" in its package.json: it is no source of BanGUI.');
  if (others.length > 0) throw new OperatorError('The package brings other sources with it.');
  if (!found.manifest) throw new OperatorError(`Its manifest is wrong: ${found.problems.join('; ')}.`);
  return found;
}

async function refuseTwin({ manifest }: FoundPlugin, lock: PluginsLock): Promise<void> {
  const { id = '', packageName = '' } = manifest ?? {};
  const ours = await findInTree(inTreeFolder);
  if (ours.some((plugin) => plugin.manifest?.id === id)) {
    throw new OperatorError(`BanGUI comes with a source ${id}; this one cannot take its place.`);
  }
  const locked = lock[id];
  if (locked && locked.package !== packageName) {
    throw new OperatorError(`${locked.package} is the source ${id} here. Remove it first: bangui plugin remove ${id}`);
  }
}

async function inspect(found: FoundPlugin): Promise<{ plugin: OperatorPlugin; directory: string }> {
  const { manifest, directory, entry } = found;
  if (!manifest) throw new OperatorError(`Its manifest is wrong: ${found.problems.join('; ')}.`);
  let checksum: string;
  try {
    checksum = await checksumOf(directory);
  } catch (error) {
    throw new OperatorError(reasonOf(error), { cause: error });
  }
  const location = { id: manifest.id, trust: 'foreign', directory, entry, checksum } as const;
  const checked = await describeLocated(location, checksum);
  const problem = 'problem' in checked ? checked.problem : mismatch(manifest, checked.description);
  if ('problem' in checked || problem !== undefined) throw new OperatorError(problem ?? 'It cannot be loaded.');
  return { directory, plugin: await pluginOf(manifest, checksum, checked.description) };
}

function lockedOf({ packageName, version, checksum }: OperatorPlugin): PluginsLock[string] {
  return { package: packageName, version, checksum };
}

/** Puts a folder in the place of another one, which goes aside. */
async function replace(from: string, to: string, aside: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(to, aside);
  } catch (error) {
    // There was none.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await rename(from, to);
}
