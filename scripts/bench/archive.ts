import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
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
export async function measureSqliteArchive(): Promise<Figure[]> {
  const path = join(folder, `archive-${sqliteRows}-v1.sqlite3`);
  const figures: Figure[] = existsSync(path) ? [] : [await makeSqlite(path)];
  const archive = await openArchive({ databasePath: path });
  try {
    figures.push(...(await measurePages(archive, sqliteRows)));
    figures.push(...(await measureFilters(archive, end)));
    figures.push(...(await measureDashboard(archive, end)));
  } finally {
    await archive.database.close();
  }
  figures.push(...(await measureExport(path)));
  // Last, because it changes what the next measurement would find; the archive is made again after it.
  const writing = await openArchive({ databasePath: path });
  try {
    figures.push(...(await measureWrites(writing, end, end - archiveDays * 86_400_000)));
  } finally {
    await writing.database.close();
    if (process.env['BENCH_ARCHIVE_KEEP'] === undefined) await removeSqlite(path);
  }
  return figures;
}

/** The archive at 1 million bans on PostgreSQL. */
export async function measurePostgresArchive(): Promise<Figure[]> {
  const server = await startPostgres();
  if (!server) throw new Error(postgresMissing);
  const databaseUrl = `${server.url}/postgres`;
  try {
    const empty = await openArchive({ databasePath: '', databaseUrl });
    const start = performance.now();
    await fillPostgres(databaseUrl, postgresRows, end);
    await empty.writer.rebuildRollUps();
    const made = {
      name: `${postgresRows.toLocaleString('en')} bans generated`,
      value: `${((performance.now() - start) / 1_000).toFixed(0)} s`,
    };
    const figures = [
      made,
      ...(await measurePages(empty, postgresRows)),
      ...(await measureFilters(empty, end)),
      ...(await measureDashboard(empty, end)),
      ...(await measureWrites(empty, end, end - archiveDays * 86_400_000)),
    ];
    await empty.database.close();
    return figures;
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
  fillSqlite(unfinished, sqliteRows, end);
  const archive = await openArchive({ databasePath: unfinished });
  await archive.writer.rebuildRollUps();
  await archive.database.close();
  await rename(unfinished, path);
  return {
    name: `${sqliteRows.toLocaleString('en')} bans generated`,
    value: `${((performance.now() - start) / 1_000).toFixed(0)} s`,
  };
}

async function removeSqlite(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
}
