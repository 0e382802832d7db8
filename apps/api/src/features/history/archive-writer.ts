import { Injectable } from '@nestjs/common';
import { type Sql } from '../../core/database/sql.ts';
import { type ArchiveEvent, type StoredEvent } from './archive-event.ts';

/** Failures that a jail saw, more than it had seen before. */
export interface FailureDelta {
  readonly jail: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** At least 1. */
  readonly failures: number;
}

/** The only way into the archive: rows, text index and roll-ups go in together or not at all. */
@Injectable()
export class ArchiveWriter {
  /**
   * Stores the events that are not stored yet and emits `archiveGrew` after the commit.
   * @param alongside runs inside each of the transactions, for what must be remembered together with the rows. Many
   *   events need several transactions; then it runs in the last one only.
   * @returns what was really stored, with ids, in the order of ids
   */
  append(_events: readonly ArchiveEvent[], _alongside?: (sql: Sql) => Promise<void>): Promise<readonly StoredEvent[]> {
    return Promise.resolve([]);
  }

  /** Adds to the failures that jails have seen. */
  countFailures(_deltas: readonly FailureDelta[]): Promise<void> {
    return Promise.resolve();
  }

  /** Forgets what is older than this time, in small bites. Resolves to how many events were removed. */
  purge(_before: number, _signal?: AbortSignal): Promise<number> {
    return Promise.resolve(0);
  }
}
