import { Injectable } from '@nestjs/common';
import { type StoredEvent } from './archive-event.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';

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
  /** 1 to 5,000. */
  readonly pageSize: number;
  /** The page starts after it. */
  readonly after?: HistoryPosition | undefined;
}

/** Reads the archive. */
@Injectable()
export class HistoryRepository {
  /** One page. */
  getArchivedHistory(_request: HistoryPageRequest): Promise<ArchivePage> {
    return Promise.resolve({ items: [], next: null, scannedUntil: null });
  }

  /** One page after the event with this id. @throws {HistoryGone} */
  getArchivedHistoryKeyset(
    _request: HistoryFilter & { readonly pageSize: number; readonly lastBanId?: number | undefined },
  ): Promise<ArchivePage> {
    return Promise.resolve({ items: [], next: null, scannedUntil: null });
  }

  /** Events stored after this id, oldest first, for those who come back: at most `limit`. */
  storedAfter(_id: number, _limit: number): Promise<StoredEvent[]> {
    return Promise.resolve([]);
  }

  /** Id of the event stored last; 0 in an empty archive. */
  newestId(): Promise<number> {
    return Promise.resolve(0);
  }
}
