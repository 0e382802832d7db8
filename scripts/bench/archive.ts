import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresMissing, startPostgres } from '../../apps/api/test/postgres-server.ts';
import { openArchive } from './archive/built-api.ts';
import { fillPostgres, fillSqlite } from './archive/fill.ts';
import { measureDashboard, measureFilters, measurePages, measureWrites } from './archive/measure-archive.ts';
import { measureExport } from './archive/measure-export.ts';
import { archiveDays } from './archive/rows.ts';
import { type Figure } from './measure.ts';

/** Rows of the archive on SQLite; `BENCH_ARCHIVE_ROWS` makes it smaller for a quick look. */
const sqliteRows = Number(process.env['BENCH_ARCHIVE_ROWS'] ?? 10_000_000);
/** Rows on PostgreSQL. */
const postgresRows = Math.min(1_000_000, sqliteRows);
/** When the generated archive ends: a moment of its own, so that a kept one stays as it is. */
const end = Date.UTC(2026, 10, 20, 12);
/** Where the SQLite archive is kept for the next time; it takes minutes to make and several gigabytes. */
const folder = 'var/bench';

/** The archive at 10 million bans on SQLite. */
export async function* measureSqliteArchive(): AsyncGenerator<Figure> {
  const path = join(folder, `archive-${sqliteRows}-v2.sqlite3`);
  if (!existsSync(path)) yield await makeSqlite(path);
  const archive = await openArchive({ databasePath: path, now: end });
  try {
    yield* measurePages(archive, sqliteRows);
    yield* measureFilters(archive, end);
    yield* measureDashboard(archive, end);
  } finally {
    await archive.database.close();
  }
  yield* await measureExport(path);
  // Last, because it changes what the next measurement would find: one that is kept is written to in a copy.
  const isKept = process.env['BENCH_ARCHIVE_KEEP'] !== undefined;
  const written = isKept ? `${path}.written` : path;
  if (isKept) await copyFile(path, written);
  const writing = await openArchive({ databasePath: written });
  try {
    yield* measureWrites(writing, end, end - archiveDays * 86_400_000);
  } finally {
    await writing.database.close();
    await removeSqlite(written);
  }
}

/** The archive at 1 million bans on PostgreSQL. */
export async function* measurePostgresArchive(): AsyncGenerator<Figure> {
  const server = await startPostgres();
  if (!server) throw new Error(postgresMissing);
  const databaseUrl = `${server.url}/postgres`;
  try {
    const archive = await openArchive({ databasePath: '', databaseUrl, now: end });
    const start = performance.now();
    await fillPostgres(databaseUrl, postgresRows, end);
    await archive.writer.rebuildRollUps();
    // Forgets nothing: it leaves of the days that are over what the clean-up does.
    await archive.writer.purge(0);
    // A server that has run for a year has done this by itself.
    await archive.database.reports.query('VACUUM ANALYZE');
    yield made(postgresRows, start);
    yield* measurePages(archive, postgresRows);
    yield* measureFilters(archive, end);
    yield* measureDashboard(archive, end);
    yield* measureWrites(archive, end, end - archiveDays * 86_400_000);
    await archive.database.close();
  } finally {
    await server.stop();
  }
}

async function makeSqlite(path: string): Promise<Figure> {
  await mkdir(folder, { recursive: true });
  const unfinished = `${path}.unfinished`;
  await removeSqlite(unfinished);
  const start = performance.now();
  await (await openArchive({ databasePath: unfinished })).database.close();
  await fillSqlite(unfinished, sqliteRows, end);
  await rename(unfinished, path);
  return made(sqliteRows, start);
}

function made(rows: number, start: number): Figure {
  const { user, system } = process.cpuUsage();
  return {
    name: `${rows.toLocaleString('en')} bans generated`,
    value: `${((performance.now() - start) / 1_000).toFixed(0)} s`,
    processor: `${((user + system) / 1e6).toFixed(0)} s`,
  };
}

async function removeSqlite(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
}
