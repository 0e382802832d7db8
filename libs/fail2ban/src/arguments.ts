import { Network } from '@bangui/ip';
import { BadArgument } from './errors.ts';

/**
 * Checks of everything that goes to fail2ban. Its server believes what it is told: it runs times through Python's `eval`,
 * bans any text as an address, and hands texts to a root shell. So each argument is checked for its type here, at run time
 * too: callers may hold values that came from outside under a TypeScript type nobody has checked.
 */

const JAIL_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/;
const ACTION_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.\- ]{0,99}$/;
// eslint-disable-next-line no-control-regex -- control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const JOURNAL_FIELD = /^_{0,2}[A-Z0-9][A-Z0-9_]{0,63}=/;
const ENCODING = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;
const TIME_ZONE = /^(?:UTC|GMT|Z|(?:UTC|GMT)?[+-]\d{2}:?\d{2})$/;

/** Words that stand where a jail's name stands in `get` and `set`: a jail of that name would set the server's log file. */
const RESERVED = new Set([
  'loglevel',
  'logtarget',
  'syslogsocket',
  'allowipv6',
  'thread',
  'dbfile',
  'dbmaxmatches',
  'dbpurgeage',
]);

/** Longest path, as on Linux. */
const MAX_PATH = 4096;
/** Longest regular expression; the longest one that ships with fail2ban has under 2,000 characters. */
const MAX_REGEX = 16_384;
/** Most addresses in one call. */
const MAX_NETWORKS = 1_000_000;
const MAX_MATCHES = 100;

/**
 * Whether a text can be the name of a jail here: letters, digits, `_`, `.`, `-` (not first), at most 64, and no name of a
 * server setting.
 */
export function isJailName(text: unknown): text is string {
  return typeof text === 'string' && JAIL_NAME.test(text) && !RESERVED.has(text);
}

/** Passes a jail name through. @throws {BadArgument} */
export function jailName(text: string): string {
  if (!isJailName(text)) {
    throw new BadArgument(
      'jail',
      'Must be 1 to 64 letters, digits, "_", "." or "-", not begin with "-", and not be a server setting.',
    );
  }
  return text;
}

/** Passes an action name through. @throws {BadArgument} */
export function actionName(text: string): string {
  if (typeof text !== 'string' || !ACTION_NAME.test(text))
    throw new BadArgument('action', 'This is not the name of an action.');
  return text;
}

/** Writes networks for fail2ban. @throws {BadArgument} when there are none, too many, or one is no {@link Network} */
export function networkTexts(networks: readonly Network[]): string[] {
  if (!Array.isArray(networks) || networks.length === 0)
    throw new BadArgument('networks', 'Give at least one address.');
  if (networks.length > MAX_NETWORKS)
    throw new BadArgument('networks', `Give at most ${MAX_NETWORKS} addresses at once.`);
  return networks.map((network, index) => {
    // The class is what proves that the text went through the parser.
    if (!(network instanceof Network)) throw new BadArgument(`networks.${index}`, 'This is not an address or network.');
    return network.toString();
  });
}

/** Passes an absolute path without control characters or `..` through. @throws {BadArgument} */
export function absolutePath(field: string, path: string): string {
  if (typeof path !== 'string' || !path.startsWith('/') || path.length > MAX_PATH || CONTROL.test(path)) {
    throw new BadArgument(field, 'Must be an absolute path without control characters.');
  }
  if (path.split('/').includes('..')) throw new BadArgument(field, 'Must not lead upwards with "..".');
  return path;
}

/** Passes a regular expression (Python's, checked by fail2ban itself) through. @throws {BadArgument} */
export function regex(field: string, text: string): string {
  if (typeof text !== 'string' || text === '' || text.length > MAX_REGEX || /[\0\r]/.test(text)) {
    throw new BadArgument(field, `Must be a regular expression of 1 to ${MAX_REGEX} characters.`);
  }
  return text;
}

/** Passes a short text without control characters through. @throws {BadArgument} */
export function plainText(field: string, text: string, maxLength: number): string {
  if (typeof text !== 'string' || text === '' || text.length > maxLength || CONTROL.test(text)) {
    throw new BadArgument(field, `Must be 1 to ${maxLength} characters without control characters.`);
  }
  return text;
}

/** Passes the elements of a journal match (`FIELD=value`, `+` between alternatives) through. @throws {BadArgument} */
export function journalMatch(elements: readonly string[]): string[] {
  if (!Array.isArray(elements) || elements.length === 0 || elements.length > MAX_MATCHES) {
    throw new BadArgument('journalMatch', `Give 1 to ${MAX_MATCHES} elements.`);
  }
  return elements.map((element: unknown, index) => {
    const field = `journalMatch.${index}`;
    if (typeof element !== 'string') throw new BadArgument(field, 'Must be a text.');
    if (element === '+') return element;
    if (!JOURNAL_FIELD.test(element)) throw new BadArgument(field, 'Must be FIELD=value or "+".');
    return plainText(field, element, 1024);
  });
}

/** Passes a whole number within bounds through. @throws {BadArgument} */
export function integer(field: string, value: number, minimum: number, maximum: number): number {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new BadArgument(field, `Must be a whole number from ${minimum} to ${maximum}.`);
  }
  return value;
}

/** Passes a flag through. @throws {BadArgument} */
export function flag(field: string, value: boolean): boolean {
  if (typeof value !== 'boolean') throw new BadArgument(field, 'Must be true or false.');
  return value;
}

/** Passes one of the given words through. @throws {BadArgument} */
export function oneOf<T extends string>(field: string, value: T, words: readonly T[]): T {
  if (!words.includes(value)) throw new BadArgument(field, `Must be one of ${words.join(', ')}.`);
  return value;
}

/** Passes the name of a text encoding, or `auto`, through; whether Python knows it is for fail2ban to say. @throws {BadArgument} */
export function encodingName(text: string): string {
  if (typeof text !== 'string' || !ENCODING.test(text))
    throw new BadArgument('logencoding', 'Must be the name of an encoding or "auto".');
  return text;
}

/** Passes a time zone as fail2ban takes it (`UTC+0200`, `+02:00`, `Z`) through. @throws {BadArgument} */
export function timeZone(text: string): string {
  if (typeof text !== 'string' || !TIME_ZONE.test(text)) throw new BadArgument('logtimezone', 'Must be like UTC+0200.');
  return text;
}
