import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesIn, folderDigest } from './folder-files.ts';

let dir: string;
let one: string;
let other: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-folder-'));
  [one, other] = [join(dir, 'one'), join(dir, 'other')];
  await mkdir(join(one, 'jail.d'), { recursive: true });
  await writeFile(join(one, 'jail.conf'), '[DEFAULT]\nbantime = 600\n');
  await writeFile(join(one, 'jail.d/a.local'), '[web]\n');
  await writeFile(join(dir, 'elsewhere'), '[ssh]\n');
  await symlink(join(dir, 'elsewhere'), join(one, 'jail.d/link.local'));
  await symlink('/no/such/place', join(one, 'jail.d/dangling.local'));
  await cp(one, other, { recursive: true, dereference: false });
});
afterEach(() => rm(dir, { recursive: true }));

it('finds files, those behind links too, and folders', async () => {
  const { files, folders } = await filesIn(one);
  expect([...files].sort()).toEqual(['jail.conf', 'jail.d/a.local', 'jail.d/link.local']);
  expect(folders).toEqual(['jail.d']);
});

it('gives the same for the same bytes under the same names', async () => {
  await rm(join(other, 'jail.d/link.local'));
  await writeFile(join(other, 'jail.d/link.local'), '[ssh]\n');
  expect(await folderDigest(other)).toBe(await folderDigest(one));
});

it.each<[string, () => Promise<void>]>([
  ['a byte', () => writeFile(join(other, 'jail.conf'), '[DEFAULT]\nbantime = 601\n')],
  ['a file more', () => writeFile(join(other, 'jail.d/b.local'), '')],
  ['a file less', () => rm(join(other, 'jail.d/a.local'))],
  [
    'what stands behind a link',
    async () => {
      await rm(join(other, 'jail.d/link.local'));
      await writeFile(join(other, 'jail.d/link.local'), '[SSH]\n');
    },
  ],
  [
    'bytes that have moved to the next file',
    async () => {
      await writeFile(join(other, 'jail.conf'), '[DEFAULT]\nbantime = 600');
      await writeFile(join(other, 'jail.d/a.local'), '\n[web]\n');
    },
  ],
])('gives another when %s differs', async (_what, differ) => {
  await differ();
  expect(await folderDigest(other)).not.toBe(await folderDigest(one));
});
