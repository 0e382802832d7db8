import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fail2banPrograms } from './configuration.ts';
import { parseRegexLabAnswer } from './regex-lab-answer.ts';
import { type FreeRegexes, type RegexLabResult, RegexUnusable } from './regex-lab-result.ts';
import { ProgramFailed, runProgram } from './run-program.ts';

/** The most that one run takes. */
export const regexLabLimits = {
  lines: 1_000,
  /** UTF-8 bytes of all lines together. */
  bytes: 256 * 1024,
  defaultTimeoutMs: 2_000,
  maxTimeoutMs: 10_000,
  /** Address space of the process, in bytes. */
  memoryBytes: 512 * 1024 * 1024,
} as const;

/** What to try, and on what. */
export interface RegexLabRequest {
  /** Texts without their line ends; {@link regexLabLimits} says how many. */
  readonly lines: readonly string[];
  /** A filter of the configuration as a jail names it, with parameters: `sshd[mode=aggressive]`. */
  readonly use: { readonly configDir: string; readonly filter: string } | FreeRegexes;
}

/** The run did not end within its limit and was ended. Most often a regular expression that tries endlessly. */
export class RegexTooSlow extends Error {
  readonly timeoutMs: number;

  constructor(timeoutMs: number, options?: ErrorOptions) {
    super(`The lines were not through after ${timeoutMs / 1000} s.`, options);
    this.name = 'RegexTooSlow';
    this.timeoutMs = timeoutMs;
  }
}

/** How long. */
export interface RegexLabOptions {
  /** {@link regexLabLimits} has the default and the most. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

// A program of its own beside this package's code, see its README; the same place from `src` and from `dist`.
const program = fileURLToPath(new URL('../regex-lab/regexlab.py', import.meta.url));

const maxOutputBytes = 32 * 1024 * 1024;

/**
 * Tries regular expressions on lines with fail2ban's own filter class, in a process of its own whose time, memory and output
 * are bounded. Looks up no name, asks no server.
 * @throws {TypeError} when the request is larger than {@link regexLabLimits}
 * @throws {RegexUnusable} when a part of it cannot be used
 * @throws {RegexTooSlow} when it does not end within the limit
 * @throws {ProgramFailed} when Python or fail2ban cannot be run
 */
export async function tryRegexes(
  { python }: Pick<Fail2banPrograms, 'python'>,
  { lines, use }: RegexLabRequest,
  { timeoutMs = regexLabLimits.defaultTimeoutMs, signal }: RegexLabOptions = {},
): Promise<RegexLabResult> {
  requireBounds(lines, timeoutMs);
  if ('configDir' in use && !isAbsolute(use.configDir)) throw new TypeError(`${use.configDir} is not an absolute path`);
  const startedAt = performance.now();
  const dir = await mkdtemp(join(tmpdir(), 'bangui-regex-'));
  try {
    // In a file, because an argument is seen by everybody on the machine.
    const request = join(dir, 'request.json');
    await writeFile(request, JSON.stringify({ lines, ...use }), { mode: 0o600 });
    const seconds = Math.ceil(timeoutMs / 1000) + 1;
    const args = [program, String(regexLabLimits.memoryBytes), String(seconds), request];
    const result = await runProgram(python, args, { timeoutMs, maxOutputBytes, signal }).catch((error: unknown) => {
      if (error instanceof ProgramFailed && error.reason === 'timeout') {
        throw new RegexTooSlow(timeoutMs, { cause: error });
      }
      throw error;
    });
    if (result.exitCode !== 0) throw failure(result.exitCode, result.stderr);
    return { ...answerIn(result.stdout, lines.length), tookMs: performance.now() - startedAt };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function requireBounds(lines: readonly string[], timeoutMs: number): void {
  const { lines: maxLines, bytes: maxBytes, maxTimeoutMs } = regexLabLimits;
  if (lines.length > maxLines) throw new TypeError(`There are more than ${maxLines} lines.`);
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  if (bytes > maxBytes) throw new TypeError(`The lines have more than ${maxBytes} bytes.`);
  if (!(timeoutMs > 0 && timeoutMs <= maxTimeoutMs)) throw new TypeError(`The limit is over ${maxTimeoutMs} ms.`);
}

/** Python ends like this when even the words for an error find no memory, or when fail2ban cannot be imported. */
function failure(exitCode: number | null, stderr: string): Error {
  if (exitCode === null || /\bMemoryError\b/.test(stderr)) return new RegexUnusable('memory', null, 'Out of memory.');
  const words = stderr.trim().split('\n').slice(-3).join('\n');
  return new ProgramFailed('failed', `The regex lab's program failed: ${words || 'no reason given'}`);
}

function answerIn(text: string, lines: number): Omit<RegexLabResult, 'tookMs'> {
  try {
    return parseRegexLabAnswer(text, lines);
  } catch (cause) {
    if (cause instanceof RegexUnusable) throw cause;
    // SyntaxError of JSON.parse or TypeError of our own checks.
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new ProgramFailed('not-understood', `The regex lab's answer is not understood: ${detail}`, { cause });
  }
}
