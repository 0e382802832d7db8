import { Type } from 'class-transformer';
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
import { type GuardCode } from './lockout-guard.ts';

const JAIL_NAME = /^(?!-)[A-Za-z0-9_.-]{1,64}$/;
const jailMessage = {
  message: 'jail must be 1 to 64 letters, digits, dots, underscores or hyphens and not start with a hyphen',
  context: { code: 'jail-name' },
};

/** Which bans to list. */
export class BanQuery {
  @IsOptional()
  @IsString()
  @Matches(JAIL_NAME, jailMessage)
  jail?: string;

  /** Only bans inside this address or network. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  network?: string;

  /** Only bans whose address or jail contains this text. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  q?: string;

  /** Bans on a page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number = 50;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  cursor?: string;
}

/** An address or network that a jail bans now. */
export class Ban {
  jail: string;
  address: string;
  /** Epoch milliseconds. */
  bannedAt: number;
  /** Seconds; -1 is permanent, 0 not known yet. */
  duration: number;
  /** Epoch milliseconds; null for a permanent ban and while it is not known. */
  expiresAt: number | null;
  /** Two capital letters; null when the place data does not tell. */
  country: string | null;
  /** Number of the autonomous system that announces the address. */
  asn: number | null;
  /** Who runs that system; text from outside. */
  organisation: string | null;
}

/** A page of bans in force, newest first. */
export class BanPage {
  items: Ban[];
  nextCursor: string | null;
  /** All that match, over all pages. */
  total: number;
}

/** What would be banned. */
export class BanPreviewRequest {
  @IsString()
  @Matches(JAIL_NAME, jailMessage)
  jail: string;

  /** Addresses and networks in any usual form. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(5000)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  addresses: string[];
}

/** What shall be banned. */
export class BanRequest extends BanPreviewRequest {
  /** Why; kept in the audit log. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

/** What will happen to one input line. */
export type PreviewOutcome = 'will-ban' | 'already-banned' | 'guarded' | 'invalid';

/** What banning one input line would do. */
export class BanPreviewItem {
  input: string;
  /** The address or network in its canonical form; null when it is none. */
  address: string | null;
  outcome: PreviewOutcome;
  /** Why it is refused, in words. */
  reason?: string;
  /** The same as a stable code: what the guard found, or `address-invalid`. */
  reasonCode?: GuardCode | 'address-invalid';
}

/** What banning would do. */
export class BanPreview {
  jail: string;
  /** Seconds that this jail bans for; -1 is permanent. */
  duration: number;
  items: BanPreviewItem[];
}

/** What shall be unbanned. */
export class UnbanRequest {
  /** Addresses and networks in any usual form; a network lifts every ban inside it too. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(5000)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  addresses: string[];

  /** Only in this jail; in all of them without it. */
  @IsOptional()
  @IsString()
  @Matches(JAIL_NAME, jailMessage)
  jail?: string;
}

/** Which jail to empty. */
export class UnbanAllRequest {
  /** Only this jail; all of them without it. */
  @IsOptional()
  @IsString()
  @Matches(JAIL_NAME, jailMessage)
  jail?: string;
}
