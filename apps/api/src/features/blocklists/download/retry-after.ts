/** Longest time that a publisher may send us away for, in milliseconds. */
const longestMs = 7 * 86_400_000;

/** Milliseconds of a `Retry-After` header, in seconds or as a date; undefined when there is none to be understood. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1_000, longestMs);
  // A date always names a month; anything else would be read in many odd ways.
  if (text.length > 40 || !/[A-Za-z]{3}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), longestMs);
}
