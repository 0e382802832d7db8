import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { foldersIn, type FoundPlugin, readPackage } from './find-plugins.ts';

/** Folders that are looked into. What npm installs for other reasons is no plugin, and not counted. */
const maxFolders = 1_000;

/** The sources in the operator's folder: in `node_modules`, where npm puts them, and beside it. */
export async function findForeign(folder: string): Promise<FoundPlugin[]> {
  const installed = await packageFolders(join(folder, 'node_modules'));
  const beside = (await foldersIn(folder)).filter((path) => basename(path) !== 'node_modules');
  const found: FoundPlugin[] = [];
  for (const directory of [...installed, ...beside].slice(0, maxFolders)) {
    // The child may read this path and nothing that it leads to.
    const plugin = await readPackage(await realpath(directory), 'foreign');
    if (plugin) found.push(plugin);
  }
  return found;
}

/** Packages of a `node_modules`, those in scopes too. */
export async function packageFolders(modules: string): Promise<string[]> {
  const folders = await foldersIn(modules);
  const nested = await Promise.all(
    folders.map(async (path) => (basename(path).startsWith('@') ? foldersIn(path) : [path])),
  );
  return nested.flat();
}
