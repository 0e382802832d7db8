import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

const JAIL_NAME = /^(?!-)[A-Za-z0-9_.-]{1,64}$/;
const jailMessage = {
  message: 'jail must be 1 to 64 letters, digits, dots, underscores or hyphens and not start with a hyphen',
};
/** Latest time a range may end, in epoch milliseconds: the year 9999. */
const maxTime = 253_402_300_799_999;

/** A range of time: from (included) to (excluded), at most 1,100 days. */
export class RangeQuery {
  /** Epoch milliseconds. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(maxTime)
  from: number;

  /** Epoch milliseconds. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(maxTime)
  to: number;

  /** At whose hours and days the range is cut: an IANA name such as `Europe/Berlin`; UTC unless said. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  timeZone?: string;
}

/** How to cut a range into buckets. */
export class TrendQuery extends RangeQuery {
  /** Split each bucket by this. */
  @IsOptional()
  @IsIn(['jail'])
  by?: 'jail';
}

/** What to rank, and how many of it. */
export class RankingQuery extends RangeQuery {
  /** Items at most, 1 to 300; 10 unless said. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(300)
  limit?: number;

  /** Only bans of this jail. */
  @IsOptional()
  @IsString()
  @Matches(JAIL_NAME, jailMessage)
  jail?: string;

  /** Only bans of addresses in this country: two capital letters. */
  @IsOptional()
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two capital letters' })
  country?: string;

  /** Only bans of this origin. */
  @IsOptional()
  @IsIn(['selfblock', 'blocklist'])
  origin?: 'selfblock' | 'blocklist';
}

/** A figure beside the one of the period before, which is as long and ends where the range begins. */
export class FigureWithSeries {
  value: number;
  previous: number;
  /** The figure over the range in equal parts, oldest first. */
  series: number[];
}

/** How many different addresses, estimated. */
export class DistinctFigure {
  value: number;
  previous: number;
  /**
   * The same in each hour of UTC, or each day of UTC where the range is longer than 8 days. They are whole, also where the range
   * cuts the first and the last.
   */
  series: number[];
  /** Standard error of the estimate as a share: 0.016 means that two out of three estimates are within 1.6 %. */
  error: number;
}

/** The figures of a range. */
export class DashboardSummary {
  /** Bans. */
  bans: FigureWithSeries;
  /** Failures that jails have seen, whether or not they led to a ban. */
  failures: FigureWithSeries;
  /** Different addresses that were banned. */
  distinctAddresses: DistinctFigure;
  /** Bans in force now, whatever the range. */
  bannedNow: number;
  /**
   * Bans in force at the end of each part of the range, oldest first: those of now without what the archive says was banned
   * since, and with what was lifted since; never below 0. What ended with its jail and was not told as an unban is missing.
   */
  bannedOverTime: number[];
}

/** Bans in one part of a range. */
export class TrendBucket {
  /** Its beginning; epoch milliseconds. */
  at: number;
  total: number;
  /** Bans by jail; jails without one are absent. */
  byJail: Record<string, number>;
}

/** Bans over time, with a bucket for every part of the range, also where nothing happened. */
export class DashboardTrend {
  buckets: TrendBucket[];
  /** Length of a bucket; a day of 23 or 25 hours counts as 86,400. */
  bucketSeconds: number;
}

/** One line of a ranking. */
export class RankingItem {
  /** Country code, jail, number of the autonomous system, or address. `?` where it is not known. */
  key: string;
  /** What people call it, where that differs. */
  label?: string;
  bans: number;
  /** Bans in the period before. */
  previous: number;
}

/** Who has the most bans, most first. */
export class Ranking {
  items: RankingItem[];
  /** All bans of the range that pass the filters, ranked or not. */
  total: number;
  /** The combination of filters took long: only what came after this time has been counted. */
  countedSince?: number;
}
