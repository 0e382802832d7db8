import {
  endsInsideLine,
  findRotated,
  isFileOf,
  type LogFile,
  type LogPosition,
  openLogFile,
  rotatedFiles,
  startOf,
} from './log-files.ts';

/** A piece of a log. */
export interface LogPiece {
  /** Whole lines with their ends; the first is the end of one when `start` is inside of a long line. */
  readonly bytes: Buffer;
  /** Where they begin. */
  readonly start: LogPosition;
  /** Behind everything that was read. */
  readonly position: LogPosition;
  /** False when there is more to read at once. */
  readonly isAtEnd: boolean;
  /** True when lines between the last position and this piece cannot be found any more. */
  readonly hasGap: boolean;
  /** When the log was changed last, in epoch milliseconds, if the piece reaches up to that; null otherwise. */
  readonly writtenAt: number | null;
}

/** Bytes read at once. */
const pieceBytes = 256 * 1024;

/**
 * Reads the next piece of a log after a position, through rotation: a renamed file is read to its end first, and left only
 * when the new one is written. A file that was copied and emptied goes on in its copy. Rejects with the system's error when
 * neither the log nor what it was rotated to can be read.
 * @param from where to begin without a position: `start` reads a log from its beginning, `end` only what comes
 */
export async function readLogPiece(path: string, after: LogPosition | null, from: 'start' | 'end'): Promise<LogPiece> {
  let problem = new Error('unknown');
  const file = await openLogFile(path).catch((error: unknown) => {
    problem = error instanceof Error ? error : new Error(String(error));
    return undefined;
  });
  try {
    if (after === null && file) return from === 'start' ? await piece(file, startOf(file), true) : await endOf(file);
    if (after !== null && file && isFileOf(file, after)) return await piece(file, after, true);
    const moved = after && (await findRotated(path, after));
    if (after && moved) {
      try {
        return await readMoved(path, moved, after, file);
      } finally {
        await moved.handle.close();
      }
    }
    if (!file) throw problem;
    return { ...(await piece(file, startOf(file), true)), hasGap: true };
  } finally {
    await file?.handle.close();
  }
}

async function endOf(file: LogFile): Promise<LogPiece> {
  const position = { ...startOf(file), offset: file.size, isInsideLongLine: await endsInsideLine(file) };
  return { bytes: Buffer.alloc(0), start: position, position, isAtEnd: true, hasGap: false, writtenAt: null };
}

async function readMoved(
  path: string,
  moved: LogFile,
  after: LogPosition,
  current: LogFile | undefined,
): Promise<LogPiece> {
  const found = await piece(moved, after, false);
  if (!found.isAtEnd) return found;
  const next = await nextOf(path, moved, current);
  // Until fail2ban was told of the rotation it writes on into the renamed file.
  return next ? { ...found, position: next, isAtEnd: false } : found;
}

/** Where the file that was written after this one begins; undefined when nothing was written after it. */
async function nextOf(path: string, moved: LogFile, current: LogFile | undefined): Promise<LogPosition | undefined> {
  for (const candidate of await rotatedFiles(path)) {
    const file = await openLogFile(candidate).catch(() => undefined);
    if (!file) continue;
    await file.handle.close();
    if (file.inode !== moved.inode && file.modifiedAt > moved.modifiedAt && file.size > 0) return startOf(file);
  }
  return current && current.size > 0 ? startOf(current) : undefined;
}

async function piece(file: LogFile, after: LogPosition, isCurrent: boolean): Promise<LogPiece> {
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(pieceBytes, file.size - after.offset)));
  const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, after.offset);
  const isLast = after.offset + bytesRead >= file.size;
  const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
  const start = { ...after, firstLine: after.firstLine ?? file.firstLine };
  const found = {
    bytes: buffer.subarray(0, end),
    start,
    isAtEnd: isLast,
    hasGap: false,
    writtenAt: isLast && isCurrent && end > 0 ? file.modifiedAt : null,
  };
  if (end > 0) {
    return { ...found, position: { ...start, offset: after.offset + end, isInsideLongLine: false } };
  }
  // Either a line that is still being written, or one that is too long to be ours.
  if (isLast && bytesRead < pieceBytes) return { ...found, position: start, isAtEnd: true };
  return { ...found, position: { ...start, offset: after.offset + bytesRead, isInsideLongLine: true } };
}
