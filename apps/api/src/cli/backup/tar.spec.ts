import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockBytes, paddingOf, readTarHeader, tarHeader, TarUnreadable } from './tar.ts';

const run = promisify(execFile);
const longPath = `plugins/node_modules/@someone/${'folder/'.repeat(10)}${'file'.repeat(20)}.js`;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-tar-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('an archive', () => {
  it('is read by the tar of the system', async () => {
    const contents = { 'a.json': 'one', [longPath]: 'ü'.repeat(300), empty: '' };
    const blocks = Object.entries(contents).flatMap(([path, text]) => {
      const content = Buffer.from(text);
      const header = tarHeader({ path, bytes: content.length }, Date.UTC(2026, 0, 1));
      return [header, content, Buffer.alloc(paddingOf(content.length))];
    });
    const archive = join(dir, 'a.tar');
    await writeFile(archive, Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]));
    await run('tar', ['-xf', archive, '-C', dir]);
    for (const [path, text] of Object.entries(contents)) expect(await readFile(join(dir, path), 'utf8')).toBe(text);
    expect((await run('tar', ['-tvf', archive])).stdout).toMatch(/^-rw------- 0\/0 +3 2026-01-01/);
  });

  it.each([0, 511, 8 ** 11 - 1, 8 ** 11, 2 ** 45])('tells the size of a file of %i bytes', (bytes) => {
    expect(readTarHeader(tarHeader({ path: longPath, bytes }, 0))).toEqual({ path: longPath, bytes });
  });

  it('takes no path that does not fit', () => {
    expect(() => tarHeader({ path: 'x'.repeat(101), bytes: 0 }, 0)).toThrow(RangeError);
  });

  it('ends with zeros, and refuses what is no header of a plain file', async () => {
    expect(readTarHeader(Buffer.alloc(blockBytes))).toBeUndefined();
    const damaged = tarHeader({ path: 'a', bytes: 1 }, 0);
    damaged.writeUInt8(0x62, 0);
    expect(() => readTarHeader(damaged)).toThrow(TarUnreadable);
    expect(() => readTarHeader(Buffer.alloc(blockBytes, 1))).toThrow(TarUnreadable);
    await run('ln', ['-s', '/etc/passwd', 'link'], { cwd: dir });
    await run('tar', ['--format=ustar', '-cf', 'links.tar', 'link'], { cwd: dir });
    const links = await readFile(join(dir, 'links.tar'));
    expect(() => readTarHeader(links.subarray(0, blockBytes))).toThrow(/something else than plain files/);
  });
});
