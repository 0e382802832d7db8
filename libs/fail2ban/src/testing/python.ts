import { execFileSync } from 'node:child_process';
import { fail2banTools } from './tools.ts';

/**
 * Runs a Python program with the interpreter that fail2ban runs with.
 * @param program reads JSON from `sys.stdin` and prints JSON
 */
export function runPython(program: string, input: unknown): unknown {
  const output = execFileSync(fail2banTools().python, ['-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 30_000,
  });
  return JSON.parse(output);
}
