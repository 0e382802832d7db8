import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DefinitionUse, type JailConfiguration } from './effective-configuration.ts';
import { readConfiguration } from './read-configuration.ts';
import { runProgram } from './run-program.ts';
import { stockConfigDir, testPrograms } from './testing/programs.ts';
import { type PythonLiteral, pythonLiterals } from './testing/python-literals.ts';
import { trees } from './testing/trees.ts';

// What `fail2ban-client --dp` prints is what it would send to a server: the last word on what a configuration means.

/** Generated configurations with jails that fail2ban takes. */
const wanted = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 60 : 6;

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'bangui-dump-'))));
afterEach(() => rm(root, { recursive: true }));

type Command = readonly PythonLiteral[];

/** The commands that it prints; undefined when it refuses the configuration. */
async function dumpOf(dir: string): Promise<readonly Command[] | undefined> {
  const limits = { timeoutMs: 60_000, maxOutputBytes: 64 * 1024 * 1024 };
  const args = ['-c', dir, '--loglevel', 'CRITICAL', '--logtarget', 'STDERR', '--dp'];
  const { exitCode, stdout } = await runProgram(testPrograms().client, args, limits);
  if (exitCode !== 0) return undefined;
  return pythonLiterals(stdout).filter((command) => Array.isArray(command));
}

const lines = (value: string | null | undefined): string[] => (value ?? '').split('\n').filter((line) => line !== '');
const words = (value: string | null | undefined): string[] =>
  (value ?? '').split(/[\s,]+/).filter((word) => word !== '');
/** fail2ban has some values as numbers, and what is true or false in Python's words. */
const asText = (value: PythonLiteral | undefined): string =>
  typeof value === 'boolean' ? (value ? 'true' : 'false') : String(value ?? '');

const yesNo = new Set(['true', '1', 'yes', 'on']);

/** Everything that our reading says of a jail, for one command of those that print it. */
function expected(jail: JailConfiguration, command: Command): unknown {
  const [kind, , option, value] = command;
  if (kind === 'add') return jail.option('backend')?.value ?? 'auto';
  const filter = jail.filter?.effective;
  switch (option) {
    case 'addfailregex':
    case 'addignoreregex': {
      const name = option.slice(3);
      return [...lines(filter?.get(name)), ...lines(jail.option(name)?.value)];
    }
    case 'addjournalmatch':
      return lines(filter?.get('journalmatch')).map((line) => line.split(/\s+/));
    case 'addignoreip':
      return words(jail.option('ignoreip')?.value);
    case 'addlogpath':
      return lines(jail.option('logpath')?.value);
    case 'prefregex':
    case 'datepattern':
    case 'maxlines':
      return filter?.get(option) ?? jail.option(option)?.value;
    case 'usedns':
      return filter?.get('usedns') ?? jail.option('usedns')?.value;
    default: {
      const own = jail.option(String(option))?.value;
      // Python takes `+5` and `1_0` for numbers.
      if (typeof value === 'number') return String(Number((own ?? '').replaceAll('_', '')));
      return typeof value === 'boolean' ? String(yesNo.has((own ?? '').toLowerCase())) : own;
    }
  }
}

const collected = new Set(['addfailregex', 'addignoreregex', 'addjournalmatch', 'addignoreip', 'addlogpath']);

/** Compares what a dump says of one jail with our reading of it; gives how many commands that were. */
function compareJail(jail: JailConfiguration, commands: readonly Command[]): number {
  const lists = new Map<string, unknown[]>();
  const actions: { name: unknown; sent: readonly (readonly PythonLiteral[])[] }[] = [];
  let compared = 0;
  for (const command of commands) {
    const [kind, , option, value, ...more] = command;
    compared += 1;
    if (option === 'addaction') actions.push({ name: value, sent: [] });
    else if (option === 'action') {
      const last = actions.at(-1);
      // pprint writes a pair as a list.
      if (last) last.sent = (more[0] ?? []) as readonly (readonly PythonLiteral[])[];
    } else if (typeof option === 'string' && collected.has(option)) {
      lists.set(option, [...(lists.get(option) ?? []), ...valuesOf(command)]);
    } else {
      const theirs = kind === 'add' ? option : value;
      expect(asText(theirs), `${jail.name}: ${JSON.stringify(command)}`).toBe(expected(jail, command));
    }
  }
  for (const [option, theirs] of lists) {
    expect(theirs, `${jail.name}: ${option}`).toEqual(expected(jail, ['set', jail.name, option]));
  }
  const known = jail.actions.filter(({ effective }) => effective.size > 0);
  expect(actions.filter(({ sent }) => sent.length > 0).map(({ sent }) => sentOf(sent))).toEqual(known.map(sentByUs));
  return compared;
}

/** What a command adds: one value or several, and of a journal's match all its words as one. */
function valuesOf([kind, , option, value, ...more]: Command): readonly PythonLiteral[] {
  if (kind === 'multi-set' && typeof value === 'object' && value !== null) return value;
  if (option === 'addjournalmatch') return [[value ?? null, ...more]];
  return [value ?? null, ...(option === 'addignoreip' ? more : [])];
}

const sentOf = (sent: readonly (readonly PythonLiteral[])[]): Record<string, string> =>
  // What nobody sets is printed as None.
  Object.fromEntries(sent.flatMap(([name, value]) => (value === null ? [] : [[String(name), asText(value)]])));
const flags = new Set(['actionstart_on_demand', 'actionrepair_on_unban', 'norestored']);
const sentByUs = ({ effective }: DefinitionUse): Record<string, string> =>
  Object.fromEntries(
    [...effective].map(([name, value]) => [name, flags.has(name) ? String(yesNo.has(value.toLowerCase())) : value]),
  );

/** Compares a whole folder; undefined when fail2ban refuses it. */
async function compare(
  dir: string,
  fail2banVersion?: string,
): Promise<{ jails: number; commands: number } | undefined> {
  const dump = await dumpOf(dir);
  if (!dump) return undefined;
  const { jails } = await readConfiguration(dir, { fail2banVersion });
  const enabled = jails.filter(({ isEnabled }) => isEnabled);
  const ofJails = dump.filter((command) => command[0] === 'add' || (command[0] !== 'start' && command.length > 3));
  const byJail = Map.groupBy(ofJails, (command) => String(command[1]));
  // One that it leaves out is one with which we find something wrong, too.
  const [sound, faulty] = [enabled.filter(isSound), enabled.filter((jail) => !isSound(jail))];
  const names = sound.map(({ name }) => name);
  expect([...byJail.keys()].filter((name) => !faulty.some((jail) => jail.name === name))).toEqual(names);
  let commands = 0;
  for (const jail of sound) commands += compareJail(jail, byJail.get(jail.name) ?? []);
  return { jails: sound.length, commands };
}

const isSound = ({ problems }: JailConfiguration): boolean => problems.length === 0;

test("gives for all of Debian's jails what fail2ban-client --dp prints", async () => {
  const dir = join(root, 'stock');
  await cp(stockConfigDir(), dir, { recursive: true });
  const log = join(root, 'some.log');
  await writeFile(log, '');
  const { jails } = await readConfiguration(dir);
  const texts = jails.map(({ name }) => `[${name}]\nenabled = true\nbackend = polling\nlogpath = ${log}\n`);
  await writeFile(join(dir, 'jail.local'), texts.join(''));
  const compared = await compare(dir);
  expect(compared?.jails).toBe(jails.length);
  expect(jails.length).toBeGreaterThan(80);
  expect(compared?.commands).toBeGreaterThan(jails.length * 10);
});

test('gives for generated configurations what fail2ban-client --dp prints', { timeout: 240_000 }, async () => {
  // Most of them hold something that fail2ban refuses in every jail.
  let [compared, commands, tried] = [0, 0, 0];
  const { stdout } = await runProgram(testPrograms().client, ['-V'], { timeoutMs: 60_000, maxOutputBytes: 10_000 });
  const version = /\d+\.\d+\S*/.exec(stdout)?.[0];
  for (; compared < wanted && tried < wanted * 40; tried += 1) {
    const dir = join(root, String(tried));
    const [tree] = fc.sample(trees, 1);
    for (const [path, text] of Object.entries({ ...tree, 'fail2ban.conf': '[Definition]\n' })) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    const found = await compare(dir, version);
    if (found && found.jails > 0) compared += 1;
    commands += found?.commands ?? 0;
  }
  expect(compared).toBe(wanted);
  expect(commands).toBeGreaterThan(wanted);
});
