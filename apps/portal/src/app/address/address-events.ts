import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { type AddressHistory, type HistoryRecord } from '../api/generated/models';
import { JailsState } from '../api/jails-state';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { eventWords, HistoryApi } from '../history/index';
import { AddressLink } from '../ui/address-link';
import { Busy } from '../ui/busy';
import { formatDuration, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { JailName } from '../ui/jail-name';
import { Moment } from '../ui/moment';
import { isNetwork } from '../ui/network';
import { Toasts } from '../ui/toasts';

/** Events at first; the rest of what was read comes on demand. */
const SHOWN = 10;

/** Every ban and unban of an address or network, newest first. */
@Component({
  selector: 'bangui-address-events',
  imports: [AddressLink, Busy, HostileText, JailName, Moment, RouterLink],
  templateUrl: './address-events.html',
  styleUrl: './address-events.css',
})
export class AddressEvents {
  private readonly api = inject(HistoryApi);
  private readonly toasts = inject(Toasts);
  protected readonly jails = inject(JailsState);

  readonly address = input.required<string>();
  readonly history = input.required<AddressHistory>();

  /** In a network each event has an address of its own. */
  protected readonly hasAddresses = computed(() => isNetwork(this.address()));
  private readonly limit = linkedSignal({ source: this.address, computation: () => SHOWN });
  /** What was read beyond the first page, until another address or a newer first page comes. */
  private readonly older = linkedSignal<AddressHistory, { items: readonly HistoryRecord[]; next: string | null }>({
    source: this.history,
    computation: (history) => ({ items: [], next: history.nextCursor }),
  });
  private readonly all = computed(() => [...this.history().items, ...this.older().items]);
  protected readonly shown = computed(() => this.all().slice(0, this.limit()));
  protected readonly hasMore = computed(() => this.shown().length < this.all().length || this.older().next !== null);
  protected readonly isReading = signal(false);
  protected readonly total = computed(() => {
    const { bans, unbans, complete } = this.history().totals;
    const count = formatNumber(bans + unbans);
    return complete ? $localize`${count}:count: in all` : $localize`more than ${count}:count:`;
  });

  protected words(record: HistoryRecord): string {
    return eventWords(record);
  }

  /** How long, and the how-manieth time. */
  protected lengthOf(record: HistoryRecord): string {
    if (record.duration === null) return '';
    const duration = formatDuration(record.duration);
    return record.banCount !== null && record.banCount > 1
      ? $localize`${duration}:duration:, ban no. ${formatNumber(record.banCount)}:count:`
      : duration;
  }

  protected because(record: HistoryRecord): string {
    if (record.failures === null || record.failures === 0) return '';
    return record.failures === 1 ? $localize`1 failure` : $localize`${formatNumber(record.failures)}:count: failures`;
  }

  protected async showMore(): Promise<void> {
    const { next } = this.older();
    const isEnough = this.all().length >= this.limit() + 50 || next === null;
    this.limit.update((limit) => limit + 50);
    if (isEnough) return;
    const history = this.history();
    this.isReading.set(true);
    try {
      const query = { filters: { network: this.address() }, from: undefined, to: undefined };
      const page = await firstValueFrom(this.api.page(query, next, 100));
      // Meanwhile the page may have been read anew: then its own cursor counts.
      if (this.history() === history) {
        this.older.update(({ items }) => ({ items: [...items, ...page.items], next: page.nextCursor }));
      }
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.isReading.set(false);
    }
  }
}
