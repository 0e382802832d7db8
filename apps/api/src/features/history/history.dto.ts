import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { Ban } from '../bans/index.ts';

const JAIL_NAME = /^(?!-)[A-Za-z0-9_.-]{1,64}$/;
const jailMessage = {
  message: 'jail must be 1 to 64 letters, digits, dots, underscores or hyphens and not start with a hyphen',
};
/** Latest time a filter may name, in epoch milliseconds: the year 9999. */
const maxTime = 253_402_300_799_999;

/** Which events. All filters narrow; none means everything. */
export class HistoryFilters {
  @IsOptional()
  @IsString()
  @Matches(JAIL_NAME, jailMessage)
  jail?: string;

  /** Only events of this address, or of addresses and networks inside this network (CIDR). */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  network?: string;

  /** Two capital letters, ISO 3166-1. */
  @IsOptional()
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two capital letters' })
  country?: string;

  /** Number of an autonomous system. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(4_294_967_295)
  asn?: number;

  @IsOptional()
  @IsIn(['selfblock', 'blocklist'])
  origin?: 'selfblock' | 'blocklist';

  @IsOptional()
  @IsIn(['ban', 'unban'])
  action?: 'ban' | 'unban';

  /** Not before; epoch milliseconds. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(maxTime)
  from?: number;

  /** Before; epoch milliseconds. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(maxTime)
  to?: number;

  /** Only events with a matched line that contains this text; letters A to Z match in either case. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  text?: string;
}

/** Which page of the archive to read. */
export class HistoryQuery extends HistoryFilters {
  /** Items on the page, 1 to 200. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;

  /** Another name of `limit`. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  page_size?: number;

  /** `nextCursor` of the page before; absent for the first one. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  cursor?: string;

  /** Go on after the event with this id; another way to say `cursor`. 410 when it was purged. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  last_ban_id?: number;
}

/** What to export and how. */
export class HistoryExportQuery extends HistoryFilters {
  @IsOptional()
  @IsIn(['csv', 'json', 'ndjson'])
  format?: 'csv' | 'json' | 'ndjson';

  /** Events at most, 1 to 1,000,000; 50,000 unless said. A cut is told at the end of the file. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxRows?: number;

  /** Another name of `maxRows`. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  max_rows?: number;

  /** Go on after the event with this id. 410 when it was purged. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  last_ban_id?: number;
}

/** Which page of an address's events to read. */
export class AddressHistoryQuery {
  /** Items on the page, 1 to 200. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  cursor?: string;
}

/** One ban or unban in the archive. */
export class HistoryRecord {
  /** Grows with every event stored. */
  id: number;
  jail: string;
  /** An address, or a network in CIDR form. */
  address: string;
  action: 'ban' | 'unban';
  /** When it happened; epoch milliseconds. */
  at: number;
  /** When the last failure was seen; epoch milliseconds. */
  failedAt: number | null;
  /** Seconds; -1 is permanent; null for an unban. */
  duration: number | null;
  /** The how-manieth ban of this address in this jail it was. */
  banCount: number | null;
  /** Failures that led to it. */
  failures: number | null;
  /** The log lines that led to it; hostile text. */
  matches: string[];
  origin: 'selfblock' | 'blocklist';
  /** Why the ban ended; null for a ban. */
  cause: 'expired' | 'manual' | 'bangui' | 'unknown' | null;
  /** The administrator who did it through BanGUI. */
  actor: string | null;
  /** Why, in the administrator's words. */
  reason: string | null;
  /** Two capital letters. */
  country: string | null;
  /** Number of the autonomous system. */
  asn: number | null;
  /** Who runs that system. */
  organisation: string | null;
}

/** Part of the archive, newest first. */
export class HistoryPage {
  items: HistoryRecord[];
  /** Ask for the next page with it; null at the end. */
  nextCursor: string | null;
  /** The page is short because the search took long: everything after this time has been looked at. Go on with `nextCursor`. */
  scannedUntil?: number;
}

/** Where an address is, as far as the place data tells. */
export class PlaceOfAddress {
  /** Two capital letters. */
  country: string | null;
  region: string | null;
  asn: number | null;
  organisation: string | null;
}

/** Sums over the archive of an address or network. */
export class AddressTotals {
  bans: number;
  unbans: number;
  /** Failures that led to the bans. */
  failures: number;
  /** Epoch milliseconds. */
  firstAt: number | null;
  /** Epoch milliseconds. */
  lastAt: number | null;
  /** False when the network has so many events that only a part of them was counted. */
  complete: boolean;
}

/** What one jail had to do with an address. */
export class AddressJail {
  jail: string;
  bans: number;
  /** When it last banned; epoch milliseconds. */
  lastAt: number;
}

/** Everything the archive knows about an address or network. */
export class AddressHistory {
  /** Canonical text. */
  address: string;
  place: PlaceOfAddress;
  totals: AddressTotals;
  jails: AddressJail[];
  /** Bans in force now of it, or inside of it. */
  inForce: Ban[];
  /** Its events, newest first. */
  items: HistoryRecord[];
  nextCursor: string | null;
}
