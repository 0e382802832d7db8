export { DashboardApi, type RankingKind } from './dashboard-api';
export { Figures } from './figures';
export { ALL_COUNTRIES, placesOf } from './places';
export { RankingList, type RankingRow } from './ranking-list';
export { RankingPanel } from './ranking-panel';
export { rankingRows } from './ranking-rows';
export { TrendPanel } from './trend-panel';
export { WhereFromPanel } from './where-from-panel';
