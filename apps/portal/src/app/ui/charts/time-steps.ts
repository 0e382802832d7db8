const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Stretches of time that people count in, milliseconds, shortest first. Each divides a day, or is made of whole days. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 28, 56, 112, 364].map((days) => days * DAY_MS),
];

/**
 * The shortest round step that is made of whole buckets, and of which at most `most` are in a stretch of time. All in
 * milliseconds.
 */
export function roundTimeStep(bucketMs: number, spanMs: number, most: number): number {
  const least = spanMs / Math.max(1, most);
  const step = STEPS.find((candidate) => candidate >= least && candidate >= bucketMs && candidate % bucketMs === 0);
  return step ?? Math.max(1, Math.ceil(least / bucketMs)) * bucketMs;
}

/** The number of the step a moment lies in, counted in the time of this computer; weeks begin on Monday. */
export function stepNumber(at: number, stepMs: number): number {
  return Math.floor(wallTime(at) / stepMs);
}

/** Whether a step begins at this very moment. */
export function beginsStep(at: number, stepMs: number): boolean {
  return wallTime(at) % stepMs === 0;
}

/** What the clock on the wall shows, in milliseconds since a Monday midnight. */
function wallTime(at: number): number {
  // The first day of the epoch was a Thursday.
  return at - new Date(at).getTimezoneOffset() * MINUTE_MS + 3 * DAY_MS;
}
