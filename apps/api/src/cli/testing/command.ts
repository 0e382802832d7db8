import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCli } from '../run-cli.ts';

/** The compiled command. */
export const program = resolve(import.meta.dirname, '../../../dist/bundle-cli/bangui.js');

/** How a command ended and what it wrote. */
export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly told: string;
}

/** Runs the command in this process. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<Ran> {
  const out: string[] = [];
  const told: string[] = [];
  const status = await runCli(args, {
    out: (line) => out.push(line),
    tell: (line) => told.push(line),
    readLine: () => Promise.resolve(input),
    env,
  });
  return { status, out: out.join('\n'), told: told.join('\n') };
}

/**
 * Runs the compiled command in a process of its own: behind `before` (a program with its arguments), and as `nobody` where
 * asked and where this process is root.
 */
export async function runCompiled(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { before = [], isNobody = false }: { readonly before?: readonly string[]; readonly isNobody?: boolean } = {},
): Promise<Ran> {
  if (!existsSync(program)) throw new Error('The API is not compiled: run `npm run build:libs && npm run build:api`.');
  const [first = process.execPath, ...others] = [...before, process.execPath, program, ...args];
  const isRoot = process.getuid?.() === 0;
  const child = spawn(first, others, {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isNobody && isRoot && { uid: 65_534, gid: 65_534 }),
  });
  let [out, told] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, told };
}
