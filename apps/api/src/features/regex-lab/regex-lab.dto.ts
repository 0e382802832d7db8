import { regexLabLimits } from '@bangui/fail2ban-config';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

const maxRegex = 8_192;
const oneLine = { message: 'must be one line', context: { code: 'one-line' } };

/** What to try: `filter` or `failregex`; on what: `lines` or `log`. */
export class RegexLabTrial {
  /** Lines without their line ends, at most 256 KiB in all. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(regexLabLimits.lines)
  @IsString({ each: true })
  @MaxLength(regexLabLimits.bytes, { each: true })
  lines?: string[];

  /** A log that a jail reads, as `GET` names it. */
  @IsOptional()
  @IsString()
  @MaxLength(4_096)
  log?: string;

  /** How many of the log's last lines; fewer when they have more than 256 KiB. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(regexLabLimits.lines)
  lastLines?: number = 100;

  /** A filter of the configuration, with parameters as in a jail: `sshd[mode=aggressive]`. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Matches(/^\P{Cc}*$/u, oneLine)
  filter?: string;

  /** In the order in which they are tried. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(maxRegex, { each: true })
  @Matches(/^[^\r\n]*$/, { ...oneLine, each: true })
  failregex?: string[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(maxRegex, { each: true })
  @Matches(/^[^\r\n]*$/, { ...oneLine, each: true })
  ignoreregex?: string[];

  @IsOptional()
  @IsString()
  @MaxLength(maxRegex)
  @Matches(/^[^\r\n]*$/, oneLine)
  prefregex?: string;

  /** One pattern a line; fail2ban's own when absent. */
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  datepattern?: string;

  /** Lines that are tried together; 1 when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  maxlines?: number;

  /** Milliseconds after which the run is ended. */
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(regexLabLimits.maxTimeoutMs)
  timeoutMs?: number = regexLabLimits.defaultTimeoutMs;
}

/** A log that jails read. */
export class WatchedLog {
  path: string;
  jails: string[];
}

/** The most that one run takes. */
export class RegexLabBounds {
  lines: number;
  /** UTF-8 bytes of all lines together. */
  bytes: number;
  defaultTimeoutMs: number;
  maxTimeoutMs: number;
}

/** What there is to try. */
export class RegexLabChoices {
  /** Names of the filters in the configuration; at most 5,000. */
  filters: string[];
  logs: WatchedLog[];
  limits: RegexLabBounds;
}

/** What became of a line. */
export type LineOutcome = 'matched' | 'missed' | 'ignored';

/**
 * `ignoreregex`: one of these matched. `nofail`: a failregex matched that stands for no failure. `pending`: it belongs to a
 * failure whose address is not known yet. `name`: it matched with a host name, which fail2ban would look up.
 */
export type LineReason = 'ignoreregex' | 'nofail' | 'pending' | 'name';

/** A named group that took part in a match. */
export class LineGroup {
  /** fail2ban's name of it: `ip4`, `ip6`, `dns`, `user`, `mlfid` … */
  name: string;
  /** At most 500 characters. */
  value: string;
  /** Where it is in the line, in UTF-16 units; null when it is known from a line before. */
  start: number | null;
  end: number | null;
}

/** A line and what fail2ban makes of it. */
export class TriedLine {
  /** Text from outside. */
  text: string;
  outcome: LineOutcome;
  /** Null when there is nothing to add. */
  because: LineReason | null;
  /** Which failregex, or which ignoreregex where that is the reason; null for a missed line. */
  regex: number | null;
  host: string | null;
  /** Epoch milliseconds; null when none was found: fail2ban then takes the time at which it reads the line. */
  time: number | null;
  groups: LineGroup[];
}

/** A regular expression and how many lines it took. */
export class TriedRegex {
  regex: string;
  lines: number;
}

/** What was tried. */
export class TriedDefinition {
  failregex: TriedRegex[];
  ignoreregex: TriedRegex[];
  prefregex: string | null;
  /** Null: fail2ban's own patterns. */
  datepattern: string | null;
  maxlines: number | null;
}

/** How many lines became what. */
export class LineTotals {
  matched: number;
  missed: number;
  ignored: number;
}

/** A form that may let an attacker choose who is banned. */
export class RegexHint {
  part: 'failregex' | 'prefregex';
  /** Which failregex; null for the prefregex. */
  index: number | null;
  code: 'unanchored' | 'greedy-before-host' | 'user-text-before-host';
  /** In words. */
  message: string;
  /** Where in the regex, in UTF-16 units. */
  position: number;
  length: number;
}

/** What came of a run. */
export class RegexLabReport {
  /** Version of the fail2ban that did it. */
  version: string;
  definition: TriedDefinition;
  lines: TriedLine[];
  totals: LineTotals;
  /** Which failregexes took no line; a line is taken by the first that matches. */
  neverMatched: number[];
  /** At most 100. */
  suggestions: RegexHint[];
  /** Milliseconds, with the start of Python. */
  tookMs: number;
}
