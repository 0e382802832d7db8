import { type Database } from '../../core/database/database.ts';
import { afterCondition, type Driver, driverCondition } from './history-conditions.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
import { Parameters } from './parameters.ts';

/** The order of the archive. */
export const newestFirst = 'ORDER BY at DESC, id DESC';

/** Neighbouring rows of an index: after a position, up to and with an end. */
export interface ArchiveWindow {
  readonly driver: Driver;
  readonly after?: HistoryPosition | undefined;
  /** Undefined at the end of the archive. */
  readonly end?: HistoryPosition | undefined;
}

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
    const where = driverCondition(driver, filter, parameters);
    const [end] = await this.database.reports.query<HistoryPosition>(
      `SELECT at, id FROM ${this.through(driver)} WHERE ${where} ${afterCondition(after, parameters)}
       ${newestFirst} LIMIT 1 OFFSET ${size - 1}`,
      parameters.values,
    );
    return { driver, after, end };
  }

  /** SQL of being in a window. */
  condition(filter: HistoryFilter, { driver, after, end }: ArchiveWindow, parameters: Parameters): string {
    const inIndex = driverCondition(driver, filter, parameters);
    const start = afterCondition(after, parameters);
    const stop = end ? `AND (at, id) >= (${parameters.add(end.at)}, ${parameters.add(end.id)})` : '';
    return `${inIndex} ${start} ${stop}`;
  }

  /** SQLite's planner knows nothing of how rare a value is, so it is told which index to take. */
  through({ index }: Driver): string {
    return this.database.kind === 'sqlite' ? `history_archive INDEXED BY ${index}` : 'history_archive';
  }
}
