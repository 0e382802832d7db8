import { Injectable } from '@nestjs/common';
import { openLogFile } from '../../core/files/log-files.ts';
import { linesBefore } from '../../core/files/lines-before.ts';
import { JailsService } from '../jails/index.ts';
import { type WatchedLog } from './regex-lab.dto.ts';
import { LogNotWatched, LogUnreadable } from './regex-lab.errors.ts';

/** The logs that jails read. No other file can be looked at through them. */
@Injectable()
export class WatchedLogs {
  constructor(private readonly jails: JailsService) {}

  list(): WatchedLog[] {
    return [...this.jails.logFiles()].map(([path, jails]) => ({ path, jails: [...jails] }));
  }

  /**
   * The last lines of a log, as many as fit.
   * @throws {LogNotWatched} when no jail reads a file of this very name
   * @throws {LogUnreadable}
   */
  async tail(path: string, maxLines: number, maxBytes: number): Promise<string[]> {
    if (!this.jails.logFiles().has(path)) throw new LogNotWatched();
    const file = await openLogFile(path).catch((cause: unknown) => {
      throw new LogUnreadable(cause);
    });
    try {
      const { lines } = await linesBefore(file.handle, file.size, { maxLines, maxBytes });
      return lastThatFit(
        lines.map(({ text }) => text),
        maxBytes,
      );
    } finally {
      await file.handle.close();
    }
  }
}

/** A byte that is no UTF-8 has become three, so that lines may have more bytes than were read. */
function lastThatFit(lines: readonly string[], maxBytes: number): string[] {
  let bytes = 0;
  const tooLong = lines.findLastIndex((line) => (bytes += Buffer.byteLength(line)) > maxBytes);
  return lines.slice(tooLong + 1);
}
