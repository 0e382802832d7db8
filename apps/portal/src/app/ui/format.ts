import { locale } from './locale';

const grouped = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const exactTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' });
const shortTime = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const secondTime = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  // As in logs, beside which it is read; with AM and PM it would not fit into its column.
  hourCycle: 'h23',
});
const dayOnly = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const clockTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** A number without decimals, grouped: `1,842`. */
export function formatNumber(value: number): string {
  return grouped.format(value);
}

/** A number that must stay short, for labels on narrow things: `12.3K`. */
export function formatCompact(value: number): string {
  return Math.abs(value) < 10_000 ? grouped.format(value) : compact.format(value);
}

/** Bytes with a decimal unit: `3.1 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${oneDigit.format(value)} ${units[unit] ?? 'B'}`;
}

/** A duration in seconds in words: `10 min`, `1 h 30 min`, `permanent` for -1. Two units at most, the rest is dropped. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return $localize`permanent`;
  if (seconds < MINUTE) return $localize`${formatNumber(Math.floor(seconds))}:seconds: s`;
  const parts: string[] = [];
  let rest = Math.floor(seconds);
  for (const [size, say] of [
    [DAY, (n: string) => $localize`${n}:days: d`],
    [HOUR, (n: string) => $localize`${n}:hours: h`],
    [MINUTE, (n: string) => $localize`${n}:minutes: min`],
    [1, (n: string) => $localize`${n}:seconds: s`],
  ] as const) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count > 0) parts.push(say(formatNumber(count)));
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** How long ago, in one unit: `now`, `4 s`, `3 min`, `2 h`, `41 d`. `ms` is an age in milliseconds. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) return $localize`now`;
  if (seconds < MINUTE) return $localize`${formatNumber(seconds)}:seconds: s`;
  if (seconds < HOUR) return $localize`${formatNumber(Math.floor(seconds / MINUTE))}:minutes: min`;
  if (seconds < DAY) return $localize`${formatNumber(Math.floor(seconds / HOUR))}:hours: h`;
  return $localize`${formatNumber(Math.floor(seconds / DAY))}:days: d`;
}

/** A moment seen from `now`, as part of a sentence: `4 s ago`, `in 3 min`, `just now`. Both in epoch milliseconds. */
export function formatRelative(at: number, now: number): string {
  const age = now - at;
  if (Math.abs(age) < 2000) return $localize`just now`;
  return age > 0 ? $localize`${formatAge(age)}:age: ago` : $localize`in ${formatAge(-age)}:age:`;
}

/** A moment exactly, with its time zone. Epoch milliseconds. */
export function formatExact(at: number): string {
  return exactTime.format(at);
}

/** A moment for a table: day, month, hour, minute. Epoch milliseconds. */
export function formatMoment(at: number): string {
  return shortTime.format(at);
}

/** A moment for a table that is read by the second. Epoch milliseconds. */
export function formatSecond(at: number): string {
  return secondTime.format(at);
}

/** Only the day, with its year. Epoch milliseconds. */
export function formatDay(at: number): string {
  return dayOnly.format(at);
}

/** Only the day, for an axis that says the rest. Epoch milliseconds. */
export function formatShortDay(at: number): string {
  return shortDay.format(at);
}

/** Only the time of day. Epoch milliseconds. */
export function formatClock(at: number): string {
  return clockTime.format(at);
}

/** A count of addresses in words. */
export function formatAddresses(count: number): string {
  return count === 1 ? $localize`1 address` : $localize`${formatNumber(count)}:count: addresses`;
}
