import { AnswerNotUnderstood } from './errors.ts';
import { PythonObject, type PythonValue } from './pickle/values.ts';

/**
 * Readers of answers. An answer that has another shape than the two known versions of fail2ban give is an error, never a
 * guess.
 */

/** A text. */
export function asText(value: PythonValue | undefined): string {
  if (typeof value !== 'string') throw unexpected('a text');
  return value;
}

/** A whole number that fits a JavaScript number. */
export function asInteger(value: PythonValue | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unexpected('a whole number');
  return value;
}

/** Seconds; fail2ban answers a fraction (`2629800.0`) for months and years. */
export function asSeconds(value: PythonValue | undefined): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw unexpected('a number of seconds');
  return Math.round(value);
}

/** A flag. */
export function asFlag(value: PythonValue | undefined): boolean {
  if (typeof value !== 'boolean') throw unexpected('true or false');
  return value;
}

/** A list or tuple. */
export function asList(value: PythonValue | undefined): readonly PythonValue[] {
  if (!Array.isArray(value)) throw unexpected('a list');
  return value;
}

/** A list of texts. An opaque object in it (fail2ban 1.1 has address lists from files) is shown by its class. */
export function asTexts(value: PythonValue | undefined): string[] {
  return asList(value).map((item) => (item instanceof PythonObject ? describe(item) : asText(item)));
}

/** A dictionary. */
export function asMap(value: PythonValue | undefined): ReadonlyMap<PythonValue, PythonValue> {
  if (!(value instanceof Map)) throw unexpected('a dictionary');
  return value;
}

/** A list of (name, value) pairs, such as a status. */
export function asPairs(value: PythonValue | undefined): ReadonlyMap<string, PythonValue> {
  const pairs = new Map<string, PythonValue>();
  for (const pair of asList(value)) {
    const [name, content] = asList(pair);
    if (content === undefined) throw unexpected('a pair');
    pairs.set(asText(name), content);
  }
  return pairs;
}

/** The error for an answer of another shape. */
export function unexpected(wanted: string): AnswerNotUnderstood {
  return new AnswerNotUnderstood(`fail2ban answered something else than ${wanted}.`);
}

function describe(object: PythonObject): string {
  const file = object.state instanceof Map ? object.state.get('fileName') : undefined;
  return typeof file === 'string' ? `file:${file}` : `<${object.module}.${object.className}>`;
}
