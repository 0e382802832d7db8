import { BadSettings, configurationExitCode } from '../core/config/load-settings.ts';
import { AppError } from '../core/http/app-error.ts';
import { StartRefused } from '../core/start-refused.ts';
import { version } from '../core/version.ts';
import { BadUsage, type CommandIo, usageExitCode } from './command-io.ts';

const usage = `bangui plugin add | list | accept | remove | test   blocklist sources of others
bangui token create | list | revoke                API tokens for programs
bangui secrets rotate                              another key for stored passwords and keys of others
bangui --version
Each reads the same BANGUI_… environment as the API. More: bangui plugin, bangui token`;

const expectedNames = new Set(['OperatorError', 'LockUnreadable']);

/** Runs the command `bangui`; answers the exit status. Never rejects. */
export async function runCli([group, ...args]: readonly string[], io: CommandIo): Promise<number> {
  try {
    switch (group) {
      case '--version':
        io.out(version);
        return 0;
      case 'plugin':
        return await (await import('./plugin-commands.ts')).pluginCommand(args, io);
      case 'secrets':
        return await (await import('./secrets-commands.ts')).secretsCommand(args, io);
      case 'token':
        return await (await import('./token-commands.ts')).tokenCommand(args, io);
      default:
        throw new BadUsage(usage);
    }
  } catch (error) {
    for (const line of complaintOf(error)) io.tell(line);
    return exitCodeOf(error);
  }
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
