import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { cp, link, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KeyFile } from '../../core/secrets/key-file.ts';
import { type OwnPlaces } from './backup-files.ts';
import { holdIdleDatabase } from './idle-database.ts';
import { syncFolder } from './make-backup.ts';
import { type BackupManifest, BackupUnusable, memberNames, pluginsPrefix } from './manifest.ts';

/** What was there before, and where it is now. */
export interface PutAside {
  /** The database; undefined when there was none. */
  readonly database: string | undefined;
  /** Folder of the plugins; undefined when there were none, or the backup holds none. */
  readonly plugins: string | undefined;
}

/**
 * Puts what was unpacked in its place. The database comes last and in one step: whenever this is broken off, there is the
 * old one or the new one, and the keys of both.
 * @param stamp part of the names of what is put aside
 * @throws StartRefused while BanGUI runs; BackupUnusable when the keys are none
 */
export async function putInPlace(
  places: OwnPlaces,
  staging: string,
  { members }: BackupManifest,
  stamp: string,
): Promise<PutAside> {
  const held = await holdIdleDatabase(places.database);
  try {
    const aside = await putParts(places, staging, members, stamp);
    await syncFolder(places.folder);
    return aside;
  } finally {
    held.release();
  }
}

async function putParts(
  places: OwnPlaces,
  staging: string,
  members: BackupManifest['members'],
  stamp: string,
): Promise<PutAside> {
  if (members.some(({ path }) => path === memberNames.keys)) await putKeys(places.keys, staging);
  const hasPlugins = members.some(({ path }) => path.startsWith(pluginsPrefix));
  const database = await keepFormer(places.database, `${places.database}.before-restore-${stamp}`);
  try {
    const plugins = hasPlugins ? await putPlugins(places.plugins, staging, stamp) : undefined;
    await rename(join(staging, memberNames.database), places.database);
    return { database, plugins };
  } catch (error) {
    // It is still under its first name.
    if (database !== undefined) await rm(database, { force: true });
    throw error;
  }
}

async function putKeys(keys: string, staging: string): Promise<void> {
  const isDone = await KeyFile.putFirst(keys, await readFile(join(staging, memberNames.keys), 'utf8'));
  if (!isDone) throw new BackupUnusable('Its file of keys holds none. Nothing was changed.');
}

/** Gives the database a second name, under which it stays when the first one is the new one's. */
async function keepFormer(database: string, former: string): Promise<string | undefined> {
  // A database that SQLite could not open has still got its log, which must not become that of the new one.
  for (const end of ['-wal', '-shm', '-journal']) await renameIfThere(`${database}${end}`, `${former}${end}`);
  if (!(await isThere(database))) return undefined;
  // Not every file system has second names.
  await link(database, former).catch(() => copyElsewhere(database, former));
  return former;
}

/**
 * Copies a file in a process of its own: whoever closes a file, however opened, loses all locks that its process has on it (fcntl(2)),
 * and SQLite's on the database are held here. Rejects when the second file is there.
 */
export async function copyElsewhere(from: string, to: string): Promise<void> {
  const copy = `require('node:fs').copyFileSync(process.argv[1], process.argv[2], ${constants.COPYFILE_EXCL})`;
  await promisify(execFile)(process.execPath, ['-e', copy, from, to]);
}

/**
 * Puts aside what the folder of plugins holds, and the new plugins in its place. The folder itself stays, because it may be a
 * mounted one.
 */
async function putPlugins(folder: string, staging: string, stamp: string): Promise<string | undefined> {
  const [unpacked, aside] = [join(staging, pluginsPrefix), join(folder, `.before-restore-${stamp}`)];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The staging folder may lie on another file system.
  const beside = await mkdtemp(join(folder, '.restoring-'));
  try {
    await cp(unpacked, beside, { recursive: true });
    await mkdir(aside, { mode: 0o700 });
    let isEmpty = true;
    for (const name of ['bangui-plugins.json', 'node_modules']) {
      isEmpty = !(await renameIfThere(join(folder, name), join(aside, name))) && isEmpty;
      await renameIfThere(join(beside, name), join(folder, name));
    }
    if (isEmpty) await rm(aside, { recursive: true });
    return isEmpty ? undefined : aside;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** @returns whether it was there */
async function renameIfThere(from: string, to: string): Promise<boolean> {
  if (!(await isThere(from))) return false;
  await rename(from, to);
  return true;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
