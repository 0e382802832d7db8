import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** What a person can act on; printed without a stack trace. */
export class ScriptProblem extends Error {}

/** Whether `path` is a program this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // absent or not allowed: the same to a caller that looks for something to run
  }
}

/** The first of `paths` that can be run. */
export function firstProgram(paths: readonly string[]): string | undefined {
  return paths.find(isProgram);
}

/** Runs a program to its end without a shell; gives its output, or fails with its last words. Output is capped at 16 MiB. */
export async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<string> {
  const { timeoutMs = 0, ...rest } = options;
  try {
    const { stdout } = await exec(program, args, { ...rest, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (cause) {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new ScriptProblem(`${program} ${args.join(' ')} failed:\n${words.split('\n').slice(-8).join('\n')}`, {
      cause,
    });
  }
}

/** Runs a script's main function; a problem a person can act on is one message and exit code 1. */
export async function main(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ScriptProblem)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
