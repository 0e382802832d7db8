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

/** Reads a folder with fail2ban's own reader. */
export async function fail2banReading(dir: string): Promise<Fail2banReading> {
  // The shape is that of the program beside this file.
  return JSON.parse(await run(['tree', dir])) as Fail2banReading;
}

/** Parses texts with fail2ban's own parser. */
export async function parserReadings(texts: readonly string[]): Promise<readonly ParserReading[]> {
  const dir = await mkdtemp(join(tmpdir(), 'bangui-parse-'));
  try {
    await writeFile(join(dir, 'texts.json'), JSON.stringify(texts));
    // The shape is that of the program beside this file.
    return JSON.parse(await run(['parse', join(dir, 'texts.json')])) as ParserReading[];
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
