import { open } from 'node:fs/promises';
import BetterSqlite from 'better-sqlite3';
import { StartRefused } from '../../core/start-refused.ts';

/** Pages that are copied before the process may do something else, such as take a signal: 4 MiB of them. */
const pagesAtOnce = 1_024;
/** Longest wait for another process's lock, in milliseconds. Readers only wait while a database is closed or recovered. */
const busyTimeoutMs = 15_000;

/**
 * Copies an SQLite database into a new file, as it is at the start: the connection holds that state, so what is written
 * meanwhile neither waits nor makes the copy begin anew. Until it ends the write-ahead log keeps what is written.
 * @throws StartRefused when the copy is damaged
 */
export async function snapshotDatabase(path: string, to: string, signal: AbortSignal): Promise<void> {
  const source = new BetterSqlite(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    source.exec('BEGIN');
    // The state is chosen by the first read.
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(to, {
      progress: () => {
        signal.throwIfAborted();
        return pagesAtOnce;
      },
    });
  } finally {
    source.close();
  }
  await refuseDamage(to);
}

/**
 * Looks through all pages of a database that nobody uses, and sees to it that it is one file that is on the disk.
 * @throws StartRefused
 */
async function refuseDamage(path: string): Promise<void> {
  const copy = new BetterSqlite(path);
  try {
    copy.pragma('trusted_schema = OFF');
    const found = copy.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new StartRefused(`The database is damaged: ${String(found)}. More: bangui db check`);
    // Otherwise each look at it would leave two more files beside it.
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
