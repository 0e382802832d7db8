import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { type ReasonParams } from '../../core/reason.dto.ts';
import { type OfflineCode } from '../server/index.ts';

/** `stopped` means: enabled in the configuration, but the server does not have it. */
export type JailState = 'running' | 'idle' | 'stopped';

/** `unknown` means that the configuration could not be read, or not yet. */
export type ArmedStatus = 'armed' | 'not-armed' | 'unknown';

/** The parts of a jail that must be what the configuration means. */
export type JailPart = 'failRegexes' | 'ignoreRegexes' | 'logSource' | 'actions' | 'ignoreList' | 'parameters';

/** Why a jail is not armed, or why that is not known. While fail2ban is offline: why it is. Stable. */
export type ArmedCode =
  | OfflineCode
  | 'configuration-fault'
  | 'configuration-not-read'
  | 'configuration-unreadable'
  | 'jail-missing'
  | 'not-read-back'
  | 'not-configured'
  | 'not-as-configured'
  | 'idle';

/** Where a jail gets its lines from. */
export type LogSource = 'log' | 'journal' | 'none';

/** Whether a jail is proven to be what its configuration means. */
export class Armed {
  status: ArmedStatus;
  /** The parts that differ, `idle` when it rests, or `jail` when the server does not have it. */
  missing: string[];
  /** Why the status is unknown or what is missing, in words; null when it is armed. */
  reason: string | null;
  /** The same as a stable code; `not-as-configured` and `idle` are told in full by `missing`. Null when it is armed. */
  reasonCode: ArmedCode | null;
  /** What the words name, by which other languages can say them; null when nothing. */
  reasonParams: ReasonParams | null;
  /** Epoch milliseconds of the last read-back; null before the first. */
  checkedAt: number | null;
}

/** One jail as lists show it. */
export class JailSummary {
  name: string;
  state: JailState;
  armed: Armed;
  currentlyFailed: number;
  totalFailed: number;
  currentlyBanned: number;
  totalBanned: number;
  /** Name of the filter in the configuration. */
  filter: string | null;
  backend: string | null;
  source: LogSource;
  /** 1 to 12, fixed for the jail's life; 0 is the colour of all others. */
  colour: number;
  /** Epoch milliseconds of the newest ban in force; null without one. */
  lastBanAt: number | null;
  /** Whether the configuration enables it; false for a jail that was added by hand. */
  inConfiguration: boolean;
}

/** Every jail, by name. */
export class JailList {
  items: JailSummary[];
}

/** One parameter: what the configuration means and what the server has. */
export class JailParameter {
  name: string;
  /** Null when the configuration is not known. */
  configured: string | null;
  actual: string;
  equal: boolean;
}

/** One part of the proof. */
export class JailProofPart {
  part: JailPart;
  /** What the configuration means, entry by entry: at most 100 of them, each cut at 2,000 characters. */
  configured: string[];
  /** What the server has, likewise. */
  actual: string[];
  /** Number of configured entries, also of those that are not listed. */
  configuredCount: number;
  /** Number of entries the server has. */
  actualCount: number;
  equal: boolean;
  /** The single differences: lines with `-` are missing in the server, with `+` are not configured. */
  detail?: string[];
}

/** The comparison of configuration and server, part by part. */
export class JailProof {
  /** Milliseconds that reading back took. */
  tookMs: number;
  /** Epoch milliseconds. */
  provenAt: number;
  parts: JailProofPart[];
}

/** Everything about one jail. */
export class JailDetail extends JailSummary {
  parameters: JailParameter[];
  logPaths: string[];
  journalMatches: string[];
  actions: string[];
  failRegexes: string[];
  ignoreRegexes: string[];
  ignoreList: string[];
  /** Whether the machine's own addresses are ignored. */
  ignoreSelf: boolean;
  /** Null when the configuration is not known. */
  proof: JailProof | null;
}

/** The name of a jail. */
export class JailName {
  @IsString()
  @Matches(/^(?!-)[A-Za-z0-9_.-]{1,64}$/, {
    message: 'name must be 1 to 64 letters, digits, dots, underscores or hyphens and not start with a hyphen',
    context: { code: 'jail-name' },
  })
  name: string;
}

/** Durations as people write them: `600`, `10m`, `1d 6h`; `-1` is for ever. Seconds as a number are fine too. */
const asText = ({ value }: { value: unknown }): unknown => (typeof value === 'number' ? String(value) : value);

/** Changes of a jail that work at once and are lost at the next reload. */
export class JailParametersChange {
  /** Length of a ban: seconds or like `1d 6h`; `-1` is permanent. */
  @IsOptional()
  @Transform(asText)
  @IsString()
  @MaxLength(64)
  bantime?: string;

  /** Time in which failures are counted: seconds or like `10m`. */
  @IsOptional()
  @Transform(asText)
  @IsString()
  @MaxLength(64)
  findtime?: string;

  /** Failures that lead to a ban. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxretry?: number;
}

/** An address or network that a jail shall ignore. */
export class IgnoredAddress {
  /** Address or network in any usual form. */
  @IsString()
  @MaxLength(128)
  address: string;
}

/** An entry of a jail's ignore list in the path. */
export class IgnoredAddressPath extends JailName {
  @IsString()
  @MaxLength(128)
  address: string;
}
