import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runProgram } from '../run-program.ts';
import { testPrograms } from './programs.ts';

/** Options by name; `null` for one that cannot be interpolated. */
export type Values = Readonly<Record<string, string | null>>;

/** What fail2ban's own reader makes of a folder; see fail2ban-reader.py. Every jail is read as if it were enabled. */
export interface Fail2banReading {
  readonly version: string;
  readonly jails: Readonly<
    Record<
      string,
      {
        readonly enabled: boolean;
        readonly options: Values;
        readonly error: string | null;
        readonly filter: Values | null;
        readonly actions: readonly { readonly name: string; readonly sent: Values }[] | null;
      }
    >
  >;
  readonly order: readonly string[];
  readonly filters: Readonly<Record<string, { readonly definition: Values; readonly init: Values }>>;
  readonly actions: Readonly<Record<string, { readonly definition: Values; readonly init: Values }>>;
}

/** What the parser makes of one text: its sections, or the first line that it refuses. */
export type ParserReading =
  | { readonly line: number; readonly sections?: undefined }
  | { readonly sections: Readonly<Record<string, Readonly<Record<string, string>>>> };

const program = resolve(import.meta.dirname, 'fail2ban-reader.py');

/** Reads folders with fail2ban's own reader; `null` for one that it refuses. */
export async function fail2banReadings(dirs: readonly string[]): Promise<readonly (Fail2banReading | null)[]> {
  // The shape is that of the program beside this file.
  return JSON.parse(await run(['tree', ...dirs])) as (Fail2banReading | null)[];
}

/** Parses texts with fail2ban's own parser. */
export async function parserReadings(texts: readonly string[]): Promise<readonly ParserReading[]> {
  // The shape is that of the program beside this file.
  return (await readTexts('parse', texts)) as ParserReading[];
}

/** An action as fail2ban takes a list of them apart; without a name when it refuses it. */
export interface SplitAction {
  readonly text: string;
  readonly name: string | null;
  readonly parameters: readonly (readonly [string, string])[] | null;
}

/** Takes lists of actions apart with fail2ban's own patterns. */
export async function splitReadings(texts: readonly string[]): Promise<readonly (readonly SplitAction[])[]> {
  // The shape is that of the program beside this file.
  return (await readTexts('split', texts)) as SplitAction[][];
}

async function readTexts(what: 'parse' | 'split', texts: readonly string[]): Promise<unknown> {
  const dir = await mkdtemp(join(tmpdir(), 'bangui-texts-'));
  try {
    await writeFile(join(dir, 'texts.json'), JSON.stringify(texts));
    return JSON.parse(await run([what, join(dir, 'texts.json')])) as unknown;
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function run(args: readonly string[]): Promise<string> {
  const limits = { timeoutMs: 60_000, maxOutputBytes: 64 * 1024 * 1024 };
  const { exitCode, stdout, stderr } = await runProgram(testPrograms().python, [program, ...args], limits);
  if (exitCode !== 0) throw new Error(`fail2ban's own reader failed: ${stderr}`);
  return stdout;
}
