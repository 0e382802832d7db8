import { type Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { jsonRows } from '../../core/database/json-rows.ts';
import { type EventAction, type StoredEvent } from './archive-event.ts';
import { type ArchiveWindow, ArchiveWindows, newestFirst, nextSize } from './archive-windows.ts';
import { archivedColumns, type ArchivedRow, storedEventOf } from './archived-row.ts';
import {
  afterCondition,
  allConditions,
  type Driver,
  driversOf,
  isPure,
  keyCondition,
  networkCondition,
  rowConditions,
} from './history-conditions.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
import { HistoryGone } from './history.errors.ts';
import { Parameters } from './parameters.ts';
import { TextIndex } from './text-index.ts';
import { contains, likePattern } from './text-search.ts';

/** Part of the archive, newest first. */
export interface ArchivePage {
  readonly items: StoredEvent[];
  /** Where the next page starts; null at the end. */
  readonly next: HistoryPosition | null;
  /** Set when the search ended before the page was full: everything after this time has been looked at. */
  readonly scannedUntil: number | null;
}

/** A page by position. */
export interface HistoryPageRequest extends HistoryFilter {
  /** 1 to 1,000. */
  readonly pageSize: number;
  /** The page starts after it. */
  readonly after?: HistoryPosition | undefined;
}

/** Events of an address or network that one jail has to do with. */
export interface JailTotals {
  readonly jail: string;
  readonly action: EventAction;
  readonly events: number;
  readonly failures: number;
  /** Epoch milliseconds. */
  readonly firstAt: number;
  /** Epoch milliseconds. */
  readonly lastAt: number;
}

/** Events that are summed up of one address or network at most. */
export const maxTotalled = 50_000;

/** Milliseconds after which a search for one page ends with what it has. The statement that runs is finished first. */
const budgetMs = 130;

/** Rows of the first window of a search, and of the largest. */
const firstWindow = 2_000;
const largestWindow = 40_000;

/** Fewer rows than this are found and sorted at once, whatever the order of the index that finds them. */
const maxSorted = 20_000;

/** Rows of one page of a full read. A page is at most 16 MiB, because the lines of an event are at most 64 KiB. */
const fullReadPage = 250;

/**
 * Reads the archive, newest first by (at, id). Every page takes about the same time at any depth. A combination of filters that no
 * index answers is searched in windows of rows until the page is full or the time is up; the page then says how far it came.
 */
@Injectable()
export class HistoryRepository {
  private readonly windows: ArchiveWindows;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly textIndex: TextIndex,
  ) {
    this.windows = new ArchiveWindows(database);
  }

  /** One page. */
  async getArchivedHistory(request: HistoryPageRequest): Promise<ArchivePage> {
    const { pageSize, after } = request;
    const deadline = this.clock.monotonic() + budgetMs;
    const drivers = driversOf(request);
    const [driver] = drivers;
    // Nearly every page: one index answers all there is to ask.
    if (isPure(driver, request) && driver.filter !== 'address') {
      const rows = await this.rowsOf(request, { driver, after }, pageSize + 1);
      return pageOf(rows.map(storedEventOf), pageSize);
    }
    const ids = request.text === undefined ? undefined : await this.idsWithText(request.text, deadline);
    if (ids) return pageOf(await this.listed(request, ids), pageSize);
    if (request.network && !request.network.isAddress && (await this.isSmall(request.network))) {
      return pageOf(await this.inNetwork(request, request.network), pageSize);
    }
    return this.search(request, drivers, deadline);
  }

  /** One page after the event with this id. @throws {HistoryGone} when it is not in the archive */
  async getArchivedHistoryKeyset({
    lastBanId,
    ...request
  }: HistoryFilter & { readonly pageSize: number; readonly lastBanId?: number | undefined }): Promise<ArchivePage> {
    const after = lastBanId === undefined ? undefined : await this.positionOf(lastBanId);
    return this.getArchivedHistory({ ...request, after });
  }

  /**
   * Everything that passes the filters, newest first, never holding more than a page. Ends after `maxRows` events; whoever wants to
   * know whether there are more asks for one more. Stops reading when the loop over it is left.
   * @throws {HistoryGone} when `lastBanId` is not in the archive
   */
  async *getAllArchivedHistory({
    pageSize = fullReadPage,
    maxRows = 50_000,
    lastBanId,
    ...filter
  }: HistoryFilter & {
    readonly pageSize?: number;
    readonly maxRows?: number;
    readonly lastBanId?: number | undefined;
  }): AsyncGenerator<StoredEvent, void, void> {
    let after = lastBanId === undefined ? undefined : await this.positionOf(lastBanId);
    for (let left = maxRows; left > 0;) {
      const page = await this.getArchivedHistory({ ...filter, pageSize: Math.min(pageSize, left), after });
      left -= page.items.length;
      yield* page.items;
      if (!page.next) return;
      after = page.next;
    }
  }

  /** Where an event is in the order of the archive. @throws {HistoryGone} when it is not there */
  async positionOf(id: number): Promise<HistoryPosition> {
    const [position] = await this.database.reports.query<HistoryPosition>(
      'SELECT at, id FROM history_archive WHERE id = $1',
      [id],
    );
    if (!position) throw new HistoryGone(id);
    return position;
  }

  /** Events stored after this id, in the order they were stored, for those who come back: at most `limit`. */
  async storedAfter(id: number, limit: number): Promise<StoredEvent[]> {
    const rows = await this.database.reports.query<ArchivedRow>(
      `SELECT ${archivedColumns} FROM history_archive WHERE id > $1 ORDER BY id LIMIT $2`,
      [id, limit],
    );
    return rows.map(storedEventOf);
  }

  /** Ids of the events stored first and last; zeros in an empty archive. */
  async idSpan(): Promise<{ first: number; last: number }> {
    const [row] = await this.database.reports.query<{ first: number | null; last: number | null }>(
      `SELECT (SELECT id FROM history_archive ORDER BY id LIMIT 1) AS first,
         (SELECT id FROM history_archive ORDER BY id DESC LIMIT 1) AS last`,
    );
    return { first: row?.first ?? 0, last: row?.last ?? 0 };
  }

  /** Sums over the events of an address or network by jail and action, of at most 50,000 of them. */
  async totalsOf(network: Network): Promise<JailTotals[]> {
    const parameters = new Parameters();
    const where = networkCondition(network, parameters);
    const index: Driver = { index: 'ix_history_archive_address', filter: 'address' };
    return this.database.reports.query<JailTotals>(
      `SELECT jail, action, count(*) AS events, CAST(coalesce(sum(failures), 0) AS bigint) AS failures,
         min(at) AS "firstAt", max(at) AS "lastAt"
       FROM (SELECT jail, action, failures, at FROM ${this.windows.through(index)} WHERE ${where} LIMIT ${maxTotalled}) few
       GROUP BY jail, action ORDER BY jail, action`,
      parameters.values,
    );
  }

  /** Walks through windows of rows of the most selective index until the page is full, all is seen or time is up. */
  private async search(
    request: HistoryPageRequest,
    drivers: readonly [Driver, ...Driver[]],
    deadline: number,
  ): Promise<ArchivePage> {
    const { pageSize } = request;
    const items: StoredEvent[] = [];
    let window = await this.windows.choose(request, drivers, request.after, firstWindow);
    for (let size = firstWindow; ;) {
      const startedAt = this.clock.monotonic();
      const limit = pageSize + 1 - items.length;
      const rows = await this.rowsOf(request, window, limit, size);
      for (const event of rows.map(storedEventOf)) if (passes(event, request)) items.push(event);
      if (items.length > pageSize) return pageOf(items, pageSize);
      const last = rows.at(-1);
      const isCut = last && rows.length === limit;
      // A full answer of which some did not pass the last check: go on right after it.
      const after = isCut ? { at: last.at, id: last.id } : window.end;
      if (!after) return { items, next: null, scannedUntil: null };
      const now = this.clock.monotonic();
      if (now >= deadline) return { items, next: after, scannedUntil: after.at };
      size = nextSize(size, now - startedAt, deadline - now, largestWindow);
      window = await this.windows.next(request, window.driver, after, size);
    }
  }

  /** The rows of a window that pass the filters. Without a size: the first rows, which the index alone chooses. */
  private rowsOf(
    request: HistoryPageRequest,
    window: ArchiveWindow,
    limit: number,
    size?: number,
  ): Promise<ArchivedRow[]> {
    const parameters = new Parameters();
    const inWindow = this.windows.condition(request, window, parameters);
    const rest = size === undefined ? '1 = 1' : rowConditions(this.database.kind, request, parameters);
    // On PostgreSQL the inner LIMIT keeps the planner from leaving the index for another one. It is longer than the window,
    // because rows may have come in since its end was found.
    const source =
      this.database.kind === 'sqlite'
        ? `${this.windows.through(window.driver)} WHERE ${inWindow} AND ${rest}`
        : `(SELECT ${archivedColumns}, address_key, prefix FROM history_archive WHERE ${inWindow}
             ${newestFirst} LIMIT ${size === undefined ? limit : size * 2}) w WHERE ${rest}`;
    return this.database.reports.query(
      `SELECT ${archivedColumns} FROM ${source} ${newestFirst} LIMIT ${limit}`,
      parameters.values,
    );
  }

  /** Whether a network has so few events that they can be sorted. Wider ones that only begin there count too: the index alone tells. */
  private async isSmall(network: Network): Promise<boolean> {
    const parameters = new Parameters();
    const where = keyCondition(network, parameters);
    const [row] = await this.database.reports.query<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM history_archive WHERE ${where} LIMIT ${maxSorted + 1}) few`,
      parameters.values,
    );
    return (row?.n ?? 0) <= maxSorted;
  }

  private inNetwork(request: HistoryPageRequest, network: Network): Promise<StoredEvent[]> {
    const index: Driver = { index: 'ix_history_archive_address', filter: 'address' };
    if (this.database.kind === 'sqlite') return this.sorted(request, () => [this.windows.through(index), '1 = 1']);
    // The LIMIT keeps the planner from walking through all times instead.
    return this.sorted(request, (parameters) => [
      `(SELECT ${archivedColumns}, address_key, prefix FROM history_archive
        WHERE ${networkCondition(network, parameters)} LIMIT ${maxSorted}) few`,
      '1 = 1',
    ]);
  }

  private listed(request: HistoryPageRequest, ids: readonly number[]): Promise<StoredEvent[]> {
    const list = JSON.stringify(ids.map((id) => [id]));
    return this.sorted(request, (parameters) => [
      'history_archive',
      `id IN (SELECT id FROM ${jsonRows(this.database.kind, parameters.add(list), { id: 'integer' })} r)`,
    ]);
  }

  /** One row more than the page of those that pass, found by any index and then sorted. */
  private async sorted(
    request: HistoryPageRequest,
    source: (parameters: Parameters) => readonly [table: string, condition: string],
  ): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    const limit = request.pageSize + 1;
    for (let { after } = request; ;) {
      const parameters = new Parameters();
      const [table, condition] = source(parameters);
      const rows = await this.database.reports.query<ArchivedRow>(
        `SELECT ${archivedColumns} FROM ${table} WHERE ${condition}
           AND ${allConditions(this.database.kind, request, parameters)} ${afterCondition(after, parameters)}
         ${newestFirst} LIMIT ${limit}`,
        parameters.values,
      );
      for (const event of rows.map(storedEventOf)) if (passes(event, request)) found.push(event);
      const last = rows.at(-1);
      // Some may not have passed the last check: then there is more to look at.
      if (found.length >= limit || !last || rows.length < limit) return found;
      after = { at: last.at, id: last.id };
    }
  }

  /** Ids of all events whose lines may contain the text; undefined when they are too many or take too long to find. */
  private async idsWithText(text: string, deadline: number): Promise<number[] | undefined> {
    if (this.database.kind === 'postgres') return this.idsWithTextOnPostgres(text);
    return this.textIndex.find(text, maxSorted, () => this.clock.monotonic() >= deadline);
  }

  private async idsWithTextOnPostgres(text: string): Promise<number[] | undefined> {
    if (text.length < 3) return undefined;
    try {
      return await this.database.read.transaction(async (manager) => {
        await manager.query(`SET LOCAL statement_timeout = ${budgetMs}`);
        const rows = await manager.query<{ id: number }[]>(
          `SELECT id FROM history_archive WHERE matches ILIKE $1 ESCAPE '!' LIMIT ${maxSorted + 1}`,
          [likePattern(text)],
        );
        return rows.length > maxSorted ? undefined : rows.map(({ id }) => id);
      });
    } catch (error) {
      // It took too long: the text is too common, or the index is missing. Anything else is a real failure.
      if (error instanceof Error && 'code' in error && error.code === '57014') return undefined;
      throw error;
    }
  }
}

function passes(event: StoredEvent, { text }: HistoryFilter): boolean {
  return text === undefined || contains(event.matches, text);
}

/** A page of rows of which there may be more than fit. */
function pageOf(events: StoredEvent[], pageSize: number): ArchivePage {
  const items = events.slice(0, pageSize);
  const last = items.at(-1);
  const hasMore = events.length > pageSize && last;
  return { items, next: hasMore ? { at: last.at, id: last.id } : null, scannedUntil: null };
}
