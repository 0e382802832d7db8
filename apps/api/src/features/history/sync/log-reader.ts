import { Injectable } from '@nestjs/common';
import { ServerZone } from '../../server/index.ts';
import { continues, isFileOf, type LogFile, type LogPosition, openLogFile, rotatedFiles } from './log-files.ts';
import { type LogLine, parseLogLine, parseServerLine } from './log-line.ts';

/** A line with its moment and the position behind it. */
export interface LogEntry {
  readonly line: LogLine;
  /** Epoch milliseconds. */
  readonly at: number;
  /** End of a repeated ban in epoch milliseconds; null when it never ends, undefined for other lines. */
  readonly endsAt: number | null | undefined;
  readonly position: LogPosition;
}

/** A piece of the log. */
export interface LogPiece {
  readonly entries: readonly LogEntry[];
  /** Behind everything that was read; null when there is no file yet. */
  readonly position: LogPosition | null;
  /** False when there is more to read at once. */
  readonly isAtEnd: boolean;
  /** True when lines between the last position and this piece cannot be found any more. */
  readonly hasGap: boolean;
}

/** Bytes read at once. */
const pieceBytes = 256 * 1024;

/**
 * Reads fail2ban's log piece by piece, through rotation: a renamed file is read to its end first, and left only when
 * fail2ban has begun to write the new one. A file that was copied and emptied goes on in its copy.
 */
@Injectable()
export class LogReader {
  constructor(private readonly zone: ServerZone) {}

  /**
   * Reads the next piece after the position. Rejects with the system's error when neither the log nor what it was
   * rotated to can be read.
   * @param from `start` reads a log that was never read from its beginning, `end` only what comes
   */
  async read(path: string, after: LogPosition | null, from: 'start' | 'end' = 'start'): Promise<LogPiece> {
    let problem = new Error('unknown');
    const file = await openLogFile(path).catch((error: unknown) => {
      problem = error instanceof Error ? error : new Error(String(error));
      return undefined;
    });
    try {
      if (after === null && file) return await this.begin(file, from);
      if (after !== null && file && isFileOf(file, after)) return await this.piece(file, after, true);
      const moved = after && (await this.findMoved(path, after));
      if (after && moved) {
        try {
          return await this.readMoved(path, moved, after, file);
        } finally {
          await moved.handle.close();
        }
      }
      if (!file) throw problem;
      return { ...(await this.piece(file, startOf(file), true)), hasGap: true };
    } finally {
      await file?.handle.close();
    }
  }

  private async begin(file: LogFile, from: 'start' | 'end'): Promise<LogPiece> {
    if (from === 'start') return this.piece(file, startOf(file), true);
    const position = { ...startOf(file), offset: file.size, isInsideLongLine: await isInsideLine(file) };
    return { entries: [], position, isAtEnd: true, hasGap: false };
  }

  /** The file that the position was in, under the name it has now. */
  private async findMoved(path: string, after: LogPosition): Promise<LogFile | undefined> {
    const candidates = await rotatedFiles(path);
    let copy: LogFile | undefined;
    for (const candidate of candidates.reverse()) {
      const file = await openLogFile(candidate).catch(() => undefined);
      if (!file) continue;
      if (isFileOf(file, after)) {
        await copy?.handle.close();
        return file;
      }
      if (!copy && after.firstLine !== null && continues(file, after)) copy = file;
      else await file.handle.close();
    }
    return copy;
  }

  private async readMoved(
    path: string,
    moved: LogFile,
    after: LogPosition,
    current: LogFile | undefined,
  ): Promise<LogPiece> {
    const piece = await this.piece(moved, after, false);
    if (!piece.isAtEnd) return piece;
    const next = await this.nextOf(path, moved, current);
    // Until fail2ban was told of the rotation it writes on into the renamed file.
    if (!next) return piece;
    return {
      ...piece,
      position: {
        ...next,
        lastAt: piece.position?.lastAt ?? null,
        isStopping: piece.position?.isStopping ?? false,
      },
      isAtEnd: false,
    };
  }

  /** Where the file that was written after this one begins; undefined when nothing was written after it. */
  private async nextOf(path: string, moved: LogFile, current: LogFile | undefined): Promise<LogPosition | undefined> {
    for (const candidate of await rotatedFiles(path)) {
      const file = await openLogFile(candidate).catch(() => undefined);
      if (!file) continue;
      await file.handle.close();
      if (file.inode !== moved.inode && file.modifiedAt > moved.modifiedAt && file.size > 0) return startOf(file);
    }
    return current && current.size > 0 ? startOf(current) : undefined;
  }

  private async piece(file: LogFile, after: LogPosition, isCurrent: boolean): Promise<LogPiece> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(pieceBytes, file.size - after.offset)));
    const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, after.offset);
    const bytes = buffer.subarray(0, bytesRead);
    const isLast = after.offset + bytesRead >= file.size;
    const end = bytes.lastIndexOf(0x0a) + 1;
    const known = { ...after, firstLine: after.firstLine ?? file.firstLine };
    if (end === 0) {
      // Either a line that is still being written, or one that is too long to be ours.
      if (isLast && bytesRead < pieceBytes) return { entries: [], position: known, isAtEnd: true, hasGap: false };
      const position = { ...known, offset: after.offset + bytesRead, isInsideLongLine: true };
      return { entries: [], position, isAtEnd: isLast, hasGap: false };
    }
    // Hostile bytes stay single characters; what is ours is ASCII.
    const lines = bytes.subarray(0, end).toString('latin1').split('\n');
    lines.pop();
    if (isLast && isCurrent) this.zone.observeLine(lines.at(-1) ?? '', file.modifiedAt);
    const { entries, isStopping } = this.entriesOf(lines, known);
    const lastAt = entries.at(-1)?.at ?? known.lastAt;
    const position = { ...known, offset: after.offset + end, isInsideLongLine: false, lastAt, isStopping };
    return { entries, position, isAtEnd: isLast, hasGap: false };
  }

  private entriesOf(
    lines: readonly string[],
    start: LogPosition,
  ): { readonly entries: LogEntry[]; readonly isStopping: boolean } {
    const entries: LogEntry[] = [];
    let { offset, lastAt, isStopping } = start;
    for (const [index, text] of lines.entries()) {
      offset += text.length + 1;
      if (index === 0 && start.isInsideLongLine) continue;
      const line = parseLogLine(text);
      if (!line) {
        const server = parseServerLine(text);
        if (server) isStopping = server.kind === 'stop';
        continue;
      }
      const { at } = this.zone.momentOf(line.local, lastAt ?? undefined);
      lastAt = at;
      const end = line.increase?.localEnd;
      const endsAt = typeof end === 'number' ? this.zone.momentOf(end, at).at : end;
      entries.push({
        line,
        at,
        endsAt,
        position: { ...start, offset, isInsideLongLine: false, lastAt, isStopping },
      });
    }
    return { entries, isStopping };
  }
}

function startOf({ inode, firstLine }: LogFile): LogPosition {
  return { inode, offset: 0, firstLine, isInsideLongLine: false, lastAt: null, isStopping: false };
}

/** Whether the end of the file is inside of a line. */
async function isInsideLine({ handle, size }: LogFile): Promise<boolean> {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
