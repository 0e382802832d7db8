// Reads parts of a JSON answer whose types nobody has checked yet.

/** Each item of a list, read by a function that gets its place too. @throws {TypeError} naming the place, `at` */
export function list<T>(value: unknown, at: string, item: (value: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) throw new TypeError(`${at} is not a list`);
  return value.map((one: unknown, index) => item(one, `${at}[${index}]`));
}

/** An object that is no list. @throws {TypeError} naming the place, `at` */
export function record(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${at} is not an object`);
  // Every property of a parsed JSON object is of unknown type, which is what this says.
  return value as Record<string, unknown>;
}

/** A text. @throws {TypeError} naming the place, `at` */
export function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new TypeError(`${at} is not text`);
  return value;
}

/** A text, or `null`. @throws {TypeError} naming the place, `at` */
export function stringOrNull(value: unknown, at: string): string | null {
  return value === null ? null : string(value, at);
}

/** True or false. @throws {TypeError} naming the place, `at` */
export function boolean(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${at} is neither true nor false`);
  return value;
}

/** A whole number that is exact. @throws {TypeError} naming the place, `at` */
export function wholeNumber(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new TypeError(`${at} is not a whole number`);
  return value;
}

/** A whole number, or `null`. @throws {TypeError} naming the place, `at` */
export function wholeNumberOrNull(value: unknown, at: string): number | null {
  return value === null ? null : wholeNumber(value, at);
}

/** One of these texts. @throws {TypeError} naming the place, `at` */
export function oneOf<const T extends string>(values: readonly T[], value: unknown, at: string): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new TypeError(`${at} is none of ${values.join(', ')}`);
  return found;
}
