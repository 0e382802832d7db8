import { computed, signal } from '@angular/core';
import { type LogsPage$Params } from '../api/generated/fn/logs/logs-page';
import { type LogPage, type LogPlaceInfo, type LogRecordLine } from '../api/generated/models';
import { type Problem, problemOf } from '../api/problem';

/** Which lines are wanted. */
export type LogFilters = Pick<LogsPage$Params, 'level' | 'jail' | 'address'>;

/** Lines that are kept in the browser. */
export const MOST_LINES = 5_000;
/** Pause between two looks at what was written, milliseconds. */
const FOLLOW_MS = 1_500;
/** Pause before another look at a log that cannot be read, milliseconds. */
const RETRY_MS = 5_000;
const FIRST_LINES = 300;
const NEXT_LINES = 1_000;

/** The end of fail2ban's log, followed until it is paused or ended. Keeps at most {@link MOST_LINES} lines. */
export class LogTail {
  private readonly kept = signal<readonly LogRecordLine[]>([]);
  private readonly older = signal<string | null>(null);
  private readonly page = signal<LogPage | null>(null);
  private readonly failure = signal<Problem | null>(null);
  private readonly paused = signal(false);
  private readonly readingOlder = signal(false);
  private readonly dropped = signal(false);
  private readonly gap = signal(false);
  private readonly scanned = signal<number | null>(null);
  private filters: LogFilters = {};
  private newer: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Moves on with each restart: an answer to an older question is of no interest. */
  private generation = 0;
  /** Moves on with each look: two at once would bring the same lines twice. */
  private turn = 0;

  constructor(private readonly read: (query: LogsPage$Params) => Promise<LogPage>) {}

  /** Oldest first. */
  readonly lines = this.kept.asReadonly();
  readonly isPaused = this.paused.asReadonly();
  readonly isReadingOlder = this.readingOlder.asReadonly();
  /** Null before the first answer. */
  readonly place = computed<LogPlaceInfo | null>(() => this.page()?.place ?? null);
  /** Why the last look failed. */
  readonly problem = this.failure.asReadonly();
  /** Lines that were shown first are no longer kept. */
  readonly hasDropped = this.dropped.asReadonly();
  /** Some lines were gone before they could be read. */
  readonly hasGap = this.gap.asReadonly();
  /** Epoch milliseconds up to which was searched when there may be more; null otherwise. */
  readonly scannedUntil = this.scanned.asReadonly();
  readonly hasOlder = computed(() => this.older() !== null && !this.dropped() && this.kept().length < MOST_LINES);

  /** Begins at the end of the log, with other filters or the same. */
  restart(filters: LogFilters): void {
    this.end();
    this.filters = filters;
    this.newer = null;
    this.kept.set([]);
    this.older.set(null);
    this.page.set(null);
    this.failure.set(null);
    this.dropped.set(false);
    this.gap.set(false);
    this.scanned.set(null);
    void this.look(this.generation);
  }

  /** Looks no more; what is shown stays. */
  pause(): void {
    this.paused.set(true);
    clearTimeout(this.timer);
  }

  /** Goes on where it was paused. */
  resume(): void {
    this.paused.set(false);
    clearTimeout(this.timer);
    void this.look(this.generation);
  }

  /** Looks at once. */
  retry(): void {
    clearTimeout(this.timer);
    void this.look(this.generation);
  }

  /** Ends for good, or until the next restart. */
  end(): void {
    this.generation += 1;
    clearTimeout(this.timer);
  }

  /** Reads what stands before the first line. */
  async readOlder(): Promise<void> {
    const before = this.older();
    if (before === null || this.readingOlder()) return;
    const { generation } = this;
    this.readingOlder.set(true);
    try {
      const page = await this.read({ ...this.filters, before, limit: NEXT_LINES });
      if (generation !== this.generation) return;
      const room = MOST_LINES - this.kept().length;
      this.kept.update((lines) => [...(room > 0 ? page.lines.slice(-room) : []), ...lines]);
      this.older.set(page.older);
      this.scanned.set(page.scannedUntil);
    } catch (error) {
      if (generation === this.generation) this.failure.set(problemOf(error));
    } finally {
      this.readingOlder.set(false);
    }
  }

  private async look(generation: number): Promise<void> {
    const turn = ++this.turn;
    const isLate = (): boolean => generation !== this.generation || turn !== this.turn;
    let pause = FOLLOW_MS;
    try {
      const page = await this.read(
        this.newer === null
          ? { ...this.filters, limit: FIRST_LINES }
          : { ...this.filters, after: this.newer, limit: NEXT_LINES },
      );
      if (isLate()) return;
      this.take(page);
      this.failure.set(null);
      if (page.place.kind !== 'file') pause = RETRY_MS;
      else if (page.hasMore) pause = 0;
    } catch (error) {
      if (isLate()) return;
      this.failure.set(problemOf(error));
      pause = RETRY_MS;
    }
    if (!this.paused()) this.timer = setTimeout(() => void this.look(generation), pause);
  }

  private take(page: LogPage): void {
    this.page.set(page);
    if (page.place.kind !== 'file') return;
    if (this.newer === null) {
      this.older.set(page.older);
      this.scanned.set(page.scannedUntil);
    }
    this.newer = page.newer ?? this.newer;
    if (page.hasGap) this.gap.set(true);
    if (page.lines.length === 0) return;
    const lines = [...this.kept(), ...page.lines];
    if (lines.length > MOST_LINES) this.dropped.set(true);
    this.kept.set(lines.slice(-MOST_LINES));
  }
}
