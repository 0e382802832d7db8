import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import BetterSqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runHere } from '../testing/command.ts';
import { type BackupManifest } from './manifest.ts';
import { blockBytes, paddingOf, tarHeader } from './tar.ts';
import { type BackupPlace, backupPlace, fill, marks } from './testing/backup-place.ts';

/** An archive in parts, so that a test can say one of them otherwise. */
interface Parts {
  manifest: Omit<BackupManifest, 'format' | 'bangui'> & { format: number; bangui: string };
  files: { path: string; content: Buffer; header?: Buffer }[];
  end: Buffer;
}

let source: BackupPlace;
let good: Buffer;
let place: BackupPlace;

beforeAll(async () => {
  source = await backupPlace();
  await fill(source, 'first');
  await runHere(['backup', source.backup('a')], source.env);
  good = await readFile(source.backup('a'));
});
afterAll(() => source.remove());
beforeEach(async () => {
  place = await backupPlace();
  await fill(place, 'second');
});
afterEach(() => place.remove());

/** The good archive, taken to pieces. */
function parts(): Parts {
  const tar = gunzipSync(good);
  const files: Parts['files'] = [];
  for (let at = 0; tar.readUInt8(at) !== 0;) {
    const size = Number.parseInt(tar.subarray(at + 124, at + 135).toString(), 8);
    const path = tar
      .subarray(at, at + 100)
      .toString()
      .replaceAll('\0', '');
    files.push({ path, content: tar.subarray(at + blockBytes, at + blockBytes + size) });
    at += blockBytes + size + paddingOf(size);
  }
  const manifest = JSON.parse(files.shift()?.content.toString() ?? '') as Parts['manifest'];
  return { manifest, files, end: Buffer.alloc(2 * blockBytes) };
}

function joined({ manifest, files, end }: Parts): Buffer {
  const first = { path: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) };
  const blocks = [first, ...files].flatMap(({ path, content, header }: Parts['files'][number]) => [
    ...[header ?? tarHeader({ path, bytes: content.length }, 0), content, Buffer.alloc(paddingOf(content.length))],
  ]);
  return gzipSync(Buffer.concat([...blocks, end]));
}

/** The good archive with something else in it; sizes and checksums are right again afterwards. */
function changed(change: (parts: Parts) => void): Buffer {
  const all = parts();
  change(all);
  const members = all.files.map(({ path, content }) => ({
    ...{ path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
  }));
  return joined({ ...all, manifest: { ...all.manifest, members } });
}

/** The good archive with something wrong in it. */
function wrong(change: (parts: Parts) => void): Buffer {
  const all = parts();
  change(all);
  return joined(all);
}

function file(all: Parts, path: string): Parts['files'][number] {
  const found = all.files.find((one) => one.path === path);
  if (!found) throw new Error(`no ${path}`);
  return found;
}

/** A header of another type, with the right checksum. */
function typed(path: string, type: string): Buffer {
  const header = tarHeader({ path, bytes: 0 }, 0);
  header.write(type, 156);
  header.write('/etc/passwd', 157);
  header.write(' '.repeat(8), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function databaseWith(statement: string): Buffer {
  const connection = new BetterSqlite(file(parts(), 'bangui.sqlite3').content);
  connection.exec(statement);
  const bytes = connection.serialize();
  connection.close();
  return bytes;
}

const huge = 2 ** 50;
const replaced = (path: string, content: Buffer | string) => (all: Parts) => {
  file(all, path).content = Buffer.from(content);
};
const renamed = (path: string) => (all: Parts) => {
  const last = all.files.at(-1);
  if (last) last.path = path;
};

describe('bangui restore', () => {
  it('takes the archive of these tests when nothing is changed', async () => {
    await writeFile(
      place.backup('x'),
      changed(() => undefined),
    );
    expect(await runHere(['restore', place.backup('x')], place.env)).toMatchObject({ status: 0 });
    expect(marks(place.database)).toEqual(['first']);
  });

  it.each<[string, () => Buffer, RegExp]>([
    ['is empty', () => Buffer.alloc(0), /cut short|no backup/],
    ['is something else', () => Buffer.from('SQLite format 3\0'), /no backup/],
    ['is compressed nonsense', () => gzipSync(Buffer.alloc(5_000, 'x')), /no archive/],
    ['is cut in its first block', () => good.subarray(0, 100), /cut short/],
    ['is cut in the middle', () => good.subarray(0, good.length / 2), /cut short/],
    ['is cut before its last byte', () => good.subarray(0, -1), /cut short/],
    ['has no end', () => wrong((all) => (all.end = Buffer.alloc(0))), /cut short/],
    ['goes on behind its end', () => wrong((all) => (all.end = Buffer.alloc(2_000_000))), /more follows/],
    [
      'has a byte changed',
      () => wrong((all) => replaced('secret-key', 'x'.repeat(41))(all)),
      /secret-key is not as it was/,
    ],
    ['lacks a file', () => wrong((all) => all.files.pop()), /not those of its manifest/],
    [
      'has a file too many',
      () => wrong((all) => all.files.push({ path: 'more', content: Buffer.from('x') })),
      /more follows/,
    ],
    ['has its files in another order', () => wrong((all) => all.files.reverse()), /not those of its manifest/],
    ['has a file of another size', () => wrong(replaced('secret-key', 'short')), /not those of its manifest/],
    ['climbs out', () => changed(renamed('plugins/../../data/x')), /manifest is not/],
    ['climbs out from the root', () => changed(renamed('/etc/passwd')), /manifest is not/],
    ['has a path with a backslash', () => changed(renamed('plugins\\..\\x')), /manifest is not/],
    ['has a path with a line feed', () => changed(renamed('plugins/a\nb')), /manifest is not/],
    ['has an empty name', () => changed(renamed('plugins//a')), /manifest is not/],
    ['has a file twice', () => changed((all) => all.files.push(file(all, 'secret-key'))), /manifest is not/],
    [
      'has a symbolic link',
      () => wrong((all) => (file(all, 'secret-key').header = typed('secret-key', '2'))),
      /plain files/,
    ],
    [
      'has a hard link',
      () => wrong((all) => (file(all, 'secret-key').header = typed('secret-key', '1'))),
      /plain files/,
    ],
    ['has a device', () => wrong((all) => (file(all, 'secret-key').header = typed('secret-key', '3'))), /plain files/],
    [
      'claims to be larger than the disk',
      () => wrong((all) => Object.assign(all.manifest.members[0] ?? {}, { bytes: huge })),
      /MiB are free/,
    ],
    [
      'has a file of keys of gigabytes',
      () => wrong((all) => Object.assign(all.manifest.members[1] ?? {}, { bytes: huge })),
      /manifest is not/,
    ],
    [
      'has too large plugins',
      () => wrong((all) => Object.assign(all.manifest.members[2] ?? {}, { bytes: huge })),
      /manifest is not/,
    ],
    [
      'has too large a manifest',
      () => wrong((all) => (all.manifest.bangui = 'x'.repeat(17_000_000))),
      /begin with a manifest/,
    ],
    ['has no manifest', () => gzipSync(tarHeader({ path: 'x', bytes: 0 }, 0)), /begin with a manifest/],
    [
      'has a manifest of something else',
      () => wrong((all) => Object.assign(all, { manifest: [1] })),
      /no known format/,
    ],
    ['is of a newer format', () => wrong((all) => (all.manifest.format = 2)), /newer BanGUI/],
    ['has no database', () => changed((all) => all.files.shift()), /manifest is not/],
    [
      'has text for a database',
      () => changed(replaced('bangui.sqlite3', 'x'.repeat(9_000))),
      /database in it cannot be used/,
    ],
    [
      'has a database of something else',
      () => changed(replaced('bangui.sqlite3', new BetterSqlite(':memory:').exec('CREATE TABLE x (y)').serialize())),
      /none of BanGUI/,
    ],
    [
      'has a database of a newer version',
      () =>
        changed(
          replaced(
            'bangui.sqlite3',
            databaseWith(`INSERT INTO migration (timestamp, name) VALUES (2099, 'Later2099')`),
          ),
        ),
      /newer BanGUI \(Later2099\)/,
    ],
    [
      'has a damaged database',
      () => changed((all) => file(all, 'bangui.sqlite3').content.fill(0xa5, 4_096 * 3, 4_096 * 6)),
      /damaged|malformed/,
    ],
    ['has no key among its keys', () => changed(replaced('secret-key', 'short\n')), /file of keys holds none/],
  ])('refuses what %s, and changes nothing', async (_, archive, message) => {
    await writeFile(place.backup('x'), archive());
    const before = await place.files();
    const keys = await readFile(join(place.root, 'data/secret-key'), 'utf8');
    const ran = await runHere(['restore', place.backup('x')], place.env);
    expect(ran).toMatchObject({ status: 1, out: '', told: expect.stringMatching(message) as unknown });
    expect(ran.told).not.toMatch(/\n {4}at /);
    expect(marks(place.database)).toEqual(['second']);
    expect(await place.files()).toEqual(before);
    expect(await readFile(join(place.root, 'data/secret-key'), 'utf8')).toBe(keys);
    expect(await readdir(place.plugins)).toEqual(['bangui-plugins.json', 'node_modules']);
  });

  it.each([
    ['.', /is no file/],
    ['pipe', /is no file/],
    ['none', /cannot be read \(ENOENT/],
    ['loop', /cannot be read \(ELOOP/],
  ])('says that it cannot read %s', async (name, message) => {
    await symlink('loop', join(place.root, 'loop'));
    await promisify(execFile)('mkfifo', [join(place.root, 'pipe')]);
    const ran = await runHere(['restore', join(place.root, name)], place.env);
    expect(ran).toMatchObject({ status: 1, told: expect.stringMatching(message) as unknown });
  });
});
