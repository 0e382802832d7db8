import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject } from 'vitest';
import { entities } from '../src/app.module.ts';
import { type Database, type DatabaseKind } from '../src/core/database/database.ts';
import { openDatabase } from '../src/core/database/open-database.ts';

/** Every case of a repository's tests runs on both. */
export const databaseKinds: readonly DatabaseKind[] = ['sqlite', 'postgres'];

/** Where an empty database is, and how to remove it. */
export interface EmptyDatabase {
  readonly databasePath: string;
  readonly databaseUrl: string | undefined;
  remove(): Promise<void>;
}

function postgresUrl(): string {
  const postgres = inject('postgres');
  if ('missing' in postgres) throw new Error(postgres.missing);
  return postgres.url;
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: `${postgresUrl()}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Makes an empty database: a file of its own, or a database of its own on the private server. */
export async function emptyDatabase(kind: DatabaseKind): Promise<EmptyDatabase> {
  const dir = await mkdtemp(join(tmpdir(), 'bangui-db-'));
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  if (kind === 'postgres') await onServer(`CREATE DATABASE ${name}`);
  return {
    databasePath: join(dir, 'bangui.sqlite3'),
    databaseUrl: kind === 'postgres' ? `${postgresUrl()}/${name}` : undefined,
    remove: async () => {
      if (kind === 'postgres') await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A migrated database with every table; `close` removes it. */
export interface TestDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** Opens a fresh database as the API does. */
export async function testDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const empty = await emptyDatabase(kind);
  const database = await openDatabase(empty, entities);
  return {
    database,
    close: async () => {
      await database.close();
      await empty.remove();
    },
  };
}

/** The plan of a query as the database tells it, as one text. */
export async function planOf(database: Database, sql: string, parameters: unknown[]): Promise<string> {
  if (database.kind === 'sqlite') {
    const rows: { detail: string }[] = await database.read.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    return rows.map(({ detail }) => detail).join('\n');
  }
  return database.read.transaction(async (manager) => {
    // A table of a test is so small that reading all of it would be cheapest; the question is whether the index fits.
    await manager.query('SET LOCAL enable_seqscan = off');
    await manager.query('SET LOCAL enable_sort = off');
    const rows: { 'QUERY PLAN': string }[] = await manager.query(`EXPLAIN ${sql}`, parameters);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}
