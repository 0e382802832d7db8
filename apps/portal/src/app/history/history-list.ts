import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { type HistoryRecord } from '../api/generated/models';
import { JailsState } from '../api/jails-state';
import { AddressLink } from '../ui/address-link';
import { Country } from '../ui/country';
import { Failed } from '../ui/failed';
import { formatDay, formatDuration, formatExact, formatMoment, formatNumber, formatSecond } from '../ui/format';
import { Icon } from '../ui/icon';
import { JailName } from '../ui/jail-name';
import { plainText } from '../ui/plain-text';
import { RowToggle } from '../ui/row-toggle';
import { Skeleton } from '../ui/skeleton';
import { RowLayout } from '../ui/virtual-rows';
import { eventWords } from './event-words';
import { HistoryDetail } from './history-detail';
import { type HistoryView } from './history-view';

/** Heights of a row, pixels: with a mouse, under a finger, as a card on a phone. The style sheet takes it from here. */
const HEIGHTS = { mouse: 28, touch: 44, card: 84 } as const;
/** Drawn above and below what is in view, pixels. */
const BUFFER = 600;

/** The history as rows that scroll with the page, however many there are; cards on a phone. Each opens to its lines. */
@Component({
  selector: 'bangui-history-list',
  imports: [AddressLink, Country, Failed, HistoryDetail, Icon, JailName, RowToggle, Skeleton],
  templateUrl: './history-list.html',
  styleUrl: './history-list.css',
})
export class HistoryList {
  private readonly body = viewChild<ElementRef<HTMLElement>>('body');
  protected readonly jails = inject(JailsState);

  readonly view = input.required<HistoryView>();
  readonly isFiltered = input(false);
  /** A longer range could be looked at. */
  readonly canWiden = input(false);
  /** The text that is searched for, to mark it. */
  readonly sought = input('');
  readonly cleared = output();
  readonly widened = output();
  readonly restarted = output();
  /** The list is as long as a page can be: what is older than this (epoch milliseconds) is wanted. */
  readonly olderWanted = output<number>();

  protected readonly rows = computed(() => this.view().rows);
  protected readonly number = formatNumber;
  protected readonly height = signal<number>(HEIGHTS.mouse);
  /** What the window shows of the list, pixels from the list's top. */
  private readonly seen = signal({ top: 0, bottom: 1000 });
  /** Opened rows by their id, and how high what they show is. */
  private readonly opened = signal<ReadonlyMap<number, { readonly index: number; readonly height: number }>>(new Map());
  private readonly layout = computed(
    () =>
      new RowLayout(
        this.rows().count(),
        this.height(),
        new Map([...this.opened().values()].map(({ index, height }) => [index, height])),
      ),
  );
  protected readonly total = computed(() => this.layout().height);
  private readonly range = computed(
    () => {
      const { top, bottom } = this.seen();
      const layout = this.layout();
      return { start: layout.indexAt(top - BUFFER), end: layout.indexAt(bottom + BUFFER) + 1 };
    },
    { equal: (a, b) => a.start === b.start && a.end === b.end },
  );
  protected readonly offset = computed(() => this.layout().offsetOf(this.range().start));
  protected readonly drawn = computed(() => {
    const { start, end } = this.range();
    return this.rows()
      .slice(start, end)
      .map((record, at) => ({ record, index: start + at, key: record?.id ?? `gap ${String(start + at)}` }));
  });
  protected readonly waitingWords = computed(() => {
    const count = this.view().waiting().length;
    return count === 1 ? $localize`Show 1 new event` : $localize`Show ${formatNumber(count)}:count: new events`;
  });
  protected readonly scanned = computed(() => {
    const until = this.rows().scannedUntil();
    return until === null ? '' : formatMoment(until);
  });
  protected readonly lastDay = computed(() => {
    const oldest = this.rows().oldest();
    return oldest ? formatDay(oldest.at) : '';
  });

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      let isAsked = false;
      const measure = (): void => {
        if (isAsked) return;
        isAsked = true;
        requestAnimationFrame(() => {
          isAsked = false;
          this.measure();
        });
      };
      const sizes = new ResizeObserver(measure);
      sizes.observe(document.documentElement);
      addEventListener('scroll', measure, { passive: true });
      destroyed.onDestroy(() => {
        sizes.disconnect();
        removeEventListener('scroll', measure);
      });
      this.measure();
    });
    // Another list has other rows at these places.
    effect(() => {
      this.view().generation();
      untracked(() => this.opened.set(new Map()));
    });
    let shifted = 0;
    effect(() => {
      const now = this.view().shifted();
      const by = now - shifted;
      shifted = now;
      if (by > 0) untracked(() => this.shiftOpened(by));
    });
    effect(() => {
      const { start, end } = this.range();
      // Also when the count has grown: the view may still not be filled.
      this.rows().count();
      untracked(() => this.rows().look(start, end));
    });
  }

  protected isOpen(record: HistoryRecord): boolean {
    return this.opened().has(record.id);
  }

  protected toggle(record: HistoryRecord, index: number): void {
    const next = new Map(this.opened());
    if (!next.delete(record.id)) next.set(record.id, { index, height: 0 });
    this.opened.set(next);
  }

  protected measured(record: HistoryRecord, height: number): void {
    const known = this.opened().get(record.id);
    if (!known || known.height === height) return;
    this.opened.set(new Map(this.opened()).set(record.id, { ...known, height }));
  }

  protected showWaiting(): void {
    scrollTo({ top: 0 });
    this.view().showWaiting();
  }

  protected older(): void {
    const oldest = this.rows().oldest();
    if (oldest) this.olderWanted.emit(oldest.at);
  }

  protected timeOf(record: HistoryRecord): string {
    return formatSecond(record.at);
  }

  protected exactOf(record: HistoryRecord): string {
    return formatExact(record.at);
  }

  protected durationOf(record: HistoryRecord): string {
    return record.duration === null ? '' : formatDuration(record.duration);
  }

  protected openLabel(record: HistoryRecord): string {
    return $localize`Matched lines of ${record.address}:address:`;
  }

  /** Who runs the network: a name that anybody may have registered. */
  protected networkOf(record: HistoryRecord): string {
    return plainText(record.organisation ?? '');
  }

  protected eventOf(record: HistoryRecord): string {
    return eventWords(record);
  }

  private shiftOpened(by: number): void {
    this.opened.update(
      (opened) => new Map([...opened].map(([id, { index, height }]) => [id, { index: index + by, height }])),
    );
  }

  private measure(): void {
    const isPhone = matchMedia('(max-width: 599px)').matches;
    const isCoarse = matchMedia('(pointer: coarse)').matches;
    this.height.set(isPhone ? HEIGHTS.card : isCoarse ? HEIGHTS.touch : HEIGHTS.mouse);
    this.view().isAtTop.set(scrollY < 80);
    const top = -(this.body()?.nativeElement.getBoundingClientRect().top ?? 0);
    this.seen.set({ top, bottom: top + innerHeight });
  }
}
