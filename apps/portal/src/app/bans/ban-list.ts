import { BreakpointObserver } from '@angular/cdk/layout';
import {
  CdkFixedSizeVirtualScroll,
  CdkVirtualForOf,
  CdkVirtualScrollableWindow,
  CdkVirtualScrollViewport,
} from '@angular/cdk/scrolling';
import { Component, computed, inject, input, linkedSignal, output, viewChild } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { fromEvent, map, startWith } from 'rxjs';
import { type Ban } from '../api/generated/models';
import { JailsState } from '../api/jails-state';
import { Clock } from '../ui/clock';
import { AddressLink } from '../ui/address-link';
import { Failed } from '../ui/failed';
import { formatDuration, formatExact, formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { JailName } from '../ui/jail-name';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { BanActions } from './ban-actions';
import { type BansView } from './bans-view';

/** Heights of a row and of a card, pixels; virtual scrolling needs them fixed. The style sheet has the same. */
const ROW_HEIGHT = 36;
const CARD_HEIGHT = 76;
/** The next page is read when this many rows or fewer are left below. */
const READ_AHEAD = 60;

/** Bans as rows that scroll with the page however many there are; cards on a phone. Select some, unban them. */
@Component({
  selector: 'bangui-ban-list',
  imports: [
    AddressLink,
    CdkFixedSizeVirtualScroll,
    CdkVirtualForOf,
    CdkVirtualScrollableWindow,
    CdkVirtualScrollViewport,
    Failed,
    Icon,
    JailName,
    Moment,
    Skeleton,
  ],
  templateUrl: './ban-list.html',
  styleUrl: './ban-list.css',
  host: { '[class.with-jail]': 'hasJailColumn()' },
})
export class BanList {
  private readonly clock = inject(Clock);
  protected readonly actions = inject(BanActions);
  protected readonly jails = inject(JailsState);

  readonly view = input.required<BansView>();
  readonly isFiltered = input(false);
  readonly hasJailColumn = input(true);
  /** True while new rows may slide in on top without moving what is being read. */
  readonly atTop = output<boolean>();
  /** The person wants to see all of them. */
  readonly cleared = output();

  private readonly viewport = viewChild(CdkVirtualScrollViewport);
  private readonly isNarrow = toSignal(
    inject(BreakpointObserver)
      .observe('(max-width: 599px)')
      .pipe(map((state) => state.matches)),
    { initialValue: false },
  );
  protected readonly rowHeight = computed(() => (this.isNarrow() ? CARD_HEIGHT : ROW_HEIGHT));
  protected readonly items = computed(() => this.view().list.items());
  /** Keys of the selected bans; those that are lifted meanwhile fall out. */
  private readonly picked = linkedSignal<readonly Ban[], ReadonlySet<string>>({
    source: () => this.items(),
    computation: (items, previous) => {
      const before = previous?.value ?? new Set<string>();
      if (before.size === 0) return before;
      const there = new Set(items.map((item) => keyOf(item)));
      return new Set([...before].filter((key) => there.has(key)));
    },
  });
  protected readonly selected = computed(() => {
    const picked = this.picked();
    return picked.size === 0 ? [] : this.items().filter((ban) => picked.has(keyOf(ban)));
  });
  protected readonly selectedWords = computed(() => $localize`${formatNumber(this.selected().length)}:count: selected`);
  protected readonly areAllSelected = computed(
    () => this.items().length > 0 && this.selected().length === this.items().length,
  );
  protected readonly waitingWords = computed(() => {
    const count = this.view().waiting().length;
    return count === 1 ? $localize`Show 1 new ban` : $localize`Show ${formatNumber(count)}:count: new bans`;
  });

  constructor() {
    fromEvent(window, 'scroll', { passive: true })
      .pipe(
        map(() => window.scrollY < 80),
        startWith(true),
        takeUntilDestroyed(),
      )
      .subscribe((isTop) => this.atTop.emit(isTop));
  }

  protected readonly trackBan = (_index: number, ban: Ban): string => keyOf(ban);

  protected scrolledTo(): void {
    const end = this.viewport()?.getRenderedRange().end ?? 0;
    if (end >= this.items().length - READ_AHEAD) this.view().list.readMore();
  }

  protected isSelected(ban: Ban): boolean {
    return this.picked().has(keyOf(ban));
  }

  protected pick(ban: Ban): void {
    const next = new Set(this.picked());
    if (!next.delete(keyOf(ban))) next.add(keyOf(ban));
    this.picked.set(next);
  }

  protected pickAll(): void {
    this.picked.set(this.areAllSelected() ? new Set() : new Set(this.items().map((ban) => keyOf(ban))));
  }

  protected pickNone(): void {
    this.picked.set(new Set());
  }

  protected unbanSelected(): void {
    void this.actions.unban(this.selected());
  }

  protected unban(ban: Ban): void {
    void this.actions.unban([ban]);
  }

  protected showWaiting(): void {
    window.scrollTo({ top: 0 });
    this.view().showWaiting();
  }

  protected durationOf(ban: Ban): string {
    return formatDuration(ban.duration);
  }

  protected leftOf(ban: Ban): string {
    if (ban.expiresAt === null) return $localize`for good`;
    const seconds = Math.round((ban.expiresAt - this.clock.now()) / 1000);
    if (seconds <= 0) return $localize`ending`;
    // In steps of a minute, so that the whole column does not tick.
    return formatDuration(seconds < 60 ? seconds : Math.floor(seconds / 60) * 60);
  }

  protected endOf(ban: Ban): string {
    return ban.expiresAt === null ? '' : formatExact(ban.expiresAt);
  }
}

function keyOf(ban: Ban): string {
  return `${ban.jail} ${ban.address}`;
}
