import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { PageQuery } from '../../../core/database/page-query.dto.ts';
import { IsPlainText } from '../../../core/http/plain-text.ts';

/** The last moment that a date can name, in epoch milliseconds. */
const lastMoment = 8.64e15;

/** Which part of the allowlist to read. */
export class AllowlistQuery extends PageQuery {
  /** An address or network: entries that share an address with it. Anything else: entries whose text contains it. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  @IsPlainText()
  q?: string;
}

/** What shall never be banned. */
export class NewAllowlistEntries {
  /** Addresses, networks and ranges in any usual form. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  addresses: string[];

  /** Why. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @IsPlainText()
  note?: string;

  /** Epoch milliseconds from which on it no longer counts; null or absent for never. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(lastMoment)
  expiresAt?: number | null;

  /** Whether fail2ban's jails shall ignore it too; otherwise only BanGUI spares it. */
  @IsOptional()
  @IsBoolean()
  isPushedToFail2ban?: boolean;
}

/** What shall be different about an entry; what is absent stays. */
export class AllowlistEntryChange {
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @IsPlainText()
  note?: string;

  /** Epoch milliseconds; null for never. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(lastMoment)
  expiresAt?: number | null;

  @IsOptional()
  @IsBoolean()
  isPushedToFail2ban?: boolean;
}

/**
 * Whether a jail ignores an entry: `applied` by BanGUI until it is loaded again (and then anew), `configured` in
 * fail2ban's own files, `pending` until fail2ban can be asked, or `failed`.
 */
export type IgnoreState = 'applied' | 'configured' | 'pending' | 'failed';

/** Whether one jail ignores an entry. */
export class IgnoredByJail {
  jail: string;
  state: IgnoreState;
  /** Why it failed, in words of fail2ban; null otherwise. */
  reason: string | null;
}

/** An address or network that nothing may ban. */
export class AllowlistEntry {
  id: string;
  /** Canonical; CIDR when it is more than one address. */
  address: string;
  /** Text from a person; empty when nobody said why. */
  note: string;
  /** Who added it. */
  owner: string;
  /** Epoch milliseconds. */
  createdAt: number;
  /** Epoch milliseconds. */
  changedAt: number;
  /** Epoch milliseconds from which on it no longer counts; null for never. */
  expiresAt: number | null;
  /** Whether its time is over: it protects nobody any more. */
  isExpired: boolean;
  isPushedToFail2ban: boolean;
  /** What each jail makes of it; empty unless it is pushed. */
  jails: IgnoredByJail[];
}

/** Something that could not be put into or taken out of an ignore list. */
export class IgnoreProblem {
  jail: string;
  reason: string;
  /** What could not be taken out: the jail still ignores it although it is no longer on the allowlist. */
  stillIgnored: string[];
}

/** Part of the allowlist, newest first. */
export class AllowlistPage {
  items: AllowlistEntry[];
  /** Ask for the next page with it; null at the end. */
  nextCursor: string | null;
  /** Jails whose ignore lists are not as they should be. */
  problems: IgnoreProblem[];
}

/** A ban in force although the address is on the allowlist now. */
export class StillBanned {
  jail: string;
  address: string;
}

/** What was added. */
export class AddedAllowlistEntries {
  items: AllowlistEntry[];
  /** Bans in force that share an address with what was added; the newest 100. Adding does not lift them. */
  stillBanned: StillBanned[];
  /** How many there are in all. */
  stillBannedCount: number;
}
