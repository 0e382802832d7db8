import { Component, computed, inject, input, model, output, signal } from '@angular/core';
import { Country } from '../country';
import { countryName, isCountry } from '../country-name';
import { formatNumber } from '../format';
import { locale } from '../locale';
import { ChartCanvas, type PointedAt, type Surface } from './chart-canvas';
import { tokenColour } from './colours';
import type { DrawingOption } from './drawing';
import { rampStep, rampThresholds } from './ramp';
import { WorldShapes } from './world-shapes';

/** How often a country is on the map. */
export interface CountryCount {
  /** Two capital letters; null, or anything that is no country, counts as unknown. */
  readonly code: string | null;
  readonly bans: number;
}

const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });

/**
 * The world, each country in the colour of its count; and all of it as a table instead. With class `fill` it takes the
 * height of its place, otherwise that of its width.
 */
@Component({
  selector: 'bangui-world-map',
  imports: [ChartCanvas, Country],
  templateUrl: './world-map.html',
  styleUrl: './world-map.css',
})
export class WorldMap {
  readonly counts = input.required<readonly CountryCount[]>();
  /** What is drawn, for whoever cannot see it: `Bans by country, last 24 hours`. */
  readonly caption = input.required<string>();
  /** The least counts of the second to the fifth colour; from the counts when null. */
  readonly thresholds = input<readonly number[] | null>(null);
  /** The table holds the same numbers, and is the way with the keyboard. */
  readonly view = model<'chart' | 'table'>('chart');
  /** The code of the country that was chosen. */
  readonly countryChosen = output<string>();

  protected readonly world = inject(WorldShapes);
  protected readonly number = formatNumber;
  protected readonly pointed = signal<{
    readonly code: string;
    readonly bans: number;
    readonly x: number;
    readonly y: number;
    readonly isRight: boolean;
  } | null>(null);

  /** Counts by code, the unknown ones under null. */
  private readonly byCode = computed(() => {
    const counts = new Map<string | null, number>();
    for (const { code, bans } of this.counts()) {
      const known = isCountry(code) ? code : null;
      counts.set(known, (counts.get(known) ?? 0) + bans);
    }
    return counts;
  });
  private readonly total = computed(() => [...this.byCode().values()].reduce((sum, bans) => sum + bans, 0));

  protected readonly rows = computed(() =>
    [...this.byCode()]
      .filter(([, bans]) => bans > 0)
      .sort(([, less], [, more]) => more - less)
      .map(([code, bans]) => ({ code, bans, share: share.format(bans / Math.max(1, this.total())) })),
  );

  protected readonly summary = computed(() => {
    const most = this.rows()
      .slice(0, 3)
      .map(({ code, bans }) => `${countryName(code)} ${formatNumber(bans)}`)
      .join(', ');
    return most === ''
      ? $localize`${this.caption()}:what:. None.`
      : $localize`${this.caption()}:what:. Most: ${most}:countries:.`;
  });

  protected readonly draw = computed(() => {
    const shapes = this.world.shapes();
    const counts = this.byCode();
    const thresholds = this.thresholds() ?? rampThresholds(Math.max(0, ...counts.values()));
    return ({ isAnimated }: Surface, engine: typeof import('./drawing')): DrawingOption | null => {
      if (shapes === null) return null;
      engine.registerMap('world', shapes);
      const ramp = [0, 1, 2, 3, 4, 5].map((step) => tokenColour(`--ramp-${String(step)}`));
      const edge = tokenColour('--surface-1');
      const chosen = tokenColour('--text-strong');
      return {
        animation: isAnimated,
        series: {
          type: 'map',
          map: 'world',
          // The coordinates are already those of a flat map.
          aspectScale: 1,
          preserveAspect: 'contain',
          left: 0,
          right: 0,
          top: 2,
          bottom: 2,
          selectedMode: false,
          itemStyle: { areaColor: ramp[0], borderColor: edge, borderWidth: 0.5 },
          emphasis: { label: { show: false }, itemStyle: { areaColor: ramp[0], borderColor: chosen, borderWidth: 1 } },
          data: [...counts].flatMap(([name, value]) => {
            if (name === null || value <= 0) return [];
            const areaColor = ramp[rampStep(value, thresholds)];
            return [{ name, value, itemStyle: { areaColor }, emphasis: { itemStyle: { areaColor } } }];
          }),
        },
      };
    };
  });

  protected point(at: PointedAt | null): void {
    if (at === null || at.name === null) {
      this.pointed.set(null);
      return;
    }
    const { name: code, x, y, drawing } = at;
    this.pointed.set({ code, x, y, bans: this.byCode().get(code) ?? 0, isRight: x > drawing.getWidth() / 2 });
  }

  protected pick({ name }: PointedAt): void {
    if (name !== null && (this.byCode().get(name) ?? 0) > 0) this.countryChosen.emit(name);
  }
}
