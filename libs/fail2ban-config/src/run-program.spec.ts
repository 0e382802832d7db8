import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { ConfigurationDir } from './testing/configuration-dir.ts';

const limits = { timeoutMs: 10_000, maxOutputBytes: 1000 };

test('passes on nothing of our environment but where programs and languages are', async () => {
  process.env['BANGUI_SECRET_KEY'] = 'secret';
  try {
    const { stdout } = await runProgram('/usr/bin/env', [], limits);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0])
        .toSorted(),
    ).toEqual(['LANG', 'PATH']);
  } finally {
    delete process.env['BANGUI_SECRET_KEY'];
  }
});

test('hands arguments over as they are', async () => {
  const { stdout } = await runProgram('/bin/echo', ['$(id); `id`', '*'], limits);
  expect(stdout).toBe('$(id); `id` *\n');
});

test('stops a program that prints too much', async () => {
  await expect(runProgram('/usr/bin/yes', [], limits)).rejects.toMatchObject({ reason: 'output-too-large' });
});

test('stops a program that takes too long, although its child keeps the output open', async () => {
  const running = runProgram('/bin/sh', ['-c', 'sleep 60 & wait'], { ...limits, timeoutMs: 50 });
  await expect(running).rejects.toMatchObject({ reason: 'timeout' });
});

test('ends what a program started along with it', async () => {
  await using dir = await ConfigurationDir.make();
  const file = join(dir.path, 'pid');
  let pid = 0;
  // A busy machine may not have come to start anything within the first of these times.
  for (const timeoutMs of [500, 3_000, 10_000]) {
    const running = runProgram('/bin/sh', ['-c', `sleep 60 & echo $! > ${file}; wait`], { ...limits, timeoutMs });
    await expect(running).rejects.toMatchObject({ reason: 'timeout' });
    pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (pid > 0) break;
  }
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => stateOf(pid)).toMatch(/^[ZX]?$/);
});

/** State of a process as the kernel tells it; Z and X have ended, nothing is gone. */
function stateOf(pid: number): string {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

test('keeps the end of what a program complains about', async () => {
  const { stderr, exitCode } = await runProgram(
    '/bin/sh',
    ['-c', 'yes | head -c 200000 >&2; echo end >&2; exit 3'],
    limits,
  );
  expect(exitCode).toBe(3);
  expect(stderr.length).toBeLessThanOrEqual(64 * 1024);
  expect(stderr.endsWith('end\n')).toBe(true);
});
