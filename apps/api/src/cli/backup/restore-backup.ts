import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { type Settings } from '../../core/config/settings.ts';
import { inspectDatabase } from '../../core/database/inspect-database.ts';
import { refuseNetworkFileSystem } from '../../core/database/network-file-system.ts';
import { StartRefused } from '../../core/start-refused.ts';
import { placesOf } from './backup-files.ts';
import { holdIdleDatabase } from './idle-database.ts';
import { type BackupManifest, BackupUnusable, memberNames } from './manifest.ts';
import { type PutAside, putInPlace } from './put-in-place.ts';
import { readArchive } from './read-archive.ts';

const limitMs = 15_000;
/** Beside the database, so that what was unpacked can take its place in one step. */
const stagingName = '.bangui-restore-';

/** A backup that is in its place now. */
export interface RestoredBackup {
  readonly database: string;
  readonly manifest: BackupManifest;
  readonly aside: PutAside;
  /** How many changes of the schema the next start makes. */
  readonly missingMigrations: number;
}

/**
 * Brings a backup back: unpacks it beside the database, looks at all of it, and only then puts it in its place.
 * @param now epoch milliseconds; part of the names of what was there before
 * @throws BackupUnusable, StartRefused; then everything is as it was
 */
export async function restoreBackup(
  settings: Settings,
  file: string,
  now: number,
  signal: AbortSignal,
): Promise<RestoredBackup> {
  const places = placesOf(settings);
  await mkdir(places.folder, { recursive: true, mode: 0o700 });
  await refuseNetworkFileSystem(places.database);
  // It is found out now, before the work of unpacking, and once more when it counts.
  (await holdIdleDatabase(places.database)).release();
  // A killed one may have left them.
  for (const name of await readdir(places.folder))
    if (name.startsWith(stagingName)) await rm(join(places.folder, name), { recursive: true, force: true });
  const staging = await mkdtemp(join(places.folder, stagingName));
  try {
    const manifest = await readArchive(resolve(file), staging, signal);
    const missingMigrations = await lookAt(join(staging, memberNames.database));
    signal.throwIfAborted();
    const stamp = new Date(now).toISOString().replaceAll(/[-:.]/g, '');
    const aside = await putInPlace(places, staging, manifest, stamp);
    return { database: places.database, manifest, aside, missingMigrations };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Whether the database is one that this version can start with. @throws BackupUnusable */
async function lookAt(databasePath: string): Promise<number> {
  try {
    const connection = new BetterSqlite(databasePath, { readonly: true, fileMustExist: true });
    try {
      connection.pragma('trusted_schema = OFF');
      const found = connection.pragma('quick_check(1)', { simple: true });
      if (found !== 'ok') throw new BackupUnusable(`The database in it is damaged: ${String(found)}`);
    } finally {
      connection.close();
    }
    await using database = await inspectDatabase({ databasePath }, limitMs);
    const { applied, missing, unknown } = database.schema;
    if (unknown.length > 0)
      throw new BackupUnusable(`It was made by a newer BanGUI (${unknown.join(', ')}). Restore it with that version.`);
    if (applied.length === 0) throw new BackupUnusable('The database in it is none of BanGUI.');
    return missing.length;
  } catch (error) {
    if (error instanceof BetterSqlite.SqliteError || error instanceof StartRefused)
      throw new BackupUnusable(`The database in it cannot be used: ${error.message}`, { cause: error });
    throw error;
  }
}
