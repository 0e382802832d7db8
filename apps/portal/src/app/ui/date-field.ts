/** A moment as a field of type `datetime-local` has it: the time of this browser, to the minute; empty for null. */
export function fieldOfMoment(at: number | null): string {
  if (at === null) return '';
  const date = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment that such a field has, epoch milliseconds; null when it is empty. */
export function momentOfField(text: string): number | null {
  const at = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isFinite(at) ? at : null;
}
