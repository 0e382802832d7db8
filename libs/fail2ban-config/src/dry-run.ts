import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DryRun, Fail2banPrograms } from './configuration.ts';
import { parseDryRun } from './parse-dry-run.ts';
import { ProgramFailed, runProgram } from './run-program.ts';

/** How long and for which jail. */
export interface DryRunOptions {
  /** Only this jail, as `fail2ban-client reload <jail>` would read it. A jail that does not exist is a problem, not an error. */
  readonly jail?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 20 s unless said otherwise. */
  readonly timeoutMs?: number | undefined;
}

// A program of its own beside this package's code, see its README; the same place from `src` and from `dist`.
const program = fileURLToPath(new URL('../dry-run/dryrun.py', import.meta.url));

const maxOutputBytes = 64 * 1024 * 1024;

/**
 * Reads the configuration in `configDir` (absolute) with fail2ban's own reader and gives what a server would have, what is
 * wrong, and the commands of a reload. Touches no server, opens no log file and starts no action. Rejects with ProgramFailed.
 */
export async function dryRun(
  programs: Fail2banPrograms,
  configDir: string,
  options: DryRunOptions = {},
): Promise<DryRun> {
  if (!isAbsolute(configDir)) throw new TypeError(`${configDir} is not an absolute path`);
  const { jail, signal, timeoutMs = 20_000 } = options;
  const startedAt = performance.now();
  const args = [program, configDir, ...(jail === undefined ? [] : [jail])];
  const result = await runProgram(programs.python, args, { timeoutMs, maxOutputBytes, signal });
  if (result.exitCode !== 0) {
    const words = result.stderr.trim().split('\n').slice(-3).join('\n');
    throw new ProgramFailed('failed', `The dry run of fail2ban's configuration failed: ${words || 'no reason given'}`);
  }
  try {
    return { ...parseDryRun(result.stdout), tookMs: performance.now() - startedAt };
  } catch (cause) {
    // SyntaxError of JSON.parse or TypeError of our own checks.
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new ProgramFailed('not-understood', `The answer of the dry run is not understood: ${detail}`, { cause });
  }
}
