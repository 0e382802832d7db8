import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { Service } from '@angular/core';
import { dashboardByCountry } from '../api/generated/fn/dashboard/dashboard-by-country';
import { dashboardByNetwork } from '../api/generated/fn/dashboard/dashboard-by-network';
import { dashboardOffenders } from '../api/generated/fn/dashboard/dashboard-offenders';
import { dashboardSummary } from '../api/generated/fn/dashboard/dashboard-summary';
import { dashboardTrend } from '../api/generated/fn/dashboard/dashboard-trend';
import { type DashboardSummary, type DashboardTrend, type Ranking } from '../api/generated/models';
import { defined, type Filters } from '../api/keyset-list';
import { type TimeWindow } from '../ui/time-range';

/** What is ranked. */
export type RankingKind = 'country' | 'network' | 'offender';

/** Which ranking. */
export interface AskedRanking {
  readonly kind: RankingKind;
  readonly window: TimeWindow;
  /** Items, 1 to 300. */
  readonly limit: number;
  /** `jail`, `country`, `origin`. */
  readonly filters?: Filters;
}

const PATHS: Readonly<Record<RankingKind, string>> = {
  country: dashboardByCountry.PATH,
  network: dashboardByNetwork.PATH,
  offender: dashboardOffenders.PATH,
};

/** What the API says about a stretch of time. All of it must be called where `inject` may be. */
@Service()
export class DashboardApi {
  summary(window: () => TimeWindow): HttpResourceRef<DashboardSummary | undefined> {
    return httpResource<DashboardSummary>(() => ({ url: dashboardSummary.PATH, params: paramsOf(window()) }));
  }

  /** Bans over time by jail, in buckets cut at the hours and days of this browser's time zone. */
  trend(window: () => TimeWindow): HttpResourceRef<DashboardTrend | undefined> {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    return httpResource<DashboardTrend>(() => ({
      url: dashboardTrend.PATH,
      params: { ...paramsOf(window()), by: 'jail', timeZone },
    }));
  }

  /** The most frequent ones. */
  ranked(asked: () => AskedRanking): HttpResourceRef<Ranking | undefined> {
    return httpResource<Ranking>(() => {
      const { kind, window, limit, filters } = asked();
      return { url: PATHS[kind], params: { ...paramsOf(window), ...defined(filters ?? {}), limit } };
    });
  }
}

function paramsOf({ from, to }: TimeWindow): { from: number; to: number } {
  return { from: Math.floor(from), to: Math.floor(to) };
}
