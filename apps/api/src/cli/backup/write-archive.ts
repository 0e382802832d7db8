import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type FileToKeep } from './backup-files.ts';
import { type BackupManifest, type BackupMember, BackupUnusable, memberNames } from './manifest.ts';
import { blockBytes, paddingOf, tarHeader } from './tar.ts';

/** A database shrinks to a third at the lowest level, and hardly further at the others. */
const compression = { level: 1 } as const;
const pieceBytes = 256 * 1024;

/** Size and checksum of a file. */
export async function memberOf({ path, file }: FileToKeep, signal: AbortSignal): Promise<BackupMember> {
  const sum = createHash('sha256');
  let bytes = 0;
  for await (const piece of piecesOf(file, signal)) {
    sum.update(piece);
    bytes += piece.length;
  }
  return { path, bytes, sha256: sum.digest('hex') };
}

/**
 * Writes the archive into a new file that its owner alone may read, and onto the disk.
 * @throws BackupUnusable when a file is not what the manifest says of it any more
 */
export async function writeArchive(
  target: string,
  manifest: BackupManifest,
  files: readonly FileToKeep[],
  signal: AbortSignal,
): Promise<number> {
  await pipeline(
    archive(manifest, files, signal),
    createGzip(compression),
    createWriteStream(target, { mode: 0o600, flags: 'wx', flush: true }),
    { signal },
  );
  return (await stat(target)).size;
}

async function* archive(
  manifest: BackupManifest,
  files: readonly FileToKeep[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const changedAt = Date.parse(manifest.createdAt);
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`, 'utf8');
  yield tarHeader({ path: memberNames.manifest, bytes: text.length }, changedAt);
  yield* [text, Buffer.alloc(paddingOf(text.length))];
  const named = new Map(files.map(({ path, file }) => [path, file]));
  for (const member of manifest.members) {
    yield tarHeader(member, changedAt);
    yield* content(named.get(member.path) ?? '', member, signal);
    yield Buffer.alloc(paddingOf(member.bytes));
  }
  yield Buffer.alloc(2 * blockBytes);
}

async function* content(
  file: string,
  { path, bytes, sha256 }: BackupMember,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const sum = createHash('sha256');
  let read = 0;
  for await (const piece of piecesOf(file, signal)) {
    read += piece.length;
    if (read > bytes) break;
    sum.update(piece);
    yield piece;
  }
  if (read !== bytes || sum.digest('hex') !== sha256)
    throw new BackupUnusable(`${path} was changed while it was read. Run it again.`);
}

function piecesOf(file: string, signal: AbortSignal): AsyncIterable<Buffer> {
  // Without an encoding a stream gives bytes.
  return createReadStream(file, { highWaterMark: pieceBytes, signal }) as AsyncIterable<Buffer>;
}
