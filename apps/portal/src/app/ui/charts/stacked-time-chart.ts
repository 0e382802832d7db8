import { Component, computed, input, model, output, signal } from '@angular/core';
import { formatNumber } from '../format';
import { jailPaint } from '../jail-name';
import { ChartCanvas, type PointedAt, type Surface } from './chart-canvas';
import type { DrawingOption } from './drawing';
import { type DrawnBars, stackedBars } from './stacked-bars';
import { timeLabels } from './time-labels';
import { roundTimeStep } from './time-steps';
import { layersOf, mergeBuckets, type TrendBucket, type TrendLayer } from './trend';

/** Jails that are drawn in their own colour; the others are one layer. */
const MOST_LAYERS = 7;
/** Room for one bar, pixels: thinner ones can be neither told apart nor touched. */
const BAR_SPACE = 13;
const FEWEST_BARS = 12;

/** Something that happened, so that its effect can be seen beside it. */
export interface TimeMark {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly label: string;
}

/** A stretch of time; epoch milliseconds, the end exclusive. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Bans over time as stacked bars by jail, with a legend of totals, and all of it as a table instead. */
@Component({
  selector: 'bangui-stacked-time-chart',
  imports: [ChartCanvas],
  templateUrl: './stacked-time-chart.html',
  styleUrl: './stacked-time-chart.css',
})
export class StackedTimeChart {
  /** In order of time, without gaps. */
  readonly buckets = input.required<readonly TrendBucket[]>();
  readonly bucketSeconds = input.required<number>();
  /** A jail's colour, 1 to 12, or 0. */
  readonly colourOf = input.required<(jail: string) => number>();
  /** What is drawn, for whoever cannot see it: `Bans by jail, last 24 hours`. */
  readonly caption = input.required<string>();
  readonly marks = input<readonly TimeMark[]>([]);
  /** The table holds the same numbers; the panel around offers the switch. */
  readonly view = model<'chart' | 'table'>('chart');
  /** A bar was clicked, or chosen with Enter. */
  readonly periodChosen = output<Period>();
  readonly jailChosen = output<string>();

  protected readonly number = formatNumber;
  protected readonly pointed = signal<number | null>(null);
  private readonly width = signal(0);
  private readonly bars = signal<DrawnBars | null>(null);

  private readonly spanMs = computed(() => this.end() - (this.buckets()[0]?.at ?? 0));
  private readonly barMs = computed(() => this.barMsIn(this.width()));
  /** How long a bar or a row of the table is, seconds: several buckets, where there is no room for each. */
  readonly shownSeconds = computed(() => (this.view() === 'chart' ? this.barMs() / 1000 : this.bucketSeconds()));
  private readonly drawn = computed(() => mergeBuckets(this.buckets(), this.barMs()));
  private readonly end = computed(() => (this.buckets().at(-1)?.at ?? 0) + this.bucketSeconds() * 1000);
  private readonly labels = computed(() => timeLabels(this.bucketSeconds() * 1000, this.spanMs()));
  private readonly layers = computed(() => this.named(layersOf(this.drawn(), MOST_LAYERS)));

  protected readonly legend = this.layers;
  protected readonly tableLayers = computed(() => this.named(layersOf(this.buckets(), MOST_LAYERS)));
  protected readonly rows = computed(() =>
    this.buckets().map((bucket, index, all) => ({
      at: bucket.at,
      period: this.labels().period(bucket.at, all[index + 1]?.at ?? this.end()),
      total: bucket.total,
      values: this.tableLayers().map(({ values }) => values[index] ?? 0),
    })),
  );

  protected readonly summary = computed(() => {
    const buckets = this.buckets();
    const total = buckets.reduce((sum, bucket) => sum + bucket.total, 0);
    const highest = buckets.reduce<TrendBucket | undefined>((most, bucket) => {
      return bucket.total > (most?.total ?? 0) ? bucket : most;
    }, undefined);
    if (highest === undefined) return $localize`${this.caption()}:what:. None.`;
    const when = this.labels().period(highest.at, highest.at + this.bucketSeconds() * 1000);
    return $localize`${this.caption()}:what:. ${formatNumber(total)}:count: in all, most of them ${when}:period:: ${formatNumber(highest.total)}:highest:.`;
  });

  /** The bucket under the pointer or chosen by key, as it is described. */
  protected readonly shown = computed(() => {
    const index = this.pointed();
    const bucket = index === null ? undefined : this.drawn()[index];
    if (index === null || bucket === undefined) return null;
    const left = this.bars()?.centre(index) ?? 0;
    const { from, to } = this.periodOf(index);
    return {
      period: this.labels().period(from, to),
      total: bucket.total,
      left: this.width() > 0 ? (left / this.width()) * 100 : 0,
      parts: this.layers()
        .map(({ label, paint, values }) => ({ label, paint, value: values[index] ?? 0 }))
        .filter(({ value }) => value > 0)
        .reverse(),
    };
  });
  protected readonly spoken = computed(() => {
    const shown = this.shown();
    if (shown === null || !this.isSteered()) return '';
    return [
      `${shown.period}: ${formatNumber(shown.total)}`,
      ...shown.parts.map((part) => `${part.label} ${formatNumber(part.value)}`),
    ].join(', ');
  });
  /** True while the keyboard moves the pointer: only then is it said aloud. */
  private readonly isSteered = signal(false);

  /** A new function whenever there is something else to draw. */
  protected readonly draw = computed(() => {
    const [buckets, layers, labels, marks] = [this.drawn(), this.layers(), this.labels(), this.marks()];
    const width = this.width();
    return (surface: Surface): DrawingOption | null => {
      const bars = stackedBars({ buckets, layers, labels, marks: marks.map(({ at }) => at) }, surface);
      // Told after drawing: what depends on the width must not change while it is being read.
      queueMicrotask(() => {
        this.width.set(surface.width);
        this.bars.set(bars);
      });
      // With another width there are other bars: they are drawn in a moment.
      return this.barMsIn(width) === this.barMsIn(surface.width) ? bars.option : null;
    };
  });

  protected markTime(at: number): string {
    return this.labels().axis(at);
  }

  protected point(at: PointedAt | null): void {
    this.isSteered.set(false);
    this.pointed.set(at === null ? null : (this.bars()?.at(at.x) ?? null));
  }

  protected pick(at: PointedAt): void {
    const index = this.bars()?.at(at.x) ?? null;
    if (index !== null) this.periodChosen.emit(this.periodOf(index));
  }

  /** Arrow keys walk over the bars, Enter chooses one, Escape leaves them. */
  protected step(event: KeyboardEvent): void {
    const last = this.drawn().length - 1;
    const now = this.pointed();
    const next = {
      ArrowLeft: now === null ? last : Math.max(0, now - 1),
      ArrowRight: now === null ? 0 : Math.min(last, now + 1),
      Home: 0,
      End: last,
      Escape: null,
    }[event.key];
    if (event.key === 'Enter' && now !== null) this.periodChosen.emit(this.periodOf(now));
    else if (next === undefined || last < 0) return;
    else {
      this.isSteered.set(true);
      this.pointed.set(next);
    }
    event.preventDefault();
  }

  private barMsIn(width: number): number {
    const most = Math.max(FEWEST_BARS, Math.floor(width / BAR_SPACE));
    return roundTimeStep(this.bucketSeconds() * 1000, this.spanMs(), most);
  }

  private periodOf(index: number): Period {
    const all = this.drawn();
    return { from: all[index]?.at ?? 0, to: all[index + 1]?.at ?? this.end() };
  }

  private named(layers: readonly TrendLayer[]): (TrendLayer & { readonly label: string; readonly paint: string })[] {
    return layers.map((layer) => ({
      ...layer,
      label: layer.jail ?? $localize`Other jails`,
      paint: layer.jail === null ? 'var(--cat-other)' : jailPaint(this.colourOf()(layer.jail)),
    }));
  }
}
