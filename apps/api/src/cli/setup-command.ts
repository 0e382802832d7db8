import { Clock } from '../core/clock.ts';
import { loadSettings } from '../core/config/load-settings.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Log } from '../core/logging/log.ts';
import { AuditEventEntity, AuditRepository, AuditTrail } from '../features/audit/index.ts';
import { UserEntity } from '../features/auth/index.ts';
import { SetupByCommand, SetupCodeEntity } from '../features/setup/index.ts';
import { readArguments } from './command-arguments.ts';
import { commandRequester } from './command-database.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';
import { madeUpPassword } from './made-up-password.ts';

/**
 * Carries out `bangui setup`; answers the exit status. Makes the database where there is none, as the first start does. A
 * password that was given is never printed.
 */
export async function setupCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('setup', args, { stdin: { type: 'boolean' }, json: { type: 'boolean' } });
  const [username, ...more] = words;
  if (username === undefined || more.length > 0) throw new BadUsage(usageOf('setup'));
  const settings = loadSettings(io.env);
  const given = values.stdin === true ? await io.readLine() : undefined;
  const database = await openDatabase(settings, [UserEntity, SetupCodeEntity, AuditEventEntity]);
  const clock = new Clock();
  const log = await Log.open({ level: 'warn', format: settings.logFormat, write: (line) => io.tell(line.trimEnd()) });
  const audit = new AuditTrail(new AuditRepository(database), clock, log);
  const setup = new SetupByCommand(database, settings, clock, audit, log);
  try {
    const password = given ?? madeUpPassword();
    await setup.complete(commandRequester(), username, password);
    if (values.json === true) {
      io.out(JSON.stringify({ username, ...(given === undefined && { password }) }));
      return 0;
    }
    io.tell(`${username} is the first administrator, and makes all others.`);
    if (given === undefined) {
      io.tell('This is the only time that the password is shown:');
      io.out(password);
    }
    return 0;
  } finally {
    await setup.close();
    await database.close();
  }
}
