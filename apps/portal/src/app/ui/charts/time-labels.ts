import { locale } from '../locale';

const DAY_MS = 86_400_000;

/** How the buckets of one chart are called: short below the axis, in full beside the pointer. */
export interface TimeLabels {
  /** Below the axis: `14:30`, or `3 Nov`. Epoch milliseconds. */
  axis(at: number): string;
  /** In full, with its end: `3 Nov, 14:30 – 15:00`. Both epoch milliseconds, the end exclusive. */
  period(from: number, to: number): string;
}

/**
 * @param timeZone IANA name; the browser's own when undefined
 * @param bucketMs length of one bucket
 * @param spanMs from the first bucket to the end of the last one
 */
export function timeLabels(timeZone: string | undefined, bucketMs: number, spanMs: number): TimeLabels {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const day = { day: 'numeric', month: 'short' } as const;
  const axis = new Intl.DateTimeFormat(locale, spanMs <= 2 * DAY_MS ? { ...time, ...zone } : { ...day, ...zone });
  const isByDay = bucketMs >= DAY_MS;
  const full = new Intl.DateTimeFormat(
    locale,
    isByDay ? { ...day, year: 'numeric', ...zone } : { ...day, ...time, ...zone },
  );
  return {
    axis: (at) => axis.format(at),
    period: (from, to) => {
      // A day that is told as a date ends on that date, not at midnight of the next.
      const last = isByDay ? Math.max(from, to - 1) : to;
      return full.formatRange(from, last);
    },
  };
}
