import { readFile, stat, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fixtureOf } from './record.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const USAGE = `Usage: bangui-source record [--lines <count>] <address or file> <fixture>

Makes a fixture: keeps the head, some entries (10 unless said otherwise) and the last
line of a list, and replaces every address by one for documentation.`;

/** Runs the command `bangui-source`; answers the exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  if (!command) {
    console.error(USAGE);
    return 2;
  }
  try {
    const text = await readText(command.from);
    await writeFile(command.to, fixtureOf(text, command.lines));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
  console.log(`Wrote ${command.to}. Look at it before you commit it: names and notes are kept as they are.`);
  return 0;
}

function readCommand(args: readonly string[]): { from: string; to: string; lines: number } | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { lines: { type: 'string', default: '10' } },
    });
    const [command, from, to, ...more] = positionals;
    const lines = Number(values.lines);
    const isFine = command === 'record' && more.length === 0 && Number.isInteger(lines) && lines > 0;
    return isFine && from !== undefined && to !== undefined ? { from, to, lines } : undefined;
  } catch {
    // An unknown option.
    return undefined;
  }
}

async function readText(from: string): Promise<string> {
  if (!/^https?:\/\//.test(from)) {
    const { size } = await stat(from);
    if (size > MAX_BYTES) throw new Error(`${from} is larger than ${MAX_BYTES} bytes.`);
    return readFile(from, 'utf8');
  }
  const response = await fetch(from, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok || !response.body) throw new Error(`${from} answered ${response.status}.`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  // The body's type leaves its chunks open; fetch gives bytes.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`${from} is larger than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
