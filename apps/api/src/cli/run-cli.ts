import { BadSettings, configurationExitCode } from '../core/config/load-settings.ts';
import { AppError } from '../core/http/app-error.ts';
import { StartRefused } from '../core/start-refused.ts';
import { version } from '../core/version.ts';
import { BadUsage, type CommandIo, usageExitCode } from './command-io.ts';
import { overview, pageOf } from './help/index.ts';

/** Errors of features that a person can mend, and what they are called in JSON. Known by their names, so that a command about tokens need not load what plugins need. */
const expected: Readonly<Record<string, string>> = {
  OperatorError: 'plugin-refused',
  LockUnreadable: 'plugin-lock-unreadable',
  BackupUnusable: 'backup-unusable',
};

/**
 * Runs the command `bangui`; answers the exit status. Never rejects. With `--json` exactly one JSON document is printed,
 * `{ "error": { "code", "message" } }` when the command could not be carried out.
 */
export async function runCli(args: readonly string[], io: CommandIo): Promise<number> {
  if (!isJsonWanted(args)) return (await carriedOut(args, io)).status;
  const lines: string[] = [];
  const { status, error } = await carriedOut(args, { ...io, out: (line) => lines.push(line) });
  if (error) io.out(JSON.stringify({ error }));
  else for (const line of lines) io.out(line);
  return status;
}

/** How a command ended; with an error when it could not be carried out. */
interface Ended {
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What follows `--` is no option. */
function isJsonWanted(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).includes('--json');
}

async function carriedOut(args: readonly string[], io: CommandIo): Promise<Ended> {
  try {
    return { status: await carryOut(args, io) };
  } catch (error) {
    for (const line of complaintOf(error)) io.tell(line);
    return { status: exitCodeOf(error), error: { code: codeOf(error), message: messageOf(error) } };
  }
}

async function carryOut([group, ...args]: readonly string[], io: CommandIo): Promise<number> {
  switch (group) {
    case '--version':
      io.out(version);
      return 0;
    case 'help':
      return help(args, io);
    case 'completion':
      return (await import('./completion/index.ts')).completionCommand(args, io);
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
    case 'setup':
      return await (await import('./setup-command.ts')).setupCommand(args, io);
    case 'source':
      return await (await import('./source-commands.ts')).sourceCommand(args, io);
    case 'token':
      return await (await import('./token-commands.ts')).tokenCommand(args, io);
    default:
      throw new BadUsage(overview());
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
  const isExpected = codeOf(error) !== 'bug';
  if (!isExpected) return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  return messageOf(error).split('\n');
}

function messageOf(error: unknown): string {
  if (error instanceof BadSettings) return error.problems.join('\n');
  if (!(error instanceof Error)) return String(error);
  const fields = error instanceof AppError ? (error.errors ?? []) : [];
  return [error.message, ...fields.map(({ field, message }) => `${field} ${message}`)].join('\n');
}

/** Stable, kebab-case; `bug` for a mistake of ours. */
function codeOf(error: unknown): string {
  if (error instanceof BadUsage) return 'usage';
  if (error instanceof BadSettings) return 'settings';
  if (error instanceof StartRefused) return 'refused';
  if (error instanceof AppError) return error.code;
  return (error instanceof Error && expected[error.name]) || 'bug';
}

function exitCodeOf(error: unknown): number {
  if (error instanceof BadUsage) return usageExitCode;
  if (error instanceof BadSettings) return configurationExitCode;
  return error instanceof StartRefused ? error.exitCode : 1;
}
