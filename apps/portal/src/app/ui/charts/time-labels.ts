import { locale } from '../locale';
import { roundTimeStep } from './time-steps';

const DAY_MS = 86_400_000;
/** A longer stretch has days below its axis instead of hours, milliseconds. */
const LONGEST_BY_CLOCK_MS = 2 * DAY_MS;

/** How the buckets of one chart are called: short below the axis, in full beside the pointer. */
export interface TimeLabels {
  /** Below the axis: `14:30`, or `3 Nov`. Epoch milliseconds. */
  axis(at: number): string;
  /** Where the labels below the axis stand when there is room for `most` of them: the step in milliseconds. */
  axisStep(most: number): number;
  /** In full, with its end: `3 Nov, 14:30 – 15:00`. Both epoch milliseconds, the end exclusive. */
  period(from: number, to: number): string;
}

/**
 * In the time of this computer.
 * @param bucketMs length of one bucket
 * @param spanMs from the first bucket to the end of the last one
 */
export function timeLabels(bucketMs: number, spanMs: number): TimeLabels {
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const day = { day: 'numeric', month: 'short' } as const;
  const axis = new Intl.DateTimeFormat(locale, spanMs <= LONGEST_BY_CLOCK_MS ? time : day);
  const isByDay = bucketMs >= DAY_MS;
  const full = new Intl.DateTimeFormat(locale, isByDay ? { ...day, year: 'numeric' } : { ...day, ...time });
  return {
    axis: (at) => axis.format(at),
    axisStep: (most) =>
      roundTimeStep(spanMs <= LONGEST_BY_CLOCK_MS ? bucketMs : Math.max(bucketMs, DAY_MS), spanMs, most),
    period: (from, to) => {
      // A day that is told as a date ends on that date, not at midnight of the next.
      const last = isByDay ? Math.max(from, to - 1) : to;
      return full.formatRange(from, last);
    },
  };
}
