import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { type Database } from '../../../core/database/database.ts';
import { openDatabase } from '../../../core/database/open-database.ts';

/** A BanGUI on a machine of its own: folders for its data and for backups. */
export interface BackupPlace {
  readonly root: string;
  readonly database: string;
  readonly plugins: string;
  readonly env: Readonly<Record<string, string>>;
  /** Path of a backup in the place. */
  backup(name: string): string;
  /** What lies in the folder of the database. */
  files(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Makes an empty place; nothing is in its folders. */
export async function backupPlace(): Promise<BackupPlace> {
  const root = await mkdtemp(join(tmpdir(), 'bangui-backup-'));
  const [data, plugins] = [join(root, 'data'), join(root, 'plugins')];
  await mkdir(data);
  const database = join(data, 'bangui.sqlite3');
  return {
    ...{ root, database, plugins },
    env: { BANGUI_DATABASE_PATH: database, BANGUI_PLUGINS_DIR: plugins },
    backup: (name) => join(root, name),
    files: async () => (await readdir(data)).sort(),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Gives a place a database, a key file and a plugin; each named after `name`. */
export async function fill(place: BackupPlace, name: string): Promise<void> {
  const database = await openDatabase({ databasePath: place.database }, []);
  await mark(database, name);
  await database.close();
  await writeFile(join(place.database, '../secret-key'), `${keyOf(name)}\n`, { mode: 0o600 });
  const folder = join(place.plugins, 'node_modules/@someone', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name }));
  await writeFile(join(place.plugins, 'bangui-plugins.json'), JSON.stringify({ plugins: {}, name }));
}

/** A key of a place. */
export function keyOf(name: string): string {
  return `key of ${name} `.padEnd(40, '.');
}

/** Writes a row that can be found again. */
export async function mark(database: Database, name: string): Promise<void> {
  await database.write((manager) =>
    manager.query(`INSERT INTO audit_event (id, at, actor, address, action, subject, outcome, request_id)
      VALUES ('${name}', 1, 'test', '192.0.2.1', 'mark', '${name}', 'succeeded', 'test')`),
  );
}

/** The rows that {@link mark} has written, of a database that is whole. */
export function marks(path: string): string[] {
  const connection = new BetterSqlite(path, { readonly: true, fileMustExist: true });
  try {
    if (connection.pragma('integrity_check', { simple: true }) !== 'ok') throw new Error(`${path} is damaged`);
    return connection.prepare<[], string>('SELECT subject FROM audit_event ORDER BY id').pluck().all();
  } finally {
    connection.close();
  }
}
