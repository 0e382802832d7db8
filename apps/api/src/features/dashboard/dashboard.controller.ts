import { Controller, Get, Query } from '@nestjs/common';
import { DashboardSummary, DashboardTrend, Ranking, RangeQuery, RankingQuery, TrendQuery } from './dashboard.dto.ts';
import { DashboardService } from './dashboard.service.ts';

/** Figures and rankings over any range of time. */
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly dashboard: DashboardService) {}

  /** The figures beside those of the period before. */
  @Get('summary')
  summary(@Query() query: RangeQuery): Promise<DashboardSummary> {
    return this.dashboard.summary(query);
  }

  /** Bans over time. */
  @Get('trend')
  trend(@Query() query: TrendQuery): Promise<DashboardTrend> {
    return this.dashboard.trend(query);
  }

  /** Countries by bans. */
  @Get('by-country')
  byCountry(@Query() query: RankingQuery): Promise<Ranking> {
    return this.dashboard.ranking('country', query);
  }

  /** Jails by bans. */
  @Get('by-jail')
  byJail(@Query() query: RankingQuery): Promise<Ranking> {
    return this.dashboard.ranking('jail', query);
  }

  /** Autonomous systems by bans. */
  @Get('by-network')
  byNetwork(@Query() query: RankingQuery): Promise<Ranking> {
    return this.dashboard.ranking('asn', query);
  }

  /** Addresses by bans; over whole days only the 1,000 with the most bans of each day count. */
  @Get('offenders')
  offenders(@Query() query: RankingQuery): Promise<Ranking> {
    return this.dashboard.ranking('address', query);
  }
}
