import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { type RecordLevel, recordLevels } from './log-record.ts';

/** Which lines of the log. */
export class LogQuery {
  /** Lines of this level and more serious ones. */
  @IsOptional()
  @IsIn(recordLevels)
  level?: RecordLevel;

  /** Lines about this jail. */
  @IsOptional()
  @IsString()
  @Matches(/^(?!-)[A-Za-z0-9_.-]{1,64}$/, {
    message: 'jail must be 1 to 64 letters, digits, dots, underscores or hyphens and not start with a hyphen',
    context: { code: 'jail-name' },
  })
  jail?: string;

  /** Lines that hold this address or network. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  address?: string;

  /** Lines of a page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number = 200;

  /** `older` of another page: what stands before it. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  before?: string;

  /** `newer` of another page: what was written since. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  after?: string;
}

/**
 * Where fail2ban's log is. `file`: read. `elsewhere`: fail2ban writes to no file. `unreadable`: BanGUI cannot read the file.
 * `unknown`: fail2ban has not said yet where it writes to.
 */
export type LogPlaceKind = 'file' | 'elsewhere' | 'unreadable' | 'unknown';

/** Where fail2ban's log is, and why it cannot be shown. */
export class LogPlaceInfo {
  kind: LogPlaceKind;
  /** A path, or what fail2ban calls its target (`SYSLOG`, `SYSTEMD-JOURNAL`, `STDOUT` …); null when it is not known. */
  target: string | null;
  /** What hinders, in words, and what to do; null for a file that is read. */
  reason: string | null;
}

/** A line of fail2ban's log. */
export class LogRecordLine {
  /** The same for the same line as long as it is there. */
  id: string;
  /** Epoch milliseconds; null for a line that goes on with the one before. */
  at: number | null;
  level: RecordLevel | null;
  /** Part of fail2ban that wrote it: `fail2ban.actions`, `fail2ban.filter` … */
  component: string | null;
  jail: string | null;
  /** The address or network that it is about; null where none stands right behind the words for it. */
  address: string | null;
  /** What was written, without time, component and level; text from outside, cut at 2,000 characters. */
  text: string;
}

/** A piece of the log. */
export class LogPage {
  place: LogPlaceInfo;
  /** Oldest first. */
  lines: LogRecordLine[];
  /** For `before`: leads to what stands before; null at the beginning of what is kept, and of what was asked `after`. */
  older: string | null;
  /** For `after`: leads to what will be written; null when there is no log, and of what was asked `before`. */
  newer: string | null;
  /** True when there is more to read `after` at once. */
  hasMore: boolean;
  /** True when lines between `after` and this page cannot be found any more. */
  hasGap: boolean;
  /** Epoch milliseconds of the oldest line that was looked at, when the search ended before it found enough; null otherwise. */
  scannedUntil: number | null;
}
