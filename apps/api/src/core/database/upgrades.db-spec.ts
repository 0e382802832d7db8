import { DataSource, type Table, type TableColumn } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { databaseKinds, emptyDatabase, type EmptyDatabase } from '../../../test/test-database.ts';
import { entities } from '../../app.module.ts';
import { type DatabaseKind } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows that each table is given, if it may have so many. */
const rowsPerTable = 2;

/** What a column must hold to make sense to a later migration; others get anything of their type. */
const sensible: Readonly<Record<string, unknown>> = {
  'history_archive.matches': '[]',
  'history_archive.action': 'ban',
  'history_hourly.grain': 'hour',
  'history_sketch.grain': 'hour',
  'history_offender.grain': 'day',
};

/** Tables of which rows are made by a migration itself, and which may have no more. */
const singleRow = new Set(['scheduler_fence', 'installation', 'history_text_position']);

function valueFor(table: string, { name, type, length }: TableColumn, index: number): unknown {
  const given = sensible[`${table}.${name}`];
  if (given !== undefined) return given;
  // Long texts are JSON in most tables, and may be in the others.
  if (type === 'text') return JSON.stringify(`r${index}`);
  if (/char/.test(type)) return `r${index}`.slice(0, length === '' ? undefined : Number(length));
  if (/blob|bytea/.test(type)) return Buffer.from([index, 0, 255]);
  if (/bool/.test(type)) return index % 2;
  return index;
}

async function fill(source: DataSource, kind: DatabaseKind, tables: readonly Table[]): Promise<void> {
  for (const { name, columns } of tables) {
    if (singleRow.has(name)) continue;
    for (let index = 1; index <= rowsPerTable; index += 1) {
      const values = columns.map((column) => {
        const value = valueFor(name, column, index);
        return kind === 'postgres' && column.type === 'boolean' ? value === 1 : value;
      });
      const names = columns.map((column) => `"${column.name}"`);
      const places = columns.map((_, place) => (kind === 'postgres' ? `$${place + 1}` : '?'));
      await source.query(`INSERT INTO "${name}" (${names.join()}) VALUES (${places.join()})`, values);
    }
  }
}

/** Tables of ours, so that a row comes after the one that it refers to. */
async function tablesOf(source: DataSource, kind: DatabaseKind): Promise<Table[]> {
  const names = await source.query<{ name: string }[]>(
    kind === 'postgres'
      ? `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY name`
      : `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  );
  const runner = source.createQueryRunner();
  try {
    const found = await runner.getTables(names.map(({ name }) => name).filter((name) => name !== 'migration'));
    return found
      .map((table) => Object.assign(table, { name: table.name.replace(/^public\./, '') }))
      .sort((one, other) => one.foreignKeys.length - other.foreignKeys.length);
  } finally {
    await runner.release();
  }
}

async function rowsOf(source: DataSource, table: string): Promise<Row[]> {
  return source.query<Row[]>(`SELECT * FROM "${table}"`);
}

/** A database as the version had it that knew so many migrations, with rows in every table. */
async function formerDatabase(kind: DatabaseKind, empty: EmptyDatabase, count: number): Promise<Map<string, Row[]>> {
  const common = { migrations: migrations.slice(0, count), migrationsTableName: 'migration' };
  const source = new DataSource(
    kind === 'postgres'
      ? { type: 'postgres', url: empty.databaseUrl ?? '', parseInt8: true, ...common }
      : { type: 'better-sqlite3', database: empty.databasePath, enableWAL: true, ...common },
  );
  await source.initialize();
  try {
    await migrate(source, kind);
    const tables = await tablesOf(source, kind);
    await fill(source, kind, tables);
    const rows = new Map<string, Row[]>();
    for (const { name } of tables) rows.set(name, await rowsOf(source, name));
    return rows;
  } finally {
    await source.destroy();
  }
}

describe.each(databaseKinds)('a %s database of the version whose last migration was', (kind) => {
  it.each(migrations.map((migration, index) => [migration.name, index + 1] as const))(
    '%s is upgraded with every row in it',
    async (_, count) => {
      const empty = await emptyDatabase(kind);
      const before = await formerDatabase(kind, empty, count);
      const database = await openDatabase(empty, entities);
      try {
        for (const [table, rows] of before) {
          expect([table, rows.length]).toEqual([table, singleRow.has(table) ? 1 : rowsPerTable]);
          const after = await rowsOf(database.read, table);
          for (const row of rows)
            expect([table, after]).toEqual([table, expect.arrayContaining([expect.objectContaining(row)])]);
        }
        // Every entity reads what it finds, of the types that it declares.
        for (const { target } of database.read.entityMetadatas) await database.read.manager.find(target, { take: 10 });
        if (kind === 'sqlite') expect(await database.read.query('PRAGMA foreign_key_check')).toEqual([]);
      } finally {
        await database.close();
        await empty.remove();
      }
    },
  );
});
