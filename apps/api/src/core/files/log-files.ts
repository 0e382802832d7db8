import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How far a log was read. */
export interface LogPosition {
  readonly inode: number;
  /** Bytes read of that file. */
  readonly offset: number;
  /** Hash of its first line, by which it is known again after it was copied; null while that is not complete. */
  readonly firstLine: string | null;
  /** True when the position is inside of a line that is too long to be ours. */
  readonly isInsideLongLine: boolean;
  /** Epoch milliseconds of the last line of ours before the position; null when there was none. */
  readonly lastAt: number | null;
  /** Whether the server was stopping there: what is lifted then comes back with its start. */
  readonly isStopping: boolean;
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

/** Opens a file. Rejects with the system's error. The caller closes the handle. */
export async function openLogFile(path: string): Promise<LogFile> {
  const handle = await open(path, 'r');
  try {
    const { ino, size, mtimeMs } = await handle.stat();
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
