import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenScopes } from '../../features/tokens/index.ts';
import { commandPages } from '../help/index.ts';
import { runHere } from '../testing/command.ts';
import { completedCommands } from './completed-commands.ts';

const run = promisify(execFile);
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-completion-'));
  await writeFile(join(dir, 'a b.tar.gz'), '');
  await writeFile(join(dir, 'bangui.bash'), (await runHere(['completion', 'bash'], {})).out);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What a real bash offers after these words, the last of which is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `source ./bangui.bash
    COMP_WORDS=(bangui "$@"); COMP_CWORD=$#; COMP_TYPE=9
    complete -p bangui >/dev/null || exit 1
    _bangui
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', ...words], { cwd: dir });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  it.each<[string[], string[]]>([
    [['do'], ['doctor']],
    [['re'], ['restore']],
    [['--'], ['--version']],
    [
      ['admin', ''],
      ['list', 'reset-password'],
    ],
    [['admin', 're'], ['reset-password']],
    [
      ['admin', 'list', '--'],
      ['--stdin', '--json'],
    ],
    [['token', 'create', 'name', '--scope', 'f'], ['feeds:read']],
    // As readline takes it apart.
    [
      ['token', 'create', 'name', '--scope', 'enforcement', ':'],
      ['read', 'report'],
    ],
    [['token', 'create', 'name', '--scope', 'enforcement', ':', 'rep'], ['report']],
    [
      ['help', 'd'],
      ['doctor', 'db'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['backup', 'a'], ['a b.tar.gz']],
    [['plugin', 'test', 'x', '--file', 'a'], ['a b.tar.gz']],
    [['lock', 'show', ''], []],
    [['nothing', ''], []],
    [['db', '$(touch made)'], []],
  ])('offers after %j: %j', async (words, wanted) => {
    expect(await offered(...words)).toEqual(wanted);
  });

  it('knows every command', async () => {
    expect(await offered('')).toEqual([...commandPages.map(({ name }) => name), 'help', '--version']);
  });
});

describe('what is completed', () => {
  it('needs no quotes in any shell', () => {
    for (const { name, subcommands, options, words } of completedCommands()) {
      const values = options.flatMap(({ option, value }) => [option, ...(typeof value === 'object' ? value : [])]);
      for (const word of [name, ...subcommands, ...values, ...(words === 'file' ? [] : words)])
        expect(word).toMatch(/^[a-z0-9:-]+$/);
    }
  });

  it('is what the commands have', () => {
    const token = completedCommands().find(({ name }) => name === 'token');
    expect(token?.subcommands).toEqual(['create', 'list', 'revoke']);
    expect([...(token?.options[0]?.value ?? [])].sort()).toEqual([...tokenScopes].sort());
  });

  it.each(['zsh', 'fish'])('has all commands and options in the script for %s', async (shell) => {
    const { status, out } = await runHere(['completion', shell], {});
    expect(status).toBe(0);
    for (const { name, options } of completedCommands()) {
      expect(out).toContain(name);
      for (const { option } of options) expect(out).toContain(option.slice(2));
    }
  });

  it.each([[[]], [['sh']], [['bash', 'zsh']]])('is of one shell: %j', async (args) => {
    expect(await runHere(['completion', ...args], {})).toMatchObject({ status: 64, out: '' });
  });
});
