import { BadSettings, configurationExitCode } from '../core/config/load-settings.ts';
import { AppError } from '../core/http/app-error.ts';
import { StartRefused } from '../core/start-refused.ts';
import { version } from '../core/version.ts';
import { BadUsage, type CommandIo, usageExitCode } from './command-io.ts';
import { overview, pageOf } from './help/index.ts';

const expectedNames = new Set(['OperatorError', 'LockUnreadable', 'BackupUnusable']);

/** Runs the command `bangui`; answers the exit status. Never rejects. */
export async function runCli([group, ...args]: readonly string[], io: CommandIo): Promise<number> {
  try {
    switch (group) {
      case '--version':
        io.out(version);
        return 0;
      case 'help':
        return help(args, io);
      case 'doctor':
        return await (await import('./doctor/index.ts')).doctorCommand(args, io);
      case 'admin':
        return await (await import('./admin-commands.ts')).adminCommand(args, io);
      case 'backup':
        return await (await import('./backup/index.ts')).backupCommand(args, io);
      case 'restore':
        return await (await import('./backup/index.ts')).restoreCommand(args, io);
      case 'db':
        return await (await import('./db-commands.ts')).dbCommand(args, io);
      case 'lock':
        return await (await import('./lock-commands.ts')).lockCommand(args, io);
      case 'plugin':
        return await (await import('./plugin-commands.ts')).pluginCommand(args, io);
      case 'secrets':
        return await (await import('./secrets-commands.ts')).secretsCommand(args, io);
      case 'token':
        return await (await import('./token-commands.ts')).tokenCommand(args, io);
      default:
        throw new BadUsage(overview());
    }
  } catch (error) {
    for (const line of complaintOf(error)) io.tell(line);
    return exitCodeOf(error);
  }
}

function help([name, ...more]: readonly string[], io: CommandIo): number {
  const text = name === undefined ? overview() : pageOf(name);
  if (text === undefined || more.length > 0) throw new BadUsage(overview());
  for (const line of text.split('\n')) io.out(line);
  return 0;
}

/** What a person can mend is said in a sentence; anything else is a mistake of ours and needs its stack. */
function complaintOf(error: unknown): readonly string[] {
  if (error instanceof BadSettings) return error.problems;
  const isExpected = error instanceof BadUsage || error instanceof StartRefused || error instanceof AppError;
  // Known by their names, so that a command about tokens need not load what plugins need.
  if (isExpected || (error instanceof Error && expectedNames.has(error.name))) return error.message.split('\n');
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

function exitCodeOf(error: unknown): number {
  if (error instanceof BadUsage) return usageExitCode;
  if (error instanceof BadSettings) return configurationExitCode;
  return error instanceof StartRefused ? error.exitCode : 1;
}
