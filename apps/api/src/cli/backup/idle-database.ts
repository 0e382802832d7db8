import { readFile, stat } from 'node:fs/promises';
import BetterSqlite from 'better-sqlite3';
import { StartRefused } from '../../core/start-refused.ts';

/** Longest wait for somebody who is just closing the database, in milliseconds. */
const busyTimeoutMs = 1_000;

/** Keeps everybody else away until it is released. */
export interface HeldDatabase {
  release(): void;
}

/** There is nothing to keep anybody away from, or no way to. */
const nothingHeld: HeldDatabase = { release: () => undefined };

function inUse(path: string, cause?: unknown): StartRefused {
  return new StartRefused(
    `BanGUI runs: ${path} is open in another process. Stop BanGUI, then run this again. Nothing was changed.`,
    { cause },
  );
}

/**
 * Takes a database that nobody has open. Whoever has it open holds a lock on it, in other containers of the machine too. It is
 * then one file: its write-ahead log is part of it. There need not be a database, and it may be damaged.
 * @throws StartRefused when somebody has it open
 */
export async function holdIdleDatabase(path: string): Promise<HeldDatabase> {
  const before = await stat(path).catch(() => undefined);
  if (!before) return nothingHeld;
  let connection: BetterSqlite.Database | undefined;
  try {
    connection = new BetterSqlite(path, { fileMustExist: true, timeout: busyTimeoutMs });
    connection.pragma('trusted_schema = OFF');
    connection.pragma('locking_mode = EXCLUSIVE');
    // SQLite leaves the write-ahead log for nobody while others are connected. Whoever opens the file now and gets it when it has
    // been replaced cannot go back to that log: SQLite refuses to write into a file that has another name (SQLITE_READONLY_DBMOVED).
    connection.pragma('journal_mode = DELETE');
    connection.exec('BEGIN EXCLUSIVE');
    const held = connection;
    return { release: () => held.close() };
  } catch (error) {
    connection?.close();
    if (!(error instanceof BetterSqlite.SqliteError)) throw error;
    if (/^SQLITE_(?:BUSY|LOCKED)/.test(error.code)) throw inUse(path, error);
    // It is damaged, so SQLite does not come as far as its locks; the system knows of those of this container.
    if (await isLocked(before)) throw inUse(path, error);
    return nothingHeld;
  }
}

/** Whether any process holds a lock on the file: proc_locks(5) names its device and inode. */
async function isLocked({ dev, ino }: { readonly dev: number; readonly ino: number }): Promise<boolean> {
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  // As gnu_dev_major and gnu_dev_minor of glibc.
  const major = (dev >>> 8) & 0xfff;
  const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return locks.includes(` ${hex(major)}:${hex(minor)}:${ino} `);
}
