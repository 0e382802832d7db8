import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { ArchiveWindows, nextSize } from './archive-windows.ts';
import { driversOf, rowConditions } from './history-conditions.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
import { Parameters } from './parameters.ts';
import { unknownValue } from './roll-up.ts';

/** What bans can be counted by. */
export type RankedColumn = 'country' | 'jail' | 'asn' | 'address';

/** Bans by one column. */
export interface CountedBans {
  readonly bans: ReadonlyMap<string, number>;
  /** Epoch milliseconds; set when time was up before the range was: only later bans are counted. */
  readonly countedSince: number | null;
}

/** Milliseconds after which counting ends with what it has. The statement that runs is finished first. */
const budgetMs = 130;

/** Rows looked at in the first statement, and in one statement at most. */
const firstWindow = 2_000;
const largestWindow = 10_000;

/** SQL of a column as text. */
export function rankedValue(column: RankedColumn): string {
  if (column === 'asn') return `coalesce(CAST(asn AS varchar(10)), '${unknownValue}')`;
  return column === 'country' ? `coalesce(country, '${unknownValue}')` : column;
}

/** Counts bans row by row, newest first, for combinations of filters that no sums are kept of. */
@Injectable()
export class BansRankingRepository {
  private readonly windows: ArchiveWindows;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.windows = new ArchiveWindows(database);
  }

  /** Bans that pass the filters, by a column. */
  async count(column: RankedColumn, filter: HistoryFilter): Promise<CountedBans> {
    const deadline = this.clock.monotonic() + budgetMs;
    const onlyBans: HistoryFilter = { ...filter, action: 'ban' };
    const bans = new Map<string, number>();
    let after: HistoryPosition | undefined;
    let drivers = driversOf(onlyBans);
    for (let size = firstWindow; ;) {
      const startedAt = this.clock.monotonic();
      const window = await this.windows.choose(onlyBans, drivers, after, size);
      const parameters = new Parameters();
      const rows = await this.database.reports.query<{ name: string; bans: number }>(
        `SELECT ${rankedValue(column)} AS name, count(*) AS bans FROM ${this.windows.through(window.driver)}
         WHERE ${this.windows.condition(onlyBans, window, parameters)}
           AND ${rowConditions(this.database.kind, onlyBans, parameters)} GROUP BY 1`,
        parameters.values,
      );
      for (const row of rows) bans.set(row.name, (bans.get(row.name) ?? 0) + row.bans);
      if (!window.end) return { bans, countedSince: null };
      // The last of a window lies in it, so what comes after it begins there.
      after = window.end;
      const now = this.clock.monotonic();
      if (now >= deadline) return { bans, countedSince: window.end.at };
      size = nextSize(size, now - startedAt, deadline - now, largestWindow);
      drivers = [window.driver];
    }
  }
}
