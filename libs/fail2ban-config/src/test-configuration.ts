import { isAbsolute } from 'node:path';
import type { ConfigurationProblem, Fail2banPrograms } from './configuration.ts';
import { ProgramFailed, runProgram } from './run-program.ts';

/** How long. */
export interface TestConfigurationOptions {
  readonly signal?: AbortSignal | undefined;
  /** 20 s unless said otherwise. */
  readonly timeoutMs?: number | undefined;
}

const maxOutputBytes = 4 * 1024 * 1024;
const maxProblems = 200;
const maxMessage = 2000;

/**
 * What fail2ban's own `fail2ban-client -t` has to say about the configuration in `configDir` (absolute). It misses much that
 * `dryRun` finds, and is a second opinion on the rest. Rejects with ProgramFailed.
 */
export async function testConfiguration(
  programs: Fail2banPrograms,
  configDir: string,
  options: TestConfigurationOptions = {},
): Promise<ConfigurationProblem[]> {
  if (!isAbsolute(configDir)) throw new TypeError(`${configDir} is not an absolute path`);
  const { signal, timeoutMs = 20_000 } = options;
  const args = ['-c', configDir, '--loglevel', 'ERROR', '-t'];
  const result = await runProgram(programs.client, args, { timeoutMs, maxOutputBytes, signal });
  const problems = problemsIn(`${result.stderr}\n${result.stdout}`);
  if (result.exitCode === 0 || problems.length > 0) return problems;
  const words = result.stderr.trim().split('\n').slice(-3).join('\n');
  throw new ProgramFailed('failed', `fail2ban-client could not test the configuration: ${words || 'no reason given'}`);
}

const prefix = /\bfail2ban[\w.]* *\[\d+\]: /;

/** Lines are `<time> <component>[<pid>]: ERROR   <message>`; the jail is named in the line after those of its reader. */
function problemsIn(output: string): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  let ofJail: number[] = [];
  for (const line of output.split('\n')) {
    const [, component, message] = /\b(fail2ban[\w.]*) *\[\d+\]: (?:ERROR|CRITICAL)\s+(.*)$/.exec(line) ?? [];
    if (message === undefined) {
      // What has no prefix of its own continues the line before.
      const last = problems.at(-1);
      if (last !== undefined && line !== '' && !prefix.test(line)) {
        problems[problems.length - 1] = { ...last, message: `${last.message}\n${line}`.slice(0, maxMessage) };
      }
      continue;
    }
    if (message.endsWith('test configuration failed')) continue;
    const jail = /^Errors in jail '(.*?)'/.exec(message)?.[1];
    if (jail !== undefined) {
      for (const index of ofJail)
        problems[index] = { jail, option: null, message: problems[index]?.message ?? message };
      if (ofJail.length === 0) problems.push({ jail, option: null, message });
      ofJail = [];
    } else if (problems.length < maxProblems) {
      if (component === 'fail2ban.jailreader') ofJail.push(problems.length);
      problems.push({ jail: null, option: null, message: message.slice(0, maxMessage) });
    }
  }
  return problems;
}
