import { Component, computed, inject, input, resource } from '@angular/core';
import { JailsState } from '../api/jails-state';
import { viewOf } from '../api/resource-view';
import { Clock } from '../ui/clock';
import { Failed } from '../ui/failed';
import { formatShortDay, formatExact, formatMoment, formatNumber } from '../ui/format';
import { JailName, jailPaint } from '../ui/jail-name';
import { type RangeWindow } from '../ui/range-window';
import { Skeleton } from '../ui/skeleton';
import { type RangeName } from '../ui/time-range';
import { TimeRangePicker } from '../ui/time-range-picker';
import { AddressApi } from './address-api';
import { type Lane, lanesOf, unreadShare } from './timeline';

const RANGES: readonly RangeName[] = ['24h', '7d', '30d', '90d', '365d'];
/** Jails with a lane of their own. */
const MOST_LANES = 8;
/** Times below the lanes. */
const TICKS = 6;
const TWO_DAYS_MS = 2 * 86_400_000;

/** When which jail banned it, and for how long: a lane for each jail. The events below are its table. */
@Component({
  selector: 'bangui-address-timeline',
  imports: [Failed, JailName, Skeleton, TimeRangePicker],
  templateUrl: './address-timeline.html',
  styleUrl: './address-timeline.css',
})
export class AddressTimeline {
  private readonly api = inject(AddressApi);
  private readonly clock = inject(Clock);
  protected readonly jails = inject(JailsState);

  readonly address = input.required<string>();
  readonly range = input.required<RangeWindow>();

  protected readonly ranges = RANGES;
  protected readonly resource = resource({
    params: () => ({ address: this.address(), window: this.range().window() }),
    loader: ({ params }) => this.api.events(params.address, params.window),
  });
  protected readonly view = viewOf(this.resource, () => `${this.address()} ${this.range().key()}`);
  private readonly lanes = computed<readonly Lane[]>(() => {
    const view = this.view();
    // The clock only matters when the window moves, which it does each minute.
    return view.kind === 'ready' ? lanesOf(view.value.events, this.range().window(), this.range().window().to) : [];
  });
  protected readonly shown = computed(() =>
    this.lanes()
      .slice(0, MOST_LANES)
      .map((lane) => ({
        ...lane,
        paint: jailPaint(this.jails.colourOf(lane.jail)),
        spans: lane.spans.map((span) => ({
          ...span,
          // The shortest bans are drawn wider than they are: the last ones must not stick out.
          left: `min(${String(span.start * 100)}%, 100% - 5px)`,
          title: `${formatExact(span.from)} – ${span.to === null ? $localize`now` : formatExact(span.to)}`,
        })),
      })),
  );
  /** What is too far back to be drawn, in percent of the width. */
  protected readonly unread = computed(() => {
    const view = this.view();
    return view.kind === 'ready' && !view.value.isWhole
      ? unreadShare(view.value.events, this.range().window()) * 100
      : 0;
  });
  protected readonly hidden = computed(() => this.lanes().length - this.shown().length);
  protected readonly count = computed(() => this.lanes().reduce((sum, lane) => sum + lane.bans, 0));
  protected readonly heading = computed(() => {
    const view = this.view();
    if (view.kind !== 'ready') return '';
    const count = this.count();
    if (!view.value.isWhole) return $localize`the newest ${formatNumber(count)}:count: bans`;
    return count === 1 ? $localize`1 ban` : $localize`${formatNumber(count)}:count: bans`;
  });
  protected readonly summary = computed(() => {
    const jails = this.lanes()
      .map((lane) => `${lane.jail} ${formatNumber(lane.bans)}`)
      .join(', ');
    return $localize`Bans of ${this.address()}:address: by jail: ${jails}:jails:. The events below are its table.`;
  });
  protected readonly ticks = computed(() => {
    const { from, to } = this.range().window();
    return Array.from({ length: TICKS }, (_, index) => {
      const share = index / (TICKS - 1);
      const at = from + (to - from) * share;
      const isNow = index === TICKS - 1 && Math.abs(to - this.clock.now()) < 120_000;
      const text = isNow ? $localize`now` : to - from <= TWO_DAYS_MS ? formatMoment(at) : formatShortDay(at);
      return { share, text };
    });
  });
}
