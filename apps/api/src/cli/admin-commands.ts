import { loadSettings } from '../core/config/load-settings.ts';
import { Clock } from '../core/clock.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Log } from '../core/logging/log.ts';
import { AuditEventEntity, AuditRepository, AuditTrail } from '../features/audit/index.ts';
import { PasswordReset, SessionEntity, UserEntity } from '../features/auth/index.ts';
import { readArguments } from './command-arguments.ts';
import { commandRequester, refuseMissingDatabase } from './command-database.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';
import { madeUpPassword } from './made-up-password.ts';

/** As the API's DTO of a new password. */
const [shortestPassword, longestPassword] = [12, 256];

/** Carries out `bangui admin …`; answers the exit status. A password that was given is never printed. */
export async function adminCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('admin', args, { stdin: { type: 'boolean' }, json: { type: 'boolean' } });
  const [command, username, ...more] = words;
  const isList = command === 'list' && username === undefined && values.stdin === undefined;
  if (!isList && (command !== 'reset-password' || username === undefined || more.length > 0))
    throw new BadUsage(usageOf('admin'));
  const settings = loadSettings(io.env);
  await refuseMissingDatabase(settings);
  const given = values.stdin === true ? await passwordOf(io) : undefined;
  const database = await openDatabase(settings, [UserEntity, SessionEntity, AuditEventEntity]);
  const clock = new Clock();
  const log = await Log.open({ level: 'warn', format: settings.logFormat, write: (line) => io.tell(line.trimEnd()) });
  const reset = new PasswordReset(database, clock, new AuditTrail(new AuditRepository(database), clock, log));
  try {
    if (username === undefined) await list(reset, values.json === true, io);
    else {
      const password = given ?? madeUpPassword();
      const { name, endedSessions } = await reset.reset(commandRequester(), username, password);
      if (values.json === true)
        io.out(JSON.stringify({ username: name, endedSessions, ...(given === undefined && { password }) }));
      else {
        io.tell(`${name} has a new password; ${endedSessions} sessions ended.`);
        if (given === undefined) {
          io.tell('This is the only time that it is shown:');
          io.out(password);
        }
      }
    }
    return 0;
  } finally {
    await reset.close();
    await database.close();
  }
}

async function list(reset: PasswordReset, isJson: boolean, io: CommandIo): Promise<void> {
  const administrators = await reset.administrators();
  if (isJson) io.out(JSON.stringify({ administrators }));
  else {
    for (const { username, createdAt, lastSignInAt } of administrators) {
      const last = lastSignInAt === null ? 'never' : new Date(lastSignInAt).toISOString();
      io.out([username, new Date(createdAt).toISOString(), last].join('\t'));
    }
  }
}

/** The first line of standard input. @throws BadUsage when it is no password */
async function passwordOf(io: CommandIo): Promise<string> {
  const password = await io.readLine();
  const { length } = [...password];
  if (length < shortestPassword || length > longestPassword)
    throw new BadUsage(`The password on standard input has ${shortestPassword} to ${longestPassword} characters.`);
  return password;
}
