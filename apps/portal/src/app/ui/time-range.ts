/** The ranges one click away, shortest first. */
export const RANGE_NAMES = ['1h', '6h', '24h', '7d', '30d', '90d', '365d'] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

/** What a person chose: the time up to now, or a fixed stretch. Times are epoch milliseconds, `to` is exclusive. */
export type RangeChoice =
  | { readonly kind: 'last'; readonly name: RangeName }
  | { readonly kind: 'custom'; readonly from: number; readonly to: number };

/** The choice as it stands in the address of the page: `range=7d`, or two instants `2026-11-22T13:00:00Z`. */
export interface RangeParams {
  readonly range: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A stretch of time; epoch milliseconds, `to` is exclusive. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LENGTHS: Readonly<Record<RangeName, number>> = {
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
  '365d': 365 * DAY_MS,
};
/** Longest stretch the API answers for, milliseconds. */
export const LONGEST_RANGE_MS = 1100 * DAY_MS;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/;

/** Reads the choice from the address of the page; anything that makes no sense is the fallback. */
export function rangeChoice(params: RangeParams, fallback: RangeName): RangeChoice {
  const from = instantOf(params.from);
  const to = instantOf(params.to);
  if (from !== null && to !== null && isUsable({ from, to })) return { kind: 'custom', from, to };
  return { kind: 'last', name: RANGE_NAMES.find((name) => name === params.range) ?? fallback };
}

/** The choice for the address of the page; null takes a parameter out of it. */
export function rangeParams(choice: RangeChoice): Readonly<Record<keyof RangeParams, string | null>> {
  return choice.kind === 'last'
    ? { range: choice.name, from: null, to: null }
    : { range: null, from: instantText(choice.from), to: instantText(choice.to) };
}

/** The stretch of time that is meant, seen from `now` (epoch milliseconds). */
export function windowOf(choice: RangeChoice, now: number): TimeWindow {
  if (choice.kind === 'custom') return { from: choice.from, to: choice.to };
  return { from: now - LENGTHS[choice.name], to: now };
}

/** Whether the API can answer for this stretch: it runs forward and is not too long. */
export function isUsable({ from, to }: TimeWindow): boolean {
  return from < to && to - from <= LONGEST_RANGE_MS;
}

/** The same text for the same choice, to compare by. */
export function rangeKey(choice: RangeChoice): string {
  return choice.kind === 'last' ? choice.name : `${String(choice.from)}-${String(choice.to)}`;
}

/** On a button: `24 h`. */
export function rangeLabel(name: RangeName): string {
  const count = name.slice(0, -1);
  return name.endsWith('h') ? $localize`${count}:hours: h` : $localize`${count}:days: d`;
}

/** What a figure of this range is compared with, at the end of a sentence: `the day before`. */
export function periodBefore(choice: RangeChoice): string {
  if (choice.kind === 'custom') return $localize`the period before`;
  switch (choice.name) {
    case '1h':
      return $localize`the hour before`;
    case '24h':
      return $localize`the day before`;
    case '7d':
      return $localize`the week before`;
    case '365d':
      return $localize`the year before`;
    default:
      return $localize`the ${rangeLabel(choice.name)}:range: before`;
  }
}

/** An instant for the address of the page, to the second. */
function instantText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined || !INSTANT.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) || at < 0 ? null : at;
}
