import { existsSync } from 'node:fs';

/** A page of the archive, as far as the measurements look at it. */
export interface BuiltPage {
  readonly items: readonly { readonly id: number; readonly at: number }[];
  readonly next: { readonly at: number; readonly id: number } | null;
  readonly scannedUntil: number | null;
}

/** The API's database. */
export interface BuiltDatabase {
  readonly reports: { query(sql: string, parameters?: readonly (string | number)[]): Promise<unknown[]> };
  close(): Promise<void>;
}

/** The API's reader of the archive. */
export interface BuiltHistory {
  getArchivedHistory(request: Record<string, unknown>): Promise<BuiltPage>;
}

/** The API's writer of the archive. */
export interface BuiltWriter {
  append(events: readonly Record<string, unknown>[]): Promise<readonly unknown[]>;
  purge(before: number): Promise<number>;
  rebuildRollUps(): Promise<void>;
}

/** The API's dashboard. */
export interface BuiltDashboard {
  summary(query: Record<string, unknown>): Promise<unknown>;
  trend(query: Record<string, unknown>): Promise<unknown>;
  ranking(by: string, query: Record<string, unknown>): Promise<unknown>;
}

/** Parts of the built API, put together without the rest of it. */
export interface BuiltArchive {
  readonly database: BuiltDatabase;
  readonly history: BuiltHistory;
  readonly writer: BuiltWriter;
  readonly dashboard: BuiltDashboard;
}

/** The API's sums of many events, made in memory. */
export interface BuiltBatch {
  add(event: Record<string, unknown>, key: Uint8Array): void;
}

/** What statements run on. */
export interface BuiltSql {
  query(sql: string, parameters?: readonly (string | number | Uint8Array)[]): Promise<unknown[]>;
}

/** The API's writer of sums. */
export interface BuiltRollUps {
  add(sql: BuiltSql, batch: BuiltBatch, grains: 'up-to-day'): Promise<void>;
  sumUpMonth(sql: BuiltSql, month: number): Promise<void>;
  condenseOffenders(sql: BuiltSql, now: number): Promise<boolean>;
}

type Class = new (...dependencies: unknown[]) => unknown;

const dist = new URL('../../../apps/api/dist/', import.meta.url);

async function load(file: string): Promise<Record<string, unknown>> {
  const url = new URL(file, dist);
  if (!existsSync(url)) throw new Error('The API is not compiled: run `npm run build:libs && npm run build:api`.');
  const module: unknown = await import(url.href);
  return module as Record<string, unknown>;
}

async function classOf(file: string, name: string): Promise<Class> {
  // Its own sources say what it is; the decorators in them are why they cannot be imported here.
  return (await load(file))[name] as Class;
}

/** The API's sums for SQLite: whoever makes an archive without the API's writer keeps them with these. */
export async function openRollUps(): Promise<{ rollUps: BuiltRollUps; newBatch: () => BuiltBatch }> {
  await import('reflect-metadata');
  const Repository = await classOf('features/history/roll-up.repository.js', 'RollUpRepository');
  const Batch = await classOf('features/history/roll-up.js', 'RollUpBatch');
  return {
    rollUps: new Repository({ kind: 'sqlite' }) as BuiltRollUps,
    newBatch: () => new Batch() as BuiltBatch,
  };
}

/** Opens a database as the API does, migrated, and puts the archive's parts over it. */
export async function openArchive(location: {
  readonly databasePath: string;
  readonly databaseUrl?: string | undefined;
  /** When the dashboard believes to be, in epoch milliseconds: its ranges reach until now. */
  readonly now?: number;
}): Promise<BuiltArchive> {
  // The entities' decorators need it.
  await import('reflect-metadata');
  const { openDatabase } = await load('core/database/open-database.js');
  const { entities } = await load('app.module.js');
  const database = await (openDatabase as (where: unknown, tables: unknown) => Promise<BuiltDatabase>)(
    location,
    entities,
  );
  const make = async (file: string, name: string, ...dependencies: unknown[]): Promise<unknown> =>
    new (await classOf(file, name))(...dependencies);
  const clock = await make('core/clock.js', 'Clock');
  const nowhere = { country: null, region: null, asn: null, organisation: null };
  const textIndex = await make('features/history/text-index.js', 'TextIndex', database);
  const writer = await make(
    'features/history/archive-writer.js',
    'ArchiveWriter',
    database,
    await make('features/history/archive.repository.js', 'ArchiveRepository', database, textIndex),
    await make('features/history/roll-up.repository.js', 'RollUpRepository', database),
    textIndex,
    { countryAndNetwork: () => nowhere },
    { emit: () => undefined },
    clock,
    { warn: (event: string, detail: unknown) => console.error(event, detail) },
  );
  const dashboard = await make(
    'features/dashboard/dashboard.service.js',
    'DashboardService',
    await make('features/dashboard/dashboard.repository.js', 'DashboardRepository', database),
    await make('features/dashboard/ranking.repository.js', 'RankingRepository', database),
    await make('features/history/bans-ranking.repository.js', 'BansRankingRepository', database, clock),
    { newestFirst: () => [] },
    { now: () => location.now ?? Date.now() },
  );
  const history = await make('features/history/history.repository.js', 'HistoryRepository', database, clock, textIndex);
  return {
    database,
    history: history as BuiltHistory,
    writer: writer as BuiltWriter,
    dashboard: dashboard as BuiltDashboard,
  };
}
