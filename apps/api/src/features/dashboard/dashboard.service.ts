import { Injectable } from '@nestjs/common';
import {
  type DashboardSummary,
  type DashboardTrend,
  type Ranking,
  type RangeQuery,
  type RankingQuery,
  type TrendQuery,
} from './dashboard.dto.ts';

/** What can be ranked. */
export type RankedThing = 'country' | 'jail' | 'asn' | 'address';

/** Figures and rankings over any range of time. */
@Injectable()
export class DashboardService {
  /** The figures beside those of the period before. */
  summary(_query: RangeQuery): Promise<DashboardSummary> {
    return Promise.reject(new Error('not built'));
  }

  /** Bans over time. */
  trend(_query: TrendQuery): Promise<DashboardTrend> {
    return Promise.reject(new Error('not built'));
  }

  /** Who has the most bans. */
  ranking(_by: RankedThing, _query: RankingQuery): Promise<Ranking> {
    return Promise.reject(new Error('not built'));
  }
}
