import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackedPackage } from '../../../../../scripts/lib/unpacked-package.ts';
import { commandPages } from '../help/index.ts';
import { runHere } from '../testing/command.ts';

const run = promisify(execFile);
/** Longest time of one shell, in milliseconds. */
const limitMs = 20_000;
/** Downloading and unpacking the shells, where nobody did it before. */
const unpackLimitMs = 120_000;

/** A folder as somebody types in it: the scripts, and one file with a blank in its name. */
let dir: string;
let shells: Record<'fish' | 'zsh', (line: string) => Promise<string[]>>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-completion-'));
  await writeFile(join(dir, 'a b.tar.gz'), '');
  await writeFile(join(dir, '.zshrc'), zshStart);
  for (const [shell, file] of [
    ['fish', 'bangui.fish'],
    ['zsh', '_bangui'],
  ] as const)
    await writeFile(join(dir, file), (await runHere(['completion', shell], {})).out);
  shells = { fish: await fish(), zsh: await zsh() };
}, unpackLimitMs);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What a real fish offers; it has a command for that. */
async function fish(): Promise<(line: string) => Promise<string[]>> {
  const program = join(await unpackedPackage('fish'), 'usr/bin/fish');
  const functions = join(await unpackedPackage('fish-common'), 'usr/share/fish/functions');
  const libraries = globSync('usr/lib/*', { cwd: await unpackedPackage('libpcre2-32-0') });
  const found = libraries.map((folder) => join(program, '../../../../libpcre2-32-0', folder)).join(':');
  const script = 'set -g fish_function_path $argv[1]; source ./bangui.fish; complete -C $argv[2]';
  return async (line) => {
    const env = { HOME: dir, PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: found };
    const options = { cwd: dir, env, timeout: limitMs };
    const { stdout } = await run(program, ['--no-config', '-c', script, functions, line], options);
    // Each with its description behind a tab.
    return stdout.split('\n').flatMap((text) => (text === '' ? [] : [text.split('\t', 1)[0] ?? '']));
  };
}

/** Set up as people do, and what is offered is written down beside being shown. The shell ends with that. */
const zshStart = `
module_path=($ZSH_MODULES)
PROMPT='ready> '
# What there is to complete is collected once, and taken from that file afterwards.
autoload -Uz compinit && compinit -u -C -d ~/collected
# Without it zsh itself runs a command in the word before it completes.
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
compadd() {
  if (( \${@[(I)-[OAD]]} )); then builtin compadd "$@"; return; fi
  local -a found
  builtin compadd -A found "$@"
  print -rl -- $found >>offered
  builtin compadd "$@"
}
comppostfuncs=(ended)
ended() { exit }
`;

/** Types a line and a tab into an interactive zsh, whose terminal is one of another zsh. */
const zshTypist = `
module_path=($ZSH_MODULES)
zmodload zsh/zpty
zpty inner "\${(q)ZSH_PROGRAM} -i"
zpty -r inner text '*ready> *'
zpty -w -n inner "$1"$'\\t'
while zpty -r inner text; do :; done
`;

/** What a real zsh offers. */
async function zsh(): Promise<(line: string) => Promise<string[]>> {
  const root = await unpackedPackage('zsh');
  const common = await unpackedPackage('zsh-common');
  const program = join(root, 'bin/zsh');
  const [modules = ''] = globSync(join(root, 'usr/lib/*/zsh/*'));
  const functions = globSync(join(common, 'usr/share/zsh/functions/**'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return async (line) => {
    const env = {
      ...{ HOME: dir, ZDOTDIR: dir, PATH: '/usr/bin:/bin', TERM: 'dumb', FPATH: [dir, ...functions].join(':') },
      ...{ ZSH_PROGRAM: program, ZSH_MODULES: modules },
    };
    await rm(join(dir, 'offered'), { force: true });
    await run(program, ['-f', '-c', zshTypist, 'zsh', line], { cwd: dir, env, timeout: limitMs });
    const offered = await readFile(join(dir, 'offered'), 'utf8').catch(() => ''); // not there when nothing is offered
    return offered.split('\n').filter((word) => word !== '');
  };
}

describe.each(['fish', 'zsh'] as const)('completion in a real %s', (shell) => {
  const offered = (line: string): Promise<string[]> => shells[shell](line);

  it.each<[string, string[]]>([
    ['do', ['doctor']],
    ['re', ['restore']],
    ['--', ['--version']],
    ['admin ', ['list', 'reset-password']],
    ['admin re', ['reset-password']],
    ['admin list --', ['--json', '--stdin']],
    ['token create name --scope f', ['feeds:read']],
    ['token create name --scope enforcement:', ['enforcement:read', 'enforcement:report']],
    ['token create name --scope enforcement:rep', ['enforcement:report']],
    ['help d', ['db', 'doctor']],
    ['help db --', []],
    ['completion ', ['bash', 'fish', 'zsh']],
    ['nothing ', []],
    ['nothing --', []],
  ])('offers after %j: %j', async (line, wanted) => {
    expect((await offered(`bangui ${line}`)).sort()).toEqual(wanted);
  });

  it.each(['backup a', 'restore a', 'plugin test x --file a'])('offers files after %j', async (line) => {
    expect((await offered(`bangui ${line}`)).map((name) => name.replace('\\', ''))).toEqual(['a b.tar.gz']);
  });

  it('knows every command', async () => {
    const names = [...commandPages.map(({ name }) => name), 'help'];
    const found = await offered('bangui ');
    expect(found.filter((word) => !word.startsWith('-')).sort()).toEqual(names.sort());
  });

  it('runs nothing of what is typed', async () => {
    await offered('bangui db $(touch made)');
    await expect(access(join(dir, 'made'))).rejects.toThrow('ENOENT');
  });
});
