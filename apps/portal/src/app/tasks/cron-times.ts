/** When a cron expression is due: each field as the numbers it names. Times are in UTC. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
}

/** Why a text is no cron expression; `field` is its place, 0 to 4. */
export type CronFault =
  { readonly kind: 'fields' } | { readonly kind: 'field'; readonly field: number } | { readonly kind: 'never' };

/** The least and the most of each field, in their order. */
export const CRON_BOUNDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** As the API allows, characters. */
const LONGEST = 100;
const PART = /^(?:\*|(\d{1,4})(?:-(\d{1,4}))?)(?:\/(\d{1,4}))?$/;
const DAY_MS = 86_400_000;
/** The 29th of February can be eight years away, around a century that has none. */
const LOOK_AHEAD_DAYS = 8 * 366;

/** Fields apart by one space, as the API wants them. */
export function tidyCron(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** Reads five fields of numbers, `*`, `,`, `-` and `/`, or says which one is wrong. */
export function readCron(text: string): Cron | CronFault {
  const fields = tidyCron(text).split(' ');
  if (fields.length !== CRON_BOUNDS.length || tidyCron(text).length > LONGEST) return { kind: 'fields' };
  const sets = CRON_BOUNDS.map(([low, high], field) => readField(fields[field] ?? '', low, high));
  const wrong = sets.findIndex((set) => set === undefined);
  if (wrong >= 0) return { kind: 'field', field: wrong };
  const [minutes, hours, days, months, weekdays] = sets.map((set) => set ?? new Set<number>());
  if (!minutes || !hours || !days || !months || !weekdays) return { kind: 'fields' };
  const cron = { minutes, hours, days, months, weekdays: new Set([...weekdays].map((day) => day % 7)) };
  return cronTimes(cron, 0, 1).length === 0 ? { kind: 'never' } : cron;
}

/** The next times after `after`, at most `count`; epoch milliseconds. */
export function cronTimes(cron: Cron, after: number, count: number): readonly number[] {
  const times: number[] = [];
  const hours = sorted(cron.hours);
  const minutes = sorted(cron.minutes);
  const first = Math.floor(after / DAY_MS) * DAY_MS;
  for (let day = 0; day < LOOK_AHEAD_DAYS && times.length < count; day += 1) {
    const midnight = first + day * DAY_MS;
    if (!hasDay(cron, new Date(midnight))) continue;
    const ofDay = hours.flatMap((hour) => minutes.map((minute) => midnight + (hour * 60 + minute) * 60_000));
    times.push(...ofDay.filter((at) => at > after).slice(0, count - times.length));
  }
  return times;
}

/** Where both a day and a weekday are asked for, one of them is enough. */
function hasDay({ days, months, weekdays }: Cron, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isDay = days.has(date.getUTCDate());
  const isWeekday = weekdays.has(date.getUTCDay());
  return days.size < 31 && weekdays.size < 7 ? isDay || isWeekday : isDay && isWeekday;
}

/** The numbers a field names; undefined when it is none. */
function readField(text: string, low: number, high: number): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const match = PART.exec(part);
    if (!match) return undefined;
    const [, from, to, every] = match;
    const step = every === undefined ? 1 : Number(every);
    const first = from === undefined ? low : Number(from);
    const last = to === undefined ? (from === undefined || every !== undefined ? high : first) : Number(to);
    if (step === 0 || first > last || first < low || last > high) return undefined;
    for (let number = first; number <= last; number += step) numbers.add(number);
  }
  return numbers;
}

function sorted(numbers: ReadonlySet<number>): readonly number[] {
  return [...numbers].sort((a, b) => a - b);
}
