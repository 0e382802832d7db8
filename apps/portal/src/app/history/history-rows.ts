import { computed, type Signal, signal } from '@angular/core';
import { type Observable, type Subscription } from 'rxjs';
import { type HistoryPage, type HistoryRecord } from '../api/generated/models';
import { type Problem, problemOf } from '../api/problem';

/** Reads one page; null is the first one. */
export type ReadPage = (cursor: string | null) => Observable<HistoryPage>;

/** A page that was read. Far from what is looked at its items are let go and read again by the cursor when needed. */
interface KnownPage {
  readonly cursor: string | null;
  readonly count: number;
  readonly items: readonly HistoryRecord[] | null;
}

/** More rows than this are read ahead of what is looked at. */
const READ_AHEAD = 60;
/** Pages kept on each side of what is looked at. */
const KEPT_PAGES = 12;
/** A search that finds little goes on by itself for this many pages; then a person decides. */
const SEARCHES_ALONE = 12;
/** A browser cannot lay out a page of any height; there a shorter range must be chosen. */
export const MOST_ROWS = 200_000;

/** A row, or undefined while its page is being read again. */
export type Row = HistoryRecord | undefined;

/**
 * The archive as one long list: pages are read as they come into view, and only those around it stay in memory, so that
 * the ten-thousandth page costs what the first one does.
 */
export class HistoryRows {
  private readonly pages = signal<readonly KnownPage[]>([]);
  private readonly next = signal<string | null | undefined>(undefined);
  private readonly failed = signal<Problem | null>(null);
  private readonly reading = signal(false);
  private readonly looked = signal<number | null>(null);
  private readonly searchesLeft = signal(SEARCHES_ALONE);
  private request: Subscription | undefined;
  private readonly again = new Map<number, Subscription>();
  private wanted: { readonly start: number; readonly end: number } = { start: 0, end: 0 };

  readonly count: Signal<number> = computed(() => this.pages().reduce((sum, page) => sum + page.count, 0));
  readonly problem = this.failed.asReadonly();
  readonly isReading = this.reading.asReadonly();
  /** False until the first answer. */
  readonly isReady = computed(() => this.next() !== undefined);
  /** Nothing older matches. */
  readonly isEnd = computed(() => this.next() === null);
  readonly isFull = computed(() => this.count() >= MOST_ROWS);
  /** The search is slow: everything after this time (epoch milliseconds) has been looked through. */
  readonly scannedUntil = this.looked.asReadonly();
  /** It found so little that a person should say whether to go on. */
  readonly isPaused = computed(
    () => !this.reading() && !this.isEnd() && this.looked() !== null && this.searchesLeft() === 0,
  );

  constructor(private readonly read: ReadPage) {}

  /** Begins anew; what is shown goes at once. */
  start(): void {
    this.stop();
    this.pages.set([]);
    this.next.set(undefined);
    this.looked.set(null);
    this.searchesLeft.set(SEARCHES_ALONE);
    this.readNext();
  }

  stop(): void {
    this.request?.unsubscribe();
    for (const request of this.again.values()) request.unsubscribe();
    this.again.clear();
    this.reading.set(false);
    this.failed.set(null);
  }

  /** The rows from `start` to before `end`. */
  slice(start: number, end: number): readonly Row[] {
    const rows: Row[] = [];
    let first = 0;
    for (const page of this.pages()) {
      const last = first + page.count;
      for (let index = Math.max(start, first); index < Math.min(end, last); index += 1) {
        rows.push(page.items?.[index - first]);
      }
      first = last;
      if (first >= end) break;
    }
    return rows;
  }

  /** The newest rows that are known, to compare with. */
  newest(): readonly HistoryRecord[] {
    return this.pages()[0]?.items ?? [];
  }

  /** The last row that is known. */
  oldest(): HistoryRecord | undefined {
    return this.pages().at(-1)?.items?.at(-1);
  }

  /** Says what is looked at; reads what is missing and lets go what is far away. */
  look(start: number, end: number): void {
    this.wanted = { start, end };
    this.keepAround();
    this.readOn();
  }

  /** After a problem, or to go on with a search that found little. */
  goOn(): void {
    this.failed.set(null);
    this.searchesLeft.set(SEARCHES_ALONE);
    this.readNext();
  }

  /** Takes in events that are newer than all that is known. */
  prepend(records: readonly HistoryRecord[]): void {
    const [first, ...others] = this.pages();
    if (!first || records.length === 0) return;
    const items = [...records, ...(first.items ?? [])];
    this.pages.set([{ ...first, items, count: items.length }, ...others]);
  }

  private readOn(): void {
    const isNear = this.count() < this.wanted.end + READ_AHEAD;
    if (!isNear || !this.isReady() || this.isEnd() || this.isFull() || this.reading() || this.failed()) return;
    if (this.looked() !== null && this.searchesLeft() === 0) return;
    this.readNext();
  }

  private readNext(): void {
    const cursor = this.next() ?? null;
    this.reading.set(true);
    this.request = this.read(cursor).subscribe({
      next: (page) => {
        this.reading.set(false);
        this.take(cursor, page);
        this.readOn();
      },
      error: (error: unknown) => {
        this.reading.set(false);
        this.failed.set(problemOf(error));
      },
    });
  }

  private take(cursor: string | null, page: HistoryPage): void {
    const isSearch = page.scannedUntil !== undefined && page.nextCursor !== null;
    this.looked.set(isSearch ? (page.scannedUntil ?? null) : null);
    if (isSearch) this.searchesLeft.update((left) => Math.max(0, left - 1));
    this.next.set(page.nextCursor);
    if (page.items.length > 0 || cursor === null) {
      this.pages.update((pages) => [...pages, { cursor, count: page.items.length, items: page.items }]);
    }
  }

  /** Lets pages go that are far away and reads those again that came back into view. */
  private keepAround(): void {
    const pages = this.pages();
    const { from, to } = this.pagesInView();
    // The first page stays: new events are compared with it and put before it.
    const isFar = (index: number): boolean => index > 0 && (index < from - KEPT_PAGES || index > to + KEPT_PAGES);
    if (pages.some((page, index) => page.items !== null && isFar(index))) {
      this.pages.set(pages.map((page, index) => (isFar(index) ? { ...page, items: null } : page)));
    }
    for (let index = from; index <= to; index += 1) if (pages[index]?.items === null) this.readAgain(index);
  }

  private readAgain(index: number): void {
    const page = this.pages()[index];
    if (!page || this.again.has(index)) return;
    const request = this.read(page.cursor).subscribe({
      next: ({ items }) => {
        this.again.delete(index);
        this.pages.update((pages) =>
          // Its length stays: rows below must not move while they are read. Missing ones were purged meanwhile.
          pages.map((known, at) => (at === index ? { ...known, items: items.slice(0, known.count) } : known)),
        );
      },
      error: (error: unknown) => {
        this.again.delete(index);
        this.failed.set(problemOf(error));
      },
    });
    if (!request.closed) this.again.set(index, request);
  }

  private pagesInView(): { from: number; to: number } {
    const { start, end } = this.wanted;
    let first = 0;
    let from = 0;
    let to = 0;
    this.pages().forEach((page, index) => {
      if (first <= start) from = index;
      if (first < end) to = index;
      first += page.count;
    });
    return { from, to };
  }
}
