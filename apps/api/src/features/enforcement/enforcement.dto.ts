import { type DriftKind, type Placement } from '@bangui/enforcement';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

/** What enforces the lists. */
export type EnforcementBackend = 'ipset' | 'fail2ban' | 'none';

/** How an enforcer stands beside what is wanted. */
export type EnforcerStanding =
  /** It holds what is wanted. */
  | 'current'
  /** It holds something else, or does not say that it holds anything. */
  | 'behind'
  /** There is nothing to hold. */
  | 'waiting'
  /** It holds it for the first time and undoes it unless somebody confirms. */
  | 'trial'
  /** Nobody confirmed, so it holds nothing. */
  | 'reverted'
  /** It could not apply. */
  | 'failed'
  /** It was not heard of. */
  | 'silent';

/** What is to be enforced. */
export class WantedState {
  generation: number;
  /** SHA-256 of the packed set of blocked addresses. */
  hash: string;
  /** Ranges that neither overlap nor touch. */
  blockedRanges: number;
  allowedRanges: number;
}

/** What an enforcer holds. */
export class AppliedState {
  generation: number;
  hash: string;
  placement: Placement;
  /** Entries of the kernel's sets, or bans of the jail. */
  blockedEntries: number;
  allowedEntries: number;
  /** Of the kernel. */
  memoryBytes: number;
  /** Since its rules were last put in place. */
  droppedPackets: number;
  droppedBytes: number;
  /** Epoch milliseconds. */
  appliedAt: number;
}

/** What was not as an enforcer had left it, and was repaired. */
export class RepairedDrift {
  kinds: DriftKind[];
  /** Epoch milliseconds. */
  at: number;
}

/** One enforcer, or the jail that stands for it. */
export class EnforcerStatus {
  /** Its own id; `fail2ban` for the jail. */
  id: string;
  name: string;
  version: string;
  standing: EnforcerStanding;
  /** Null while it holds nothing. */
  applied: AppliedState | null;
  /** Epoch milliseconds at which a trial is undone unless it is confirmed; null without one. */
  confirmBefore: number | null;
  /** In its own words; null when all is well. */
  problem: string | null;
  /** The last time that somebody else changed what it holds; null for never. */
  repaired: RepairedDrift | null;
  /** Epoch milliseconds. */
  firstSeenAt: number;
  /** Epoch milliseconds. */
  lastSeenAt: number;
}

/** Something that a person should look after. */
export class EnforcementConcern {
  /** `no-enforcer`: something is to be blocked and nobody does it. Else how an enforcer stands. */
  code: 'no-enforcer' | 'behind' | 'trial' | 'reverted' | 'failed' | 'silent' | 'wanted-unknown';
  /** Name of the enforcer; null when it is about none. */
  enforcer: string | null;
  /** For a person, in English. */
  detail: string;
}

/** How the lists are enforced. */
export class EnforcementStatus {
  backend: EnforcementBackend;
  placement: Placement;
  /** When an administrator last asked to load everything anew, in epoch milliseconds; 0 for never. */
  resyncAt: number;
  /** Null when it cannot be known. */
  wanted: WantedState | null;
  enforcers: EnforcerStatus[];
  /** Most urgent first. */
  needsAttention: EnforcementConcern[];
}

/** How lists are to be enforced. */
export class EnforcementChange {
  /**
   * `raw` drops before connection tracking; `established` lets answers to connections of the machine itself through.
   */
  @IsIn(['raw', 'established'])
  placement: Placement;
}

/** Which trials are confirmed. */
export class EnforcementConfirmation {
  /** Ids of enforcers; all that are on trial when absent. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @IsUUID('all', { each: true })
  enforcers?: string[];
}

/** What an enforcer has and how long it waits for something else. */
export class WantedQuery {
  /** Generation that it has, to be told the difference. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  from?: number;

  /** Seconds to wait for something else than `If-None-Match` names; 0 to 25. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(25)
  wait?: number;
}
