import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigurationFolder, FolderUnreadable } from './configuration-folder.ts';
import { readConfiguration } from './read-configuration.ts';
import { ConfigurationDir } from './testing/configuration-dir.ts';

async function problemsOf(dir: ConfigurationDir): Promise<readonly (readonly [string, string])[]> {
  const { problems, jails } = await readConfiguration(dir.path);
  // One broken file hides nothing of the others.
  expect(jails.map(({ name }) => name)).toContain('web');
  return problems.map(({ file, message }) => [file, message]);
}

test('passes over a file that is not UTF-8, too large, a pipe or a folder, and names it', async () => {
  await using dir = await ConfigurationDir.make();
  await dir.write('jail.d/latin.local', Buffer.from('[web]\n# caf\xe9\nmaxretry = 9\n', 'latin1'));
  await dir.write('jail.d/large.local', `[web]\n#${'x'.repeat(512 * 1024)}\n`);
  await mkdir(join(dir.path, 'jail.d/folder.conf'));
  execFileSync('mkfifo', [join(dir.path, 'jail.d/pipe.local')]);
  expect(await problemsOf(dir)).toEqual([
    ['jail.d/folder.conf', 'It is no plain file.'],
    ['jail.d/large.local', 'It has more than 524288 bytes.'],
    ['jail.d/latin.local', 'It is not UTF-8; fail2ban passes over it.'],
    ['jail.d/pipe.local', 'It is no plain file.'],
  ]);
});

test('follows symbolic links within the folder only', async () => {
  await using outside = await ConfigurationDir.make('[stranger]\nenabled = true\n');
  await using dir = await ConfigurationDir.make();
  await dir.write('shared/web.local', '[linked]\nenabled = true\n');
  await mkdir(join(dir.path, 'jail.d'));
  await symlink('../shared/web.local', join(dir.path, 'jail.d/inside.local'));
  await symlink(join(outside.path, 'jail.local'), join(dir.path, 'jail.d/outside.local'));
  await symlink('/nonexistent', join(dir.path, 'jail.d/dangling.local'));
  await symlink('loop.local', join(dir.path, 'jail.d/loop.local'));
  await rm(join(dir.path, 'action.d'), { recursive: true });
  await symlink(join(outside.path, 'action.d'), join(dir.path, 'action.d'));

  const { jails, problems, actions } = await readConfiguration(dir.path);
  expect(jails.map(({ name }) => name)).toEqual(['web', 'linked']);
  expect(actions).toEqual([]);
  expect(problems.map(({ file }) => file)).toEqual(['action.d', 'jail.d/loop.local', 'jail.d/outside.local']);
  expect(problems.at(-1)?.message).toBe('It is a symbolic link that leads out of the configuration folder.');
});

test('reads a folder that is itself a symbolic link', async () => {
  await using dir = await ConfigurationDir.make();
  await using other = await ConfigurationDir.make();
  await symlink(dir.path, join(other.path, 'link'));
  expect((await readConfiguration(join(other.path, 'link'))).jails).toHaveLength(1);
});

test.each(['../../outside.conf', '/etc/passwd', 'x/../../../outside.conf', '../..'])(
  'does not follow an include to %s',
  async (name) => {
    await using dir = await ConfigurationDir.make();
    await dir.write('jail.d/a.local', `[INCLUDES]\nbefore = ${name}\n[web]\nx = 1\n`);
    const [problem] = await problemsOf(dir);
    expect(problem?.[0]).toBe('jail.d/a.local');
    expect(problem?.[1]).toContain('leads out of the folder');
  },
);

test('does not follow an include through a linked folder out of the configuration', async () => {
  await using outside = await ConfigurationDir.make();
  await using dir = await ConfigurationDir.make();
  await symlink(outside.path, join(dir.path, 'elsewhere'));
  await dir.write('jail.d/a.local', '[INCLUDES]\nbefore = ../elsewhere/jail.conf\n[web]\nx = 1\n');
  expect((await problemsOf(dir)).map(([file]) => file)).toEqual(['elsewhere/jail.conf', 'elsewhere/jail.local']);
});

test.each([
  ['a/b.conf', 'a/b.conf'],
  ['a/../b.conf', 'b.conf'],
  ['../b.conf', null],
  ['/etc/fail2ban/a.conf', 'a.conf'],
  ['/etc/fail2ban/../passwd', null],
  ['/etc/fail2ban-other/a.conf', null],
  ['a\0.conf', null],
])('takes %j for %j', (name, place) => {
  expect(ConfigurationFolder.confined(name, '/etc/fail2ban')).toBe(place);
});

test('says when there is no folder, no permission, or too much in it', async () => {
  await expect(readConfiguration('/nonexistent')).rejects.toThrow(FolderUnreadable);
  await expect(readConfiguration('/dev/null')).rejects.toMatchObject({ code: 'configuration-folder-unreadable' });
  await expect(readConfiguration('/tmp\0')).rejects.toThrow(FolderUnreadable);
  await using dir = await ConfigurationDir.make();
  // Three files, and one in each of two folders.
  await expect(ConfigurationFolder.read(dir.path, 5)).resolves.toBeInstanceOf(ConfigurationFolder);
  await expect(ConfigurationFolder.read(dir.path, 4)).rejects.toThrow('more than 4 files');
});

test('tells which file it may not read', async () => {
  await using dir = await ConfigurationDir.make();
  await dir.write('jail.d/secret.local', '[secret]\n');
  await chmod(join(dir.path, 'jail.d/secret.local'), 0);
  // The administrator may read everything, so there it is no problem.
  expect(await problemsOf(dir)).toEqual(
    process.getuid?.() === 0 ? [] : [['jail.d/secret.local', 'Permission denied.']],
  );
});
