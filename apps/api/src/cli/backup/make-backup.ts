import { access, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Settings } from '../../core/config/settings.ts';
import { inspectDatabase } from '../../core/database/inspect-database.ts';
import { version } from '../../core/version.ts';
import { type FileToKeep, filesToKeep, placesOf } from './backup-files.ts';
import { snapshotDatabase } from './database-snapshot.ts';
import { type BackupManifest, BackupUnusable, manifestOf, memberNames } from './manifest.ts';
import { memberOf, writeArchive } from './write-archive.ts';

const limitMs = 15_000;

/** A backup that is there now. */
export interface MadeBackup {
  readonly file: string;
  /** Its size on the disk. */
  readonly bytes: number;
  readonly manifest: BackupManifest;
  /** Paths in the folder of plugins that are not in it. */
  readonly leftOut: readonly string[];
  /** Whether it holds the key of the stored secrets. */
  readonly hasKey: boolean;
}

/**
 * Writes database, key file and plugins into one new file, while BanGUI runs or not. Until it is whole it has another name;
 * beside it there must be room for a copy of the database as well.
 * @param now epoch milliseconds
 * @throws BackupUnusable when there is such a file, or something changed under it; StartRefused when the database is damaged
 */
export async function makeBackup(
  settings: Settings,
  target: string,
  now: number,
  signal: AbortSignal,
): Promise<MadeBackup> {
  const file = resolve(target);
  await refuseExisting(file);
  const [copy, half] = [`${file}.database`, `${file}.part`];
  const removeHalves = async (): Promise<void> => {
    for (const path of [copy, `${copy}-journal`, half]) await rm(path, { force: true });
  };
  // A killed one may have left them.
  await removeHalves();
  try {
    // Opened first, so that nobody else can read what SQLite then fills.
    await (await open(copy, 'wx', 0o600)).close();
    const places = placesOf(settings);
    await snapshotDatabase(places.database, copy, signal);
    const { files, leftOut } = await filesToKeep(places, settings.secretKey.length > 0);
    const all: FileToKeep[] = [{ path: memberNames.database, file: copy }, ...files];
    const members = [];
    for (const one of all) members.push(await memberOf(one, signal));
    const createdAt = new Date(now).toISOString();
    const manifest = manifestOf({ bangui: version, createdAt, schema: await appliedIn(copy), members });
    const bytes = await writeArchive(half, manifest, all, signal);
    await refuseExisting(file);
    await rename(half, file);
    await syncFolder(dirname(file));
    return { file, bytes, manifest, leftOut, hasKey: files.some(({ path }) => path === memberNames.keys) };
  } finally {
    await removeHalves();
  }
}

/** What was migrated in a database, oldest first. */
async function appliedIn(databasePath: string): Promise<readonly string[]> {
  await using database = await inspectDatabase({ databasePath }, limitMs);
  return database.schema.applied;
}

async function refuseExisting(file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new BackupUnusable(`${file} is there already, and no backup is written over another one.`);
  await access(dirname(file)).catch((error: unknown) => {
    throw new BackupUnusable(`There is no folder ${dirname(file)}.`, { cause: error });
  });
}

/** A renamed file has its new name for good only when its folder is on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
