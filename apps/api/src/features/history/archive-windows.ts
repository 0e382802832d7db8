import { type Database, type DatabaseKind } from '../../core/database/database.ts';
import { type Bounds, type Driver, driverCondition } from './history-conditions.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
import { Parameters } from './parameters.ts';

/** The order of the archive. */
export const newestFirst = 'ORDER BY at DESC, id DESC';

/** Neighbouring rows of an index. Without an end it reaches to the end of the archive. */
export interface ArchiveWindow extends Bounds {
  readonly driver: Driver;
}

/**
 * How many rows to look at next: twice as many as before, but no more than there is time for at the speed of these, and
 * never more than `largest`.
 */
export function nextSize(size: number, tookMs: number, leftMs: number, largest: number): number {
  const inTime = Math.floor((size / Math.max(1, tookMs)) * leftMs);
  return Math.max(leastRows, Math.min(2 * size, largest, inTime));
}

/** Fewer would be read no faster. */
const leastRows = 250;

/** Cuts the archive into windows of rows, so that a search can stop between two of them. */
export class ArchiveWindows {
  constructor(private readonly database: Database) {}

  /** The window of the driver whose rows reach furthest back: its filter is the rarest. */
  async choose(
    filter: HistoryFilter,
    [first, ...others]: readonly [Driver, ...Driver[]],
    after: HistoryPosition | undefined,
    size: number,
  ): Promise<ArchiveWindow> {
    let best = await this.next(filter, first, after, size);
    for (const driver of others) {
      if (!best.end) break;
      const window = await this.next(filter, driver, after, size);
      if (!window.end || window.end.at < best.end.at) best = window;
    }
    return best;
  }

  /** The next `size` rows of a driver's index. */
  async next(
    filter: HistoryFilter,
    driver: Driver,
    after: HistoryPosition | undefined,
    size: number,
  ): Promise<ArchiveWindow> {
    const parameters = new Parameters();
    const where = driverCondition(driver, filter, parameters, { after });
    const [end] = await this.database.reports.query<HistoryPosition>(
      `SELECT at, id FROM ${this.through(driver)} WHERE ${where}
       ${newestFirst} LIMIT 1 OFFSET ${size - 1}`,
      parameters.values,
    );
    return { driver, after, end };
  }

  /** SQL of being in a window, and so in the filter's range of time. */
  condition(filter: HistoryFilter, window: ArchiveWindow, parameters: Parameters): string {
    return driverCondition(window.driver, filter, parameters, window);
  }

  /** SQL of the archive, read through the driver's index. */
  through({ index }: Driver): string {
    return archiveBy(this.database.kind, index);
  }
}

/** SQL of the archive, read through an index: SQLite's planner knows nothing of how rare a value is, so it is told which. */
export function archiveBy(kind: DatabaseKind, index: string): string {
  return kind === 'sqlite' ? `history_archive INDEXED BY ${index}` : 'history_archive';
}
