import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Settings } from '../../core/config/settings.ts';
import { keyFileOf } from '../../core/secrets/key-file.ts';
import { BackupUnusable, isBelow, maxMembers, maxPluginBytes, memberNames, pluginsPrefix } from './manifest.ts';

/** A file that goes into a backup. */
export interface FileToKeep {
  /** Its name in the archive. */
  readonly path: string;
  readonly file: string;
}

/** What was found, and what is not kept. */
export interface FilesToKeep {
  readonly files: readonly FileToKeep[];
  /** Paths that are neither files nor folders, or have names that no archive of ours holds. */
  readonly leftOut: readonly string[];
}

/** Where BanGUI keeps what is not in fail2ban: the folder of the database, its key file, the folder of plugins. */
export interface OwnPlaces {
  readonly database: string;
  readonly folder: string;
  readonly keys: string;
  readonly plugins: string;
}

/** The places that the settings name. */
export function placesOf({ databasePath, pluginsDir }: Pick<Settings, 'databasePath' | 'pluginsDir'>): OwnPlaces {
  const database = resolve(databasePath);
  return { database, folder: dirname(database), keys: keyFileOf(database), plugins: resolve(pluginsDir) };
}

/**
 * The files beside the database: its keys, where the environment has none, and the plugins of others.
 * @throws BackupUnusable when the plugins are more than a backup holds
 */
export async function filesToKeep({ keys, plugins }: OwnPlaces, hasOwnKey: boolean): Promise<FilesToKeep> {
  const isThere = await stat(keys).then(
    (found) => found.isFile(),
    () => false,
  );
  const found = await filesOfPlugins(plugins);
  return {
    files: [
      ...(isThere && !hasOwnKey ? [{ path: memberNames.keys, file: keys }] : []),
      ...found.files.map((path) => ({ path: `${pluginsPrefix}${path}`, file: join(plugins, path) })),
    ],
    leftOut: found.leftOut,
  };
}

async function filesOfPlugins(directory: string): Promise<{ files: string[]; leftOut: string[] }> {
  const [files, leftOut, folders]: [string[], string[], string[]] = [[], [], ['']];
  let bytes = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesOf(join(directory, folder))) {
      const path = join(folder, entry.name);
      // What begins with a dot is half made, or was put aside.
      if (folder === '' && entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) folders.push(path);
      else if (!entry.isFile() || !isBelow(path)) leftOut.push(path);
      else {
        files.push(path);
        bytes += (await stat(join(directory, path))).size;
      }
    }
    if (files.length + folders.length + leftOut.length > maxMembers - 2 || bytes > maxPluginBytes)
      throw new BackupUnusable(`${directory} holds more than plugins.`);
  }
  return { files: files.sort(), leftOut };
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // Nobody has added a plugin.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
