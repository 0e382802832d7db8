import { computed, DestroyRef, inject, type Signal, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Live } from '../api/live/live';
import { Clock } from './clock';
import {
  type RangeChoice,
  rangeChoice,
  rangeKey,
  type RangeName,
  type RangeParams,
  type TimeWindow,
  windowOf,
} from './time-range';

/** Without news the end of the range moves on this often, milliseconds. */
const STEP_MS = 60_000;
/** After news it moves at most this often, milliseconds: figures should keep up, not flicker. */
const NEWS_STEP_MS = 10_000;

/**
 * The stretch of time a page shows. It follows the clock: soon after a ban or unban, and once a minute without. Must be
 * made where `inject` may be called.
 */
export class RangeWindow {
  readonly choice: Signal<RangeChoice>;
  readonly window: Signal<TimeWindow>;
  /** The same text as long as the person looks at the same range, however the clock moves. */
  readonly key: Signal<string>;

  private readonly clock = inject(Clock);
  private readonly newest = signal(this.clock.now());
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(params: () => RangeParams, fallback: RangeName) {
    this.choice = computed(() => rangeChoice(params(), fallback), { equal: (a, b) => rangeKey(a) === rangeKey(b) });
    this.key = computed(() => rangeKey(this.choice()));
    const anchor = computed(() => {
      // Read through a division, so that nothing is asked again each second.
      const minute = Math.floor(this.clock.now() / STEP_MS) * STEP_MS;
      return Math.max(minute, this.newest());
    });
    this.window = computed(() => windowOf(this.choice(), anchor()), {
      equal: (a, b) => a.from === b.from && a.to === b.to,
    });
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe(({ name }) => {
        if (name === 'ban' || name === 'unban' || name === 'bans-changed' || name === 'resync') this.moveSoon();
      });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.waiting));
  }

  /** Takes in what happened until now, at once. */
  move(): void {
    // The clock ticks once a second: what happened within this one counts as well.
    this.newest.set(this.clock.now() + 1000);
  }

  private moveSoon(): void {
    const age = this.clock.now() - this.newest();
    this.waiting ??= setTimeout(
      () => {
        this.waiting = undefined;
        this.move();
      },
      Math.max(1000, NEWS_STEP_MS - age),
    );
  }
}
