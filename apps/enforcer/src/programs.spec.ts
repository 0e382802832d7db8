import { expect, it } from 'vitest';
import { ProgramFailed, Programs } from './programs.ts';

const programs = new Programs();

it('gives words to the program as they are, without a shell', async () => {
  expect(await programs.run('printf', ['%s|', '$HOME', '`id`', '; ls', '*'])).toBe('$HOME|`id`|; ls|*|');
});

it('hands on nothing of its own environment', async () => {
  expect((await programs.run('env', [])).trim().split('\n').sort()).toEqual([
    'LC_ALL=C',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  ]);
});

it('feeds chunks to the standard input, no faster than they are read', async () => {
  let made = 0;
  function* chunks(): Generator<Uint8Array> {
    for (; made < 1_000; made += 1) yield new Uint8Array(65_536);
  }
  expect(await programs.run('wc', ['-c'], chunks())).toBe('65536000\n');
  made = 0;
  await programs.run('head', ['-c', '1'], chunks());
  expect(made).toBeLessThan(200);
});

it('says what a program said when it fails, cut to a bearable length', async () => {
  const failure = programs.run('sh', ['-c', 'echo why >&2; head -c 100000 /dev/zero | tr "\\0" x >&2; exit 3']);
  await expect(failure).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('why') as string });
  await expect(failure).rejects.toSatisfy((error: Error) => error.message.length < 3_000);
});

it('ends a program that takes too long', async () => {
  await expect(new Programs({ timeoutMs: 50 }).run('sleep', ['600'], endless())).rejects.toBeInstanceOf(ProgramFailed);
});

it('ends a program that talks too much', async () => {
  await expect(programs.run('cat', ['/dev/zero'])).rejects.toBeInstanceOf(ProgramFailed);
});

it('fails when there is no such program', async () => {
  await expect(programs.run('no-such-program', [])).rejects.toBeInstanceOf(ProgramFailed);
});

it('takes exit status 1 for an answer only when asked to', async () => {
  expect(await programs.ask('false', [])).toBeUndefined();
  expect(await programs.ask('true', [])).toBe('');
  await expect(programs.ask('sh', ['-c', 'exit 2'])).rejects.toMatchObject({ exitCode: 2 });
});

function* endless(): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(1_000);
}
