import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsPlainText } from '../../core/http/plain-text.ts';
import { SeenHere } from '../seen-here/index.ts';
import { ImportFunnel, ImportRun, LeftOut } from './runs.dto.ts';
import { type SourceState } from './sources/source-state.ts';

const longestIntervalMinutes = 30 * 24 * 60;

/** A list to subscribe to. */
export class NewBlocklist {
  /** Id of the plugin's source, such as `spamhaus-drop`. */
  @IsString()
  @Matches(/^[a-z0-9-]{2,64}$/)
  plugin: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(80)
  @IsPlainText()
  name: string;

  /** Settings by the JSON Schema of the plugin. Secret ones are sealed and never given out again. */
  @IsObject()
  config: Record<string, unknown>;

  /** Minutes between two imports, 1 to 43,200; never more often than the publisher wants. 360 unless said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestIntervalMinutes)
  intervalMinutes?: number;

  /** Share in percent that may change at once; beyond it the list is held for an administrator. 50 unless said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  maxChangePercent?: number;

  /** Whether it is imported and enforced; true unless said. */
  @IsOptional()
  @IsBoolean()
  isEnabled?: boolean;
}

/** What to change of a list; absent members stay as they are. */
export class BlocklistChange {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(80)
  @IsPlainText()
  name?: string;

  /** All settings. A secret one that is left out stays as it is; an empty one is removed. */
  @IsOptional()
  @IsObject()
  config?: Record<string, unknown>;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestIntervalMinutes)
  intervalMinutes?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  maxChangePercent?: number;

  @IsOptional()
  @IsBoolean()
  isEnabled?: boolean;
}

/** Settings to try out without storing them. */
export class BlocklistPreviewRequest {
  /** Id of the plugin's source. */
  @IsString()
  @Matches(/^[a-z0-9-]{2,64}$/)
  plugin: string;

  @IsObject()
  config: Record<string, unknown>;

  /** The list whose settings these are: secret ones that are left out are taken from it. */
  @IsOptional()
  @IsUUID()
  source?: string;
}

/** What an import would make of a source now. Nothing is stored. */
export class BlocklistPreview {
  funnel: ImportFunnel;
  /** What the allowlist takes out of the list. */
  allowlisted: LeftOut;
  /** Why it would be held for an administrator; null when it would not. */
  suspicion: string | null;
  /** What would be blocked although somebody signed in from there. */
  seenHere: SeenHere;
  /** Up to 50 networks of what is left. */
  sample: string[];
}

/** A list that looks broken and waits for an administrator. */
export class HeldList {
  /** Why it is held. */
  reason: string;
  /** Epoch milliseconds. */
  heldAt: number;
  runId: string;
  funnel: ImportFunnel | null;
}

/** A list that is subscribed to. */
export class Blocklist {
  id: string;
  plugin: string;
  /** Name of the plugin's source; null when there is no such plugin. */
  pluginName: string | null;
  name: string;
  /** Name under which the list is published as a feed. */
  feedName: string;
  /** Settings without the secret ones. */
  config: Record<string, unknown>;
  /** Names of the secret settings that are set. */
  secretsSet: string[];
  intervalMinutes: number;
  maxChangePercent: number;
  isEnabled: boolean;
  state: SourceState;
  /** Whether an import waits or goes on. */
  isRunning: boolean;
  /** Ranges in force. */
  ranges: number;
  /** Epoch milliseconds at which the list last changed; null before the first import. */
  listChangedAt: number | null;
  /** The last import that has ended; null before the first one. */
  lastRun: ImportRun | null;
  /** Epoch milliseconds from which on it is due; null when it does not run. */
  nextRunAt: number | null;
  /** What waits for an administrator; null when nothing does. */
  held: HeldList | null;
  /** Epoch milliseconds. */
  createdAt: number;
  /** Epoch milliseconds at which its settings last changed. */
  changedAt: number;
}

/** The set that is to be enforced. */
export class WantedInfo {
  /** Grows with each change; 0 while there is none. */
  generation: number;
  /** SHA-256 of the packed set; null while there is none. */
  hash: string | null;
  ranges: number;
  /** What the newest generation has changed. */
  addedRanges: number;
  removedRanges: number;
  /** Epoch milliseconds; null while there is none. */
  at: number | null;
}

/** Every list, oldest first, at most 200. */
export class BlocklistList {
  items: Blocklist[];
  wanted: WantedInfo;
}
