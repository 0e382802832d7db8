import { BadArgument } from './errors.ts';

/** Longest duration that is sent: a hundred years of 365.25 days. */
export const MAX_DURATION_SECONDS = 3_155_760_000;

/** Duration of a ban that never ends. */
export const PERMANENT = -1;

const DAY = 86_400;
const YEAR = 365.25 * DAY;
/** Unit names as fail2ban has them: a month is a twelfth of a year, `m` is a minute. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|ss|se|sec|secs?|seconds?)$/, 1],
  [/^(?:m|mm|mi|min|mins|minutes?)$/, 60],
  [/^(?:h|hh|ho|hou|hours?)$/, 3600],
  [/^(?:d|dd|da|days?)$/, DAY],
  [/^(?:w|ww|we|wee|weeks?)$/, 7 * DAY],
  [/^(?:mo|mon|months?)$/, YEAR / 12],
  [/^(?:y|yy|ye|yea|years?)$/, YEAR],
];
const PART = /(\d{1,12}(?:\.\d{1,6})?)\s{0,4}([a-z]{0,7})\s{0,4}/y;

/**
 * Reads a duration as fail2ban's configuration writes it: `-1` (for ever), `600`, `10m`, `1d 6h`, `1h30m`, `1.5h`, `2 months`.
 * fail2ban itself evaluates such texts as Python, so they are read here and only the number is ever sent.
 * @returns whole seconds from 0 to {@link MAX_DURATION_SECONDS}, or {@link PERMANENT}
 * @throws {BadArgument} with field `duration`
 */
export function parseDuration(text: string): number {
  const source = text.trim().toLowerCase();
  if (source === '-1') return PERMANENT;
  if (source === '' || source.length > 100)
    throw new BadArgument('duration', 'Give a duration such as 600, 10m or 1d 6h.');
  let seconds = 0;
  let at = 0;
  while (at < source.length) {
    PART.lastIndex = at;
    const part = PART.exec(source);
    const unit = part?.[2] ?? '';
    const factor = unit === '' ? 1 : UNITS.find(([name]) => name.test(unit))?.[1];
    if (!part || factor === undefined) {
      throw new BadArgument('duration', 'Only numbers with the units s, m, h, d, w, mo and y are understood, or -1.');
    }
    seconds += Number(part[1]) * factor;
    at = PART.lastIndex;
  }
  return checkedDuration('duration', Math.round(seconds));
}

/**
 * Writes a duration so that {@link parseDuration} reads the same number: `-1`, `45s`, `1d 6h`.
 * @param seconds whole seconds, or {@link PERMANENT}
 */
export function formatDuration(seconds: number): string {
  if (seconds === PERMANENT) return '-1';
  let rest = checkedDuration('duration', seconds);
  if (rest === 0) return '0s';
  const parts: string[] = [];
  for (const [unit, size] of [
    ['w', 7 * DAY],
    ['d', DAY],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(' ');
}

/**
 * Passes whole seconds through.
 * @throws {BadArgument} for anything but a whole number from 0 to {@link MAX_DURATION_SECONDS}
 */
export function checkedDuration(field: string, seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_DURATION_SECONDS) {
    throw new BadArgument(field, `Must be whole seconds from 0 to ${MAX_DURATION_SECONDS}.`);
  }
  return seconds;
}
