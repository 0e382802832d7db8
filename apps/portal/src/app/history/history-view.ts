import { DestroyRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type Subscription } from 'rxjs';
import { type HistoryRecord } from '../api/generated/models';
import { type LiveEvent } from '../api/live/events';
import { Live } from '../api/live/live';
import { HistoryApi, type HistoryQuery } from './history-api';
import { HistoryRows } from './history-rows';

/** Rows of a page, as many as fill a tall screen twice. */
const PAGE_SIZE = 100;
/** After news the top is read again at most this often, milliseconds. */
const LOOK_AFTER_MS = 1500;

/** The history that is looked at, and what happens on top of it meanwhile. Needs an injection context. */
export class HistoryView {
  private readonly api = inject(HistoryApi);
  private query: HistoryQuery | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: Subscription | undefined;

  readonly rows = new HistoryRows((cursor) => this.api.page(this.asked(), cursor, PAGE_SIZE));
  /** True while the top of the list is in view: then new events slide in. */
  readonly isAtTop = signal(true);
  /** New events that are held back because the person reads further down. */
  readonly waiting = signal<readonly HistoryRecord[]>([]);
  /** Changes whenever the list begins anew. */
  readonly generation = signal(0);
  /** Events that came while the page was open: they slide in. */
  readonly fresh = new WeakSet<HistoryRecord>();
  /** How many rows were put on top since the list began. */
  readonly shifted = signal(0);

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (this.concerns(event)) this.lookSoon();
      });
    inject(DestroyRef).onDestroy(() => {
      this.forgetNews();
      this.rows.stop();
    });
  }

  show(query: HistoryQuery): void {
    this.query = query;
    this.forgetNews();
    this.generation.update((count) => count + 1);
    this.shifted.set(0);
    this.rows.start();
  }

  showWaiting(): void {
    const waiting = this.waiting();
    this.waiting.set([]);
    this.put(waiting);
  }

  private concerns(event: LiveEvent): boolean {
    // A fixed stretch of time has no news.
    if (!this.query || this.query.to !== undefined) return false;
    const { jail, action } = this.query.filters;
    if (event.name === 'resync') return true;
    if (event.name === 'ban' || event.name === 'unban') {
      return (jail ?? event.data.jail) === event.data.jail && (action ?? event.name) === event.name;
    }
    return event.name === 'bans-changed' && (jail ?? event.data.jail) === event.data.jail;
  }

  private lookSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.look();
    }, LOOK_AFTER_MS);
  }

  /** Reads the newest page and finds what was not there. */
  private look(): void {
    if (!this.rows.isReady()) return;
    this.request?.unsubscribe();
    this.request = this.api.page(this.asked(), null, PAGE_SIZE).subscribe({
      next: (page) => {
        const known = new Set([...this.waiting(), ...this.rows.newest()].map((record) => record.id));
        const news = page.items.filter((record) => !known.has(record.id));
        for (const record of news) this.fresh.add(record);
        // More happened than a page holds: there would be a gap.
        if (news.length === page.items.length && page.nextCursor !== null && known.size > 0) this.restart();
        else if (this.isAtTop()) this.put([...news, ...this.waiting()]);
        else this.waiting.update((waiting) => [...news, ...waiting]);
      },
      // The next event tries again; the list itself is still right.
      error: () => undefined,
    });
  }

  private restart(): void {
    if (this.query) this.show(this.query);
  }

  private put(records: readonly HistoryRecord[]): void {
    if (records.length === 0) return;
    this.waiting.set([]);
    this.rows.prepend(records);
    this.shifted.update((count) => count + records.length);
  }

  private forgetNews(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.request?.unsubscribe();
    this.waiting.set([]);
  }

  private asked(): HistoryQuery {
    if (!this.query) throw new Error('Nothing was asked yet.');
    return this.query;
  }
}
