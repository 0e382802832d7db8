import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How far a log was read. */
export interface LogPosition {
  readonly inode: number;
  /** Bytes read of that file. */
  readonly offset: number;
  /** Hash of its first line, by which it is known again after it was copied; null while that is not complete. */
  readonly firstLine: string | null;
  /** True when the position is inside of a line that is too long to be read in one piece. */
  readonly isInsideLongLine: boolean;
}

/** A file that is open for reading, with what identifies it. */
export interface LogFile {
  readonly handle: FileHandle;
  readonly inode: number;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  readonly firstLine: string | null;
}

/** Bytes of the first line that are hashed at most. */
const maxFirstLine = 4096;
/** Rotated files that are looked at at most. */
const maxSiblings = 50;

/** What stands in a log's place is a folder, a pipe or a device. */
export class NoLogFile extends Error {
  constructor(path: string) {
    super(`${path} is no regular file`);
    this.name = 'NoLogFile';
  }
}

/** Opens a regular file. The caller closes the handle. @throws {NoLogFile}; the system's error */
export async function openLogFile(path: string): Promise<LogFile> {
  // A pipe would keep whoever opens it waiting.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw new NoLogFile(path);
    const { ino, size, mtimeMs } = facts;
    return { handle, inode: ino, size, modifiedAt: mtimeMs, firstLine: await hashOfFirstLine(handle) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function hashOfFirstLine(handle: FileHandle): Promise<string | null> {
  const buffer = Buffer.alloc(maxFirstLine);
  const { bytesRead } = await handle.read(buffer, 0, maxFirstLine, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
  if (end < 0 && bytesRead < maxFirstLine) return null;
  const line = buffer.subarray(0, end < 0 ? maxFirstLine : end);
  return createHash('sha256').update(line).digest('hex').slice(0, 32);
}

/** The beginning of a file. */
export function startOf({ inode, firstLine }: Pick<LogFile, 'inode' | 'firstLine'>): LogPosition {
  return { inode, offset: 0, firstLine, isInsideLongLine: false };
}

/** The file that the position was in, under the name it has now; undefined when it is gone. The caller closes it. */
export async function findRotated(path: string, position: LogPosition): Promise<LogFile | undefined> {
  const candidates = await rotatedFiles(path);
  let copy: LogFile | undefined;
  for (const candidate of candidates.reverse()) {
    const file = await openLogFile(candidate).catch(() => undefined);
    if (!file) continue;
    if (isFileOf(file, position)) {
      await copy?.handle.close();
      return file;
    }
    if (!copy && position.firstLine !== null && continues(file, position)) copy = file;
    else await file.handle.close();
  }
  return copy;
}

/** Whether a file is the one that was read up to the position. */
export function isFileOf(file: LogFile, position: LogPosition): boolean {
  return file.inode === position.inode && continues(file, position);
}

/** Whether a file has what was read up to the position, be it a copy of it. */
export function continues(file: LogFile, position: LogPosition): boolean {
  if (file.size < position.offset) return false;
  return position.firstLine === null ? file.inode === position.inode : file.firstLine === position.firstLine;
}

/** Paths of the rotated forms of a log (`fail2ban.log.1`, `fail2ban.log-20261122`), oldest first; compressed ones left out. */
export async function rotatedFiles(path: string): Promise<string[]> {
  const folder = dirname(path);
  const name = basename(path);
  const names = await readdir(folder).catch(() => []);
  const rotated = names.filter(
    (other) => other.startsWith(name) && /^[.-][0-9.-]{1,20}$/.test(other.slice(name.length)),
  );
  const aged = await Promise.all(
    rotated.slice(0, maxSiblings).map(async (other) => {
      const sibling = join(folder, other);
      const found = await stat(sibling).catch(() => undefined);
      return { sibling, modifiedAt: found?.mtimeMs ?? 0, isFile: found?.isFile() ?? false };
    }),
  );
  return aged
    .filter(({ isFile }) => isFile)
    .sort((one, other) => one.modifiedAt - other.modifiedAt)
    .map(({ sibling }) => sibling);
}

/** Whether the end of a file is inside of a line, which somebody may be writing. */
export async function endsInsideLine({ handle, size }: LogFile): Promise<boolean> {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
