import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boolean, list, oneOf, record, string, stringOrNull, wholeNumber, wholeNumberOrNull } from './checked-json.ts';
import type { Fail2banPrograms } from './configuration.ts';
import { regexLabLimits } from './regex-lab.ts';
import type { FreeRegexes } from './regex-lab-result.ts';
import { ProgramFailed, runProgram } from './run-program.ts';

/** Bounds of {@link probeRegexes}. */
export const regexProbeLimits = {
  /** Processor time that one match may take on one line, in milliseconds. fail2ban does nothing else meanwhile. */
  matchMs: 1_000,
  /** Processor time for all of them; what is left over then is not tried, and not found fault with. */
  budgetMs: 8_000,
  /** After this the process is ended, in milliseconds of the wall's clock. */
  timeoutMs: 60_000,
} as const;

/** Which of a subject's regular expressions to probe. */
export interface ProbedRegexes {
  /** Positions. */
  readonly failregex: readonly number[];
  readonly ignoreregex: readonly number[];
  readonly prefregex: boolean;
}

/** Regular expressions to probe. */
export interface ProbeSubject {
  /** A filter of `filter.d` by its name, or regular expressions as they stand in one. */
  readonly use: { readonly filter: string } | (FreeRegexes & { readonly usedns: string | null });
  /** Lines of a log they are meant for, at most {@link regexLabLimits} for each subject. */
  readonly lines: readonly string[];
  /** `null`: all of them. */
  readonly only: ProbedRegexes | null;
}

/** A regular expression that must not get into a server. */
export interface ProbeFinding {
  /** Position of its subject. */
  readonly subject: number;
  /** `unusable`: Python or fail2ban does not take it. `slow`: it tries so many ways on one line that fail2ban would stand still. */
  readonly kind: 'unusable' | 'slow';
  readonly part: 'filter' | 'failregex' | 'ignoreregex' | 'prefregex' | 'datepattern' | 'maxlines';
  readonly index: number | null;
  /** As it is written, tags and all; `null` when it cannot be told. At most about 2,000 characters. */
  readonly regex: string | null;
  /** Why it is unusable, in Python's or fail2ban's own words. */
  readonly message: string;
  /** The beginning of the line that it is slow on, where that was made up; `null` for a line of the log. */
  readonly line: string | null;
  /** Characters of that line. */
  readonly length: number;
}

const program = fileURLToPath(new URL('../regex-lab/regexprobe.py', import.meta.url));
const maxOutputBytes = 16 * 1024 * 1024;
const parts = ['filter', 'failregex', 'ignoreregex', 'prefregex', 'datepattern', 'maxlines'] as const;
const kinds = ['unusable', 'slow'] as const;

/**
 * Tries regular expressions on lines of a log, and on lines made to have them try every way there is, in a process of its own
 * whose time and memory are bounded. What a `.conf` file of the folder also says is tried on the lines of the log only.
 * Resolves to what was found; empty when nothing was, which proves nothing.
 * @throws {TypeError} when a subject is larger than {@link regexLabLimits}
 * @throws {ProgramFailed} when Python or fail2ban cannot be run, or the machine is too busy for it
 */
export async function probeRegexes(
  { python }: Pick<Fail2banPrograms, 'python'>,
  configDir: string,
  subjects: readonly ProbeSubject[],
  { matchMs = regexProbeLimits.matchMs, budgetMs = regexProbeLimits.budgetMs, signal }: ProbeOptions = {},
): Promise<ProbeFinding[]> {
  if (!isAbsolute(configDir)) throw new TypeError(`${configDir} is not an absolute path`);
  for (const { lines } of subjects) requireBounds(lines);
  const dir = await mkdtemp(join(tmpdir(), 'bangui-probe-'));
  try {
    const request = join(dir, 'request.json');
    const flat = subjects.map(({ use, ...subject }) => ({ ...subject, ...use }));
    await writeFile(request, JSON.stringify({ configDir, matchMs, budgetMs, subjects: flat }), { mode: 0o600 });
    // Reached only by a match that Python cannot interrupt.
    const seconds = Math.ceil((budgetMs + matchMs) / 1000) + 5;
    const args = [program, String(regexLabLimits.memoryBytes), String(seconds), request];
    const result = await runProgram(python, args, { timeoutMs: regexProbeLimits.timeoutMs, maxOutputBytes, signal });
    if (result.exitCode !== 0) {
      const words = result.stderr.trim().split('\n').slice(-3).join('\n');
      throw new ProgramFailed('failed', `The probe of the regular expressions failed: ${words || 'it was ended'}`);
    }
    return findingsIn(result.stdout, subjects.length);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** How long; {@link regexProbeLimits} has the defaults. */
export interface ProbeOptions {
  readonly matchMs?: number | undefined;
  readonly budgetMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

function requireBounds(lines: readonly string[]): void {
  if (lines.length > regexLabLimits.lines) throw new TypeError(`There are more than ${regexLabLimits.lines} lines.`);
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  if (bytes > regexLabLimits.bytes) throw new TypeError(`The lines have more than ${regexLabLimits.bytes} bytes.`);
}

function findingsIn(text: string, subjects: number): ProbeFinding[] {
  try {
    const answer = record(JSON.parse(text), 'answer');
    if (answer['format'] !== 1) throw new TypeError(`format is ${String(answer['format'])}, not 1`);
    boolean(answer['complete'], 'complete');
    return list(answer['problems'], 'problems', finding).filter(({ subject }) => subject < subjects);
  } catch (cause) {
    // SyntaxError of JSON.parse or TypeError of our own checks.
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new ProgramFailed('not-understood', `The answer of the probe is not understood: ${detail}`, { cause });
  }
}

function finding(value: unknown, at: string): ProbeFinding {
  const of = record(value, at);
  return {
    subject: wholeNumber(of['subject'], `${at}.subject`),
    kind: oneOf(kinds, of['kind'], `${at}.kind`),
    part: oneOf(parts, of['part'], `${at}.part`),
    index: wholeNumberOrNull(of['index'], `${at}.index`),
    regex: stringOrNull(of['regex'], `${at}.regex`),
    message: string(of['message'], `${at}.message`),
    line: stringOrNull(of['line'], `${at}.line`),
    length: wholeNumber(of['length'], `${at}.length`),
  };
}
