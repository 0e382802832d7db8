import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type ReasonParams } from '../../core/reason.dto.ts';
import { type Armed, type JailState } from '../jails/index.ts';
import { type OfflineCode } from '../server/index.ts';

/** How a client resumes its stream. */
export class EventsQuery {
  /** Id of the last event that was received; the header `Last-Event-ID` wins. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  lastEventId?: string;
}

/** `hello`: the first event on each connection. */
export class HelloEvent {
  /** Epoch milliseconds. */
  serverTime: number;
  /** Version of BanGUI. */
  version: string;
}

/** `server`: fail2ban came, went, or is another one. */
export class ServerEvent {
  online: boolean;
  /** Epoch milliseconds. */
  since: number;
  /** Version of fail2ban. */
  version: string | null;
  /** Why it is offline, in words; null while online. */
  reason: string | null;
  /** The same as a stable code; null while online. */
  reasonCode: OfflineCode | null;
  /** What the words name; null when nothing. */
  reasonParams: ReasonParams | null;
}

/** A jail whose figures or state changed. */
export class JailChange {
  name: string;
  /** `removed` when neither the server nor the configuration has it any more. */
  state: JailState | 'removed';
  currentlyFailed: number;
  totalFailed: number;
  currentlyBanned: number;
  totalBanned: number;
  armed: Armed;
}

/** `jails`: only those that changed; all of them at the start of a stream. */
export class JailsEvent {
  items: JailChange[];
}

/** `ban`: an address was banned. */
export class BanEvent {
  /** Of the event in the archive. */
  id: number;
  jail: string;
  address: string;
  /** Epoch milliseconds of the last failure, as the list of bans has it. */
  bannedAt: number;
  /** Epoch milliseconds at which it was written. */
  at: number;
  /** Seconds; -1 is permanent, 0 unknown. */
  duration: number;
  /** Epoch milliseconds; null for a permanent ban and when unknown. */
  expiresAt: number | null;
  /** Two capital letters; null when unknown. */
  country: string | null;
  asn: number | null;
  organisation: string | null;
  /** The administrator who banned it through BanGUI. */
  actor: string | null;
}

/** `unban`: a ban ended, by hand or by itself. */
export class UnbanEvent {
  /** Of the event in the archive. */
  id: number;
  jail: string;
  address: string;
  /** Epoch milliseconds. */
  at: number;
  /** Why it ended. */
  cause: 'expired' | 'manual' | 'bangui' | 'unknown';
  country: string | null;
  asn: number | null;
  organisation: string | null;
  /** The administrator who lifted it through BanGUI. */
  actor: string | null;
}

/**
 * `bans-changed`: the list of bans in force changed by more than single events can tell: many at once, or a jail that went
 * or came back with its bans. Read the list again.
 */
export class BansChangedEvent {
  jail: string;
  added: number;
  removed: number;
}

/** How far an import has come, in feeds. */
export class ImportEventProgress {
  done: number;
  total: number;
}

/** `import`: an import of a blocklist waits, goes on or has ended. */
export class ImportEvent {
  runId: string;
  sourceId: string;
  outcome: 'queued' | 'running' | 'ok' | 'unchanged' | 'suspicious' | 'failed' | 'interrupted';
  /** Feeds that are done; null when it does not go on. */
  progress: ImportEventProgress | null;
}

/** `snapshot-changed`: a blocklist holds other addresses than before. */
export class SnapshotChangedEvent {
  sourceId: string;
  addedRanges: number;
  removedRanges: number;
}

/** `wanted-changed`: the set that is to be enforced is another one. */
export class WantedChangedEvent {
  generation: number;
  /** SHA-256 of the packed set. */
  hash: string;
  addedRanges: number;
  removedRanges: number;
}
