import { LiveAnnouncer } from '@angular/cdk/a11y';
import { inject, Service } from '@angular/core';
import { bufferTime, filter, map } from 'rxjs';
import { Live } from '../api/live/live';
import { formatNumber } from '../ui/format';

/** Not more often than this, milliseconds, so that an attack does not talk over everything else. */
export const ANNOUNCE_EVERY_MS = 5000;

/** Reads new bans out to a screen reader, politely and in one sentence for all of the last five seconds. */
@Service()
export class LiveAnnouncements {
  private readonly announcer = inject(LiveAnnouncer);
  private readonly live = inject(Live);
  private isStarted = false;

  /** Begins; a second call changes nothing. It then lasts as long as the page: without a stream there is nothing to say. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.live.events
      .pipe(
        filter((event) => event.name === 'ban'),
        map((event) => event.data),
        bufferTime(ANNOUNCE_EVERY_MS),
        filter((bans) => bans.length > 0),
      )
      .subscribe((bans) => {
        const [first] = bans;
        const text =
          bans.length === 1 && first
            ? $localize`${first.address}:address: banned in ${first.jail}:jail:`
            : $localize`${formatNumber(bans.length)}:count: new bans`;
        void this.announcer.announce(text, 'polite');
      });
  }
}
