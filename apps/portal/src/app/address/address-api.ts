import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { DestroyRef, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { EMPTY, expand, firstValueFrom, reduce, take } from 'rxjs';
import { Api } from '../api/generated/api';
import { geoName } from '../api/generated/fn/geo/geo-name';
import { historyAddress } from '../api/generated/fn/history/history-address';
import { type AddressHistory, type HistoryRecord } from '../api/generated/models';
import { type LiveEvent } from '../api/live/events';
import { Live } from '../api/live/live';
import { LiveValue } from '../api/live-value';
import { HistoryApi } from '../history/index';
import { isInside } from '../ui/network';
import { type TimeWindow } from '../ui/time-range';

/** Events of one page, and pages of a timeline: more marks than that nobody can tell apart. */
const PAGE_SIZE = 200;
const MOST_PAGES = 5;
/** After news it is read again at most this often, milliseconds. */
const READ_AFTER_MS = 1000;

/** The events of a stretch of time. */
export interface TimelineEvents {
  readonly events: readonly HistoryRecord[];
  /** False when there were more than are read. */
  readonly isWhole: boolean;
}

/** What the API says about one address or network. */
@Service()
export class AddressApi {
  private readonly api = inject(Api);
  private readonly history = inject(HistoryApi);
  private readonly live = inject(Live);

  /**
   * All of it, with the newest events first, read again when something happens to it; nothing for null. Must be called where
   * `inject` may be.
   */
  summary(address: () => string | null, limit: number): HttpResourceRef<AddressHistory | undefined> {
    const resource = httpResource<AddressHistory>(() => {
      const asked = address();
      return asked === null ? undefined : { url: pathOf(asked), params: { limit } };
    });
    this.keepFresh(new LiveValue(resource), address);
    return resource;
  }

  private keepFresh(value: LiveValue<AddressHistory>, address: () => string | null): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.live.events.pipe(takeUntilDestroyed()).subscribe((event) => {
      if (!concerns(event, address())) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        value.reload();
      }, READ_AFTER_MS);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  }

  /** Its newest events of a stretch of time, at most a thousand. */
  events(address: string, window: TimeWindow): Promise<TimelineEvents> {
    const query = { filters: { network: address }, from: window.from, to: window.to };
    return firstValueFrom(
      this.history.page(query, null, PAGE_SIZE).pipe(
        expand((page) => (page.nextCursor === null ? EMPTY : this.history.page(query, page.nextCursor, PAGE_SIZE))),
        take(MOST_PAGES),
        reduce<{ items: HistoryRecord[]; nextCursor: string | null }, TimelineEvents>(
          ({ events }, page) => ({ events: [...events, ...page.items], isWhole: page.nextCursor === null }),
          { events: [], isWhole: true },
        ),
      ),
    );
  }

  /** The name that the address's owner gave it; null when there is none. Asks a name server, so only on demand. */
  async reverseName(address: string): Promise<string | null> {
    return (await this.api.invoke(geoName, { address })).name;
  }
}

function concerns(event: LiveEvent, address: string | null): boolean {
  if (address === null) return false;
  if (event.name === 'resync' || event.name === 'bans-changed') return true;
  return (event.name === 'ban' || event.name === 'unban') && isInside(event.data.address, address);
}

function pathOf(address: string): string {
  return historyAddress.PATH.replace('{address}', encodeURIComponent(address));
}
