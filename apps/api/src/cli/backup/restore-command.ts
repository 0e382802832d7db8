import { Clock } from '../../core/clock.ts';
import { loadSettings } from '../../core/config/load-settings.ts';
import { readArguments } from '../command-arguments.ts';
import { BadUsage, type CommandIo } from '../command-io.ts';
import { usageOf } from '../help/index.ts';
import { memberNames } from './manifest.ts';
import { refusePostgres } from './refuse-postgres.ts';
import { restoreBackup } from './restore-backup.ts';
import { untilSignal } from './until-signal.ts';

/** Carries out `bangui restore`; answers the exit status. */
export async function restoreCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('restore', args, { json: { type: 'boolean' } });
  const [file, ...more] = words;
  if (file === undefined || file === '' || more.length > 0) throw new BadUsage(usageOf('restore'));
  const settings = loadSettings(io.env);
  refusePostgres(settings);
  using ending = untilSignal();
  const { database, manifest, aside, missingMigrations } = await restoreBackup(
    settings,
    file,
    new Clock().now(),
    ending.signal,
  );
  const { bangui, createdAt, members } = manifest;
  const former = { database: aside.database ?? null, plugins: aside.plugins ?? null };
  if (values.json === true) io.out(JSON.stringify({ database, bangui, createdAt, missingMigrations, former }));
  else io.out(database);
  io.tell(`Restored the state of ${createdAt}, made by BanGUI ${bangui}.`);
  if (missingMigrations > 0) io.tell(`The next start makes ${missingMigrations} changes of the schema.`);
  if (former.database !== null)
    io.tell(`The database that was there is ${former.database}; remove it when it is not needed.`);
  if (former.plugins !== null) io.tell(`The plugins that were there are in ${former.plugins}.`);
  if (settings.secretKey.length > 0 && members.some(({ path }) => path === memberNames.keys))
    io.tell('BANGUI_SECRET_KEY is set, so the key of the backup, in secret-key beside the database, is not used.');
  return 0;
}
