import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenScopes } from '../features/tokens/index.ts';
import { commandPages } from './help/command-pages.ts';
import { type Ran, runHere } from './testing/command.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bangui-cli-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const bangui = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  runHere(args, {
    BANGUI_PLUGINS_DIR: join(root, 'plugins'),
    BANGUI_DATABASE_PATH: join(root, 'none.sqlite3'),
    ...env,
  });

describe('bangui', () => {
  it.each([
    [[]],
    [['help', 'nothing']],
    [['help', 'doctor', 'more']],
    [['doctor', 'more']],
    [['doctor', '--fix']],
    [['admin']],
    [['admin', 'reset-password']],
    [['admin', 'list', 'more']],
    [['admin', 'list', '--stdin']],
    [['db']],
    [['db', 'check', 'more']],
    [['lock']],
    [['lock', 'show', '--force']],
    [['lock', 'clear', 'more']],
    [['setup']],
    [['setup', 'anna', 'bert']],
    [['source']],
    [['source', 'run']],
    [['source', 'list', 'more']],
    [['backup']],
    [['backup', '']],
    [['backup', 'one', 'two']],
    [['restore']],
    [['restore', 'one', '--force']],
    [['completion']],
    [['plugin']],
    [['plugin', 'add']],
    [['plugin', 'list', 'more']],
    [['plugin', 'add', 'one', 'two']],
    [['plugin', 'add', 'one', '--force']],
    [['plugin', 'test', 'one', '--config', '{']],
    [['token']],
    [['token', 'create', 'name']],
    [['token', 'create', 'name', '--scope', 'everything']],
    [['token', 'create', 'a\nb', '--scope', 'feeds:read']],
    [['token', 'create', 'a', '--scope', 'feeds:read', '--days', '0']],
    [['token', 'revoke', 'x']],
    [['secrets']],
    [['secrets', 'rotate', 'more']],
    [['secrets', 'show']],
  ])('says how it is used: %j', async (args) => {
    expect(await bangui(args)).toMatchObject({ status: 64, out: '', told: expect.stringMatching(/./) as unknown });
  });

  it.each(commandPages)('has a page for $name', async ({ name, summary, examples }) => {
    const { status, out } = await bangui(['help', name]);
    expect(status).toBe(0);
    for (const part of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'ENVIRONMENT', 'EXAMPLES', summary])
      expect(out).toContain(part);
    expect(examples.filter((example) => !example.includes(`bangui ${name}`))).toEqual([]);
    for (const line of out.split('\n')) expect(line.length).toBeLessThan(130);
    expect((await bangui(['help'])).out).toContain(summary);
    // Whoever gives a command that is not understood is told of its page.
    expect((await bangui([name, '--no-such-option'])).told).toContain(`bangui help ${name}`);
  });

  it('names every scope of a token', async () => {
    const { out } = await bangui(['help', 'token']);
    for (const scope of tokenScopes) expect(out).toContain(scope);
  });

  it('tells its version', async () => {
    expect(await bangui(['--version'])).toEqual({
      status: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
      told: '',
    });
  });

  it('refuses a bad environment as the API does', async () => {
    const answer = await bangui(['plugin', 'list'], { BANGUI_PROT: '1' });
    expect(answer).toMatchObject({ status: 78, told: 'BANGUI_PROT is not a setting of BanGUI' });
  });

  it('makes no database where there is none', async () => {
    expect(await bangui(['token', 'list'])).toMatchObject({
      status: 1,
      told: expect.stringMatching(/no database/) as unknown,
    });
    expect(await readdir(root)).not.toContain('none.sqlite3');
  });
});

describe('bangui plugin', () => {
  it.each([
    'bangui-source-x',
    'bangui-source-x@^1.0.0',
    'bangui-source-x@latest',
    'none.tgz',
    '../x@1.0.0',
    'git+https://example.org/x',
    '--prefix@1.0.0',
  ])('adds nothing that is not exactly one thing: %s', async (what) => {
    const answer = await bangui(['plugin', 'add', '--', what]);
    expect(answer).toMatchObject({ status: 1, told: expect.stringMatching(/neither/) as unknown });
  });

  it('lists nothing where there is nothing, and removes nothing', async () => {
    expect(await bangui(['plugin', 'list'])).toMatchObject({ status: 0, out: '' });
    expect(await bangui(['plugin', 'remove', 'greylist'])).toMatchObject({
      status: 1,
      told: expect.stringMatching(/No source greylist/) as unknown,
    });
    expect(await bangui(['plugin', 'accept', 'greylist'])).toMatchObject({
      status: 1,
      told: expect.stringMatching(/no source greylist/) as unknown,
    });
    expect(await bangui(['plugin', 'test', 'greylist'])).toMatchObject({ status: 1 });
  });

  it('says when the lock is scribbled over', async () => {
    const dir = join(root, 'scribbled');
    await mkdir(dir);
    await writeFile(join(dir, 'bangui-plugins.json'), 'x');
    const answer = await bangui(['plugin', 'list'], { BANGUI_PLUGINS_DIR: dir });
    expect(answer).toMatchObject({ status: 1, told: `${dir}/bangui-plugins.json cannot be read.` });
  });
});
