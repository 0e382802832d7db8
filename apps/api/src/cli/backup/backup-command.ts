import { Clock } from '../../core/clock.ts';
import { loadSettings } from '../../core/config/load-settings.ts';
import { readArguments } from '../command-arguments.ts';
import { refuseMissingDatabase } from '../command-database.ts';
import { BadUsage, type CommandIo } from '../command-io.ts';
import { usageOf } from '../help/index.ts';
import { makeBackup } from './make-backup.ts';
import { refusePostgres } from './refuse-postgres.ts';
import { untilSignal } from './until-signal.ts';

/** Carries out `bangui backup`: only reads, but for the new file. Answers the exit status. */
export async function backupCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('backup', args, { json: { type: 'boolean' } });
  const [target, ...more] = words;
  if (target === undefined || target === '' || more.length > 0) throw new BadUsage(usageOf('backup'));
  const settings = loadSettings(io.env);
  refusePostgres(settings);
  await refuseMissingDatabase(settings);
  using ending = untilSignal();
  const { file, bytes, manifest, leftOut, hasKey } = await makeBackup(
    settings,
    target,
    new Clock().now(),
    ending.signal,
  );
  if (values.json === true) io.out(JSON.stringify({ file, bytes, hasKey, leftOut, manifest }));
  else io.out(file);
  for (const path of leftOut) io.tell(`Left out, because it is no plain file: ${JSON.stringify(path)}`);
  io.tell(
    hasKey
      ? 'It holds password hashes and the key of the stored secrets: keep it where nobody else can read it.'
      : settings.secretKey.length > 0
        ? 'Its secrets are sealed with BANGUI_SECRET_KEY, which is not in it: keep that key elsewhere.'
        : 'It holds password hashes: keep it where nobody else can read it.',
  );
  return 0;
}
