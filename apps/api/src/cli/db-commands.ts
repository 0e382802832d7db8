import { loadSettings } from '../core/config/load-settings.ts';
import { inspectDatabase } from '../core/database/inspect-database.ts';
import { readArguments } from './command-arguments.ts';
import { refuseMissingDatabase } from './command-database.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** Longest wait for a connection or a statement, in milliseconds. SQLite's check itself takes as long as the file is large. */
const limitMs = 15_000;
/** Most faults that are told. */
const maxFaults = 100;

/** Carries out `bangui db check`: only reads. Answers 1 when the database is damaged or not of this version. */
export async function dbCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('db', args, { json: { type: 'boolean' } });
  if (words.length !== 1 || words[0] !== 'check') throw new BadUsage(usageOf('db'));
  const settings = loadSettings(io.env);
  await refuseMissingDatabase(settings);
  await using database = await inspectDatabase(settings, limitMs);
  const { source, schema } = database;
  const isSqlite = settings.databaseUrl === undefined;
  const faults = isSqlite
    ? [
        ...(await source.query<{ integrity_check: string }[]>(`PRAGMA integrity_check(${maxFaults})`))
          .map((row) => row.integrity_check)
          .filter((text) => text !== 'ok'),
        ...(await source.query<{ table: string; parent: string }[]>('PRAGMA foreign_key_check'))
          .slice(0, maxFaults)
          .map(({ table, parent }) => `a row of ${table} refers to one of ${parent} that is not there`),
      ]
    : [];
  const isSound = faults.length === 0 && schema.unknown.length === 0;
  if (values.json === true) {
    io.out(JSON.stringify({ kind: isSqlite ? 'sqlite' : 'postgres', isSound, faults, schema }));
    return isSound ? 0 : 1;
  }
  for (const fault of faults) io.out(fault.replaceAll(/\p{Cc}/gu, ' '));
  if (schema.unknown.length > 0) io.out(`The schema is of a newer BanGUI: ${schema.unknown.join(', ')}`);
  if (schema.missing.length > 0) io.tell(`The next start makes ${schema.missing.length} changes of the schema.`);
  if (!isSqlite) io.tell("PostgreSQL's own files are checked by its own program: pg_amcheck.");
  if (isSound) io.out('ok');
  else io.tell('Stop BanGUI, keep the file, and bring a backup back: bangui restore FILE.');
  return isSound ? 0 : 1;
}
