import { Injectable } from '@nestjs/common';
import { ServerZone } from '../../server/index.ts';
import { type LogPosition } from '../../../core/files/log-files.ts';
import { readLogPiece } from '../../../core/files/log-pieces.ts';
import { type LogLine, parseLogLine, parseServerLine } from './log-line.ts';

/** How far the log was read, and what is known from before. */
export interface ReadPosition extends LogPosition {
  /** Epoch milliseconds of the last line of ours before the position; null when there was none. */
  readonly lastAt: number | null;
  /** Whether the server was stopping there: what is lifted then comes back with its start. */
  readonly isStopping: boolean;
}

/** A line with its moment and the position behind it. */
export interface LogEntry {
  readonly line: LogLine;
  /** Epoch milliseconds. */
  readonly at: number;
  /** End of a repeated ban in epoch milliseconds; null when it never ends, undefined for other lines. */
  readonly endsAt: number | null | undefined;
  readonly position: ReadPosition;
}

/** A piece of the log. */
export interface LogPiece {
  readonly entries: readonly LogEntry[];
  /** Behind everything that was read. */
  readonly position: ReadPosition;
  /** False when there is more to read at once. */
  readonly isAtEnd: boolean;
  /** True when lines between the last position and this piece cannot be found any more. */
  readonly hasGap: boolean;
}

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
  async read(path: string, after: ReadPosition | null, from: 'start' | 'end' = 'start'): Promise<LogPiece> {
    const { bytes, start, position, isAtEnd, hasGap, writtenAt } = await readLogPiece(path, after, from);
    // Hostile bytes stay single characters; what is ours is ASCII.
    const lines = bytes.toString('latin1').split('\n');
    lines.pop();
    if (writtenAt !== null) this.zone.observeLine(lines.at(-1) ?? '', writtenAt);
    const { lastAt, isStopping } = after === null || hasGap ? { lastAt: null, isStopping: false } : after;
    const found = this.entriesOf(lines, { ...start, lastAt, isStopping });
    return {
      entries: found.entries,
      position: { ...position, lastAt: found.entries.at(-1)?.at ?? lastAt, isStopping: found.isStopping },
      isAtEnd,
      hasGap,
    };
  }

  private entriesOf(
    lines: readonly string[],
    start: ReadPosition,
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
