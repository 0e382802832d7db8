import {
  type AppliedReport,
  type DriftKind,
  driftKinds,
  type EnforcerOrders,
  type EnforcerReport,
  type EnforcerState,
  enforcerStates,
  type Placement,
} from '@bangui/enforcement';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsPlainText } from '../../core/http/plain-text.ts';

const most = Number.MAX_SAFE_INTEGER;

/** What the kernel of an enforcer holds. */
export class AppliedByEnforcer implements AppliedReport {
  @IsInt()
  @Min(0)
  @Max(most)
  resync: number;

  @IsInt()
  @Min(0)
  @Max(most)
  fencing: number;

  @IsInt()
  @Min(0)
  @Max(most)
  generation: number;

  @Matches(/^[0-9a-f]{64}$/)
  blockedHash: string;

  @IsIn(['raw', 'established'])
  placement: Placement;

  @IsInt()
  @Min(0)
  @Max(most)
  blockedEntries: number;

  @IsInt()
  @Min(0)
  @Max(most)
  allowedEntries: number;

  @IsInt()
  @Min(0)
  @Max(most)
  memoryBytes: number;

  @IsInt()
  @Min(0)
  @Max(most)
  droppedPackets: number;

  @IsInt()
  @Min(0)
  @Max(most)
  droppedBytes: number;

  /** Epoch milliseconds. */
  @IsInt()
  @Min(0)
  @Max(8.64e15)
  appliedAt: number;
}

/** A first activation that is undone unless it is confirmed. */
export class TrialOfEnforcer {
  /** Epoch milliseconds; names the trial. */
  @IsInt()
  @Min(0)
  @Max(8.64e15)
  startedAt: number;

  /** Epoch milliseconds. */
  @IsInt()
  @Min(0)
  @Max(8.64e15)
  endsAt: number;
}

/** What an enforcer tells of itself. */
export class NewEnforcerReport implements EnforcerReport {
  @IsUUID()
  id: string;

  @IsString()
  @Length(1, 64)
  @IsPlainText()
  name: string;

  @IsString()
  @Length(1, 32)
  @IsPlainText()
  version: string;

  @IsIn(enforcerStates)
  state: EnforcerState;

  /** Null when nothing is in force. */
  @ValidateIf((_, value) => value !== null)
  @ValidateNested()
  @Type(() => AppliedByEnforcer)
  applied: AppliedByEnforcer | null;

  /** Null without one. */
  @ValidateIf((_, value) => value !== null)
  @ValidateNested()
  @Type(() => TrialOfEnforcer)
  trial: TrialOfEnforcer | null;

  /** What somebody else changed and it has repaired, since the report before. */
  @IsArray()
  @ArrayMaxSize(driftKinds.length)
  @ArrayUnique()
  @IsIn(driftKinds, { each: true })
  repaired: DriftKind[];

  /** Why it could not apply or ask; null when it could. */
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @MaxLength(500)
  @IsPlainText()
  problem: string | null;
}

/** What an enforcer is told when it reports. */
export class OrdersForEnforcer implements EnforcerOrders {
  /** Start of the trial that was confirmed, in epoch milliseconds; null for none. */
  confirmedTrial: number | null;
}
