import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { JailsState } from '../api/jails-state';
import { AddressLink } from '../ui/address-link';
import { Country } from '../ui/country';
import { formatDuration, formatMoment, formatNumber } from '../ui/format';
import { JailName } from '../ui/jail-name';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { BanFeed, type FeedEntry } from './ban-feed';

const SHOWN = 20;

/** The newest bans as they come. It stands still while the pointer or the focus is in it, and while it is paused. */
@Component({
  selector: 'bangui-live-list',
  imports: [AddressLink, Country, JailName, Moment, Skeleton],
  templateUrl: './live-list.html',
  styleUrl: './live-list.css',
})
export class LiveList {
  protected readonly feed = inject(BanFeed);
  protected readonly jails = inject(JailsState);

  protected readonly isPaused = signal(false);
  private readonly isHovered = signal(false);
  private readonly isFocused = signal(false);
  private readonly isStill = computed(() => this.isPaused() || this.isHovered() || this.isFocused());
  /** What is drawn: the feed, or what it was when the list began to stand still. */
  protected readonly entries = linkedSignal<{ entries: readonly FeedEntry[]; isStill: boolean }, readonly FeedEntry[]>({
    source: () => ({ entries: this.feed.entries(), isStill: this.isStill() }),
    computation: (now, previous) =>
      now.isStill && previous && previous.value.length > 0 ? previous.value : now.entries.slice(0, SHOWN),
  });
  protected readonly held = computed(() => {
    const first = this.entries()[0];
    return first
      ? Math.max(
          0,
          this.feed.entries().findIndex((entry) => entry.key === first.key),
        )
      : 0;
  });
  protected readonly rate = computed(() =>
    this.held() > 0
      ? $localize`${formatNumber(this.held())}:count: held back`
      : $localize`${formatNumber(this.feed.recent())}:count: in 5 min`,
  );

  protected hover(isIn: boolean): void {
    this.isHovered.set(isIn);
  }

  protected focus(isIn: boolean): void {
    this.isFocused.set(isIn);
  }

  protected pause(): void {
    this.isPaused.update((isPaused) => !isPaused);
  }

  /** How long it lasts, for the title of its row's end. */
  protected endOf(entry: FeedEntry): string {
    const duration = formatDuration(entry.duration);
    return entry.expiresAt === null
      ? duration
      : $localize`${duration}:duration:, until ${formatMoment(entry.expiresAt)}:time:`;
  }
}
