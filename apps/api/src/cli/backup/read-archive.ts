import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EndedEarly, ExactReader } from './exact-reader.ts';
import {
  type BackupManifest,
  type BackupMember,
  BackupUnusable,
  maxManifestBytes,
  memberNames,
  readManifest,
} from './manifest.ts';
import { blockBytes, paddingOf, readTarHeader, type TarMember, TarUnreadable } from './tar.ts';

/** Blocks of zeros that may end an archive: tar programs fill up to twenty. */
const maxEndBytes = 64 * blockBytes;

/**
 * Unpacks a backup, which may be anybody's, into an empty folder: exactly the members of its manifest, in that order, with
 * their sizes and checksums, and no byte more. What was unpacked is on the disk then.
 * @throws BackupUnusable; whatever lies in the folder is of no use then
 */
export async function readArchive(file: string, folder: string, signal: AbortSignal): Promise<BackupManifest> {
  let manifest: BackupManifest | undefined;
  const archive = await openArchive(file);
  try {
    await pipeline(
      archive.createReadStream(),
      createGunzip(),
      async (source: AsyncIterable<Buffer>) => {
        manifest = await unpack(new ExactReader(source), folder);
      },
      { signal },
    );
  } catch (error) {
    throw refusalOf(file, error);
  } finally {
    await archive.close();
  }
  if (!manifest) throw new BackupUnusable(`${file} is empty.`);
  return manifest;
}

async function openArchive(file: string): Promise<FileHandle> {
  try {
    // A pipe would be waited for when it is opened.
    if (!(await stat(file)).isFile()) throw new BackupUnusable(`${file} is no file.`);
    return await open(file, 'r');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new BackupUnusable(`${file} cannot be read (${String(error.code)}).`, { cause: error });
  }
}

async function unpack(reader: ExactReader, folder: string): Promise<BackupManifest> {
  const first = await header(reader);
  if (first?.path !== memberNames.manifest || first.bytes > maxManifestBytes)
    throw new BackupUnusable('It is no backup of BanGUI: it does not begin with a manifest.');
  const manifest = readManifest((await reader.take(first.bytes)).toString('utf8'));
  await reader.take(paddingOf(first.bytes));
  await refuseTooLarge(manifest, folder);
  for (const member of manifest.members) {
    const found = await header(reader);
    if (found?.path !== member.path || found.bytes !== member.bytes)
      throw new BackupUnusable('It is damaged: its files are not those of its manifest.');
    await unpackOne(reader, member, folder);
    await reader.take(paddingOf(member.bytes));
  }
  if ((await header(reader)) !== undefined || !(await reader.endsWithin(maxEndBytes)))
    throw new BackupUnusable('It is damaged: more follows than its manifest says.');
  return manifest;
}

async function header(reader: ExactReader): Promise<TarMember | undefined> {
  return readTarHeader(await reader.take(blockBytes));
}

async function unpackOne(reader: ExactReader, { path, bytes, sha256 }: BackupMember, folder: string): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const sum = createHash('sha256');
  const file = await open(target, 'wx', 0o600);
  try {
    for await (const piece of reader.stream(bytes)) {
      sum.update(piece);
      for (let done = 0; done < piece.length;) done += (await file.write(piece, done)).bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (sum.digest('hex') !== sha256) throw new BackupUnusable(`It is damaged: ${path} is not as it was.`);
}

/** Before anything is written: a small file may claim to hold more than any disk. */
async function refuseTooLarge({ members }: BackupManifest, folder: string): Promise<void> {
  const bytes = members.reduce((sum, member) => sum + member.bytes, 0);
  const { bavail, bsize } = await statfs(folder);
  if (bytes > bavail * bsize) {
    const mib = (value: number): number => Math.ceil(value / 1_048_576);
    throw new BackupUnusable(`It needs ${mib(bytes)} MiB, and ${mib(bavail * bsize)} MiB are free in ${folder}.`);
  }
}

/** Says of which file it is; what is no fault of the file stays as it is. */
function refusalOf(file: string, error: unknown): unknown {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const isCompression = typeof code === 'string' && code.startsWith('Z_');
  if (error instanceof EndedEarly || code === 'Z_BUF_ERROR')
    return new BackupUnusable(`${file} cannot be used. It is cut short.`, { cause: error });
  if (isCompression)
    return new BackupUnusable(`${file} cannot be used. It is no backup, or damaged.`, { cause: error });
  if (error instanceof BackupUnusable || error instanceof TarUnreadable)
    return new BackupUnusable(`${file} cannot be used. ${error.message}`, { cause: error });
  return error;
}
