import type { Surface } from './chart-canvas';
import { paintColour, tokenColour } from './colours';
import type { DrawingOption } from './drawing';
import { formatCompact } from '../format';
import type { TimeLabels } from './time-labels';
import { beginsStep } from './time-steps';
import type { TrendBucket, TrendLayer } from './trend';

/** What is to be drawn. */
export interface Bars {
  readonly buckets: readonly TrendBucket[];
  /** From the bottom up, each with its CSS colour. */
  readonly layers: readonly (TrendLayer & { readonly paint: string })[];
  readonly labels: TimeLabels;
  /** Moments to mark with a dotted line; epoch milliseconds. */
  readonly marks: readonly number[];
}

/** A drawing, and where its bars are. */
export interface DrawnBars {
  readonly option: DrawingOption;
  /** The bar at a distance in pixels from the left edge; null beside all of them. */
  at(x: number): number | null;
  /** The middle of a bar, in pixels from the left edge. */
  centre(index: number): number;
}

/** Space around the bars in pixels: above for the highest hairline's number, below for the times. */
const TOP = 8;
const BOTTOM = 22;
/** Width of one digit of an axis number. */
const DIGIT = 6.5;
/** Least distance of two times below the axis. */
const LABEL_SPACE = 76;
const HAIRLINES = 4;

/** Rounds up to 1, 2, 3, 5 or 10 times a power of ten, so that hairlines stand at round numbers. */
export function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return ([1, 2, 3, 5].find((factor) => factor * power >= value) ?? 10) * power;
}

/** The bars as ECharts is told them. */
export function stackedBars({ buckets, layers, labels, marks }: Bars, { width, isAnimated }: Surface): DrawnBars {
  const highest = Math.max(1, ...buckets.map(({ total }) => total));
  const interval = roundStep(highest / HAIRLINES);
  const max = Math.ceil(highest / interval) * interval;
  const left = Math.ceil(Math.max(...[0, max].map((value) => formatCompact(value).length)) * DIGIT) + 10;
  const room = Math.max(1, width - left);
  const pitch = room / Math.max(1, buckets.length);
  const step = labels.axisStep(Math.max(2, Math.floor(room / LABEL_SPACE)));
  const isLabelled = (index: number): boolean => beginsStep(buckets[index]?.at ?? 0, step);
  const text = { color: tokenColour('--text-muted'), fontSize: 11, fontFamily: tokenColour('--font-ui') };
  const hairline = { lineStyle: { color: tokenColour('--border-subtle'), width: 1 } };
  // Narrow bars have no room for a gap between their segments.
  const gap = pitch >= 6 ? 1 : 0;
  const option: DrawingOption = {
    animation: isAnimated,
    animationDuration: 160,
    animationDurationUpdate: 160,
    grid: { left, right: 0, top: TOP, bottom: BOTTOM, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      data: buckets.map(({ at }) => labels.axis(at)),
      axisTick: { show: false },
      axisLine: hairline,
      axisLabel: { ...text, interval: isLabelled },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max,
      interval,
      axisLabel: { ...text, formatter: formatCompact },
      splitLine: hairline,
    },
    series: layers.map((layer, index) => ({
      type: 'bar',
      stack: 'bans',
      name: layer.jail ?? '',
      barCategoryGap: pitch >= 6 ? '14%' : '0%',
      itemStyle: { color: paintColour(layer.paint), borderColor: tokenColour('--surface-1'), borderWidth: gap },
      emphasis: { disabled: true },
      cursor: 'pointer',
      // A missing value draws nothing, while 0 would draw the gap.
      data: layer.values.map((value) => (value === 0 ? '-' : value)),
      ...(index === 0 && markLines(marks, buckets)),
    })),
  };
  return {
    option,
    at: (x) => {
      const index = Math.floor((x - left) / pitch);
      return index >= 0 && index < buckets.length ? index : null;
    },
    centre: (index) => left + (index + 0.5) * pitch,
  };
}

function markLines(marks: readonly number[], buckets: readonly TrendBucket[]): object {
  const positions = marks
    .map((at) => buckets.findLastIndex((bucket) => bucket.at <= at))
    .filter((index) => index >= 0)
    .map((xAxis) => ({ xAxis }));
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: tokenColour('--text-muted'), type: [2, 3], width: 1 },
      data: positions,
    },
  };
}
