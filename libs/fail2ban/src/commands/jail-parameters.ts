import { asFlag, asInteger, asList, asSeconds, asText, unexpected } from '../answers.ts';
import { encodingName, flag, integer, oneOf, plainText, regex, timeZone } from '../arguments.ts';
import { checkedDuration, PERMANENT } from '../duration.ts';
import { BadArgument } from '../errors.ts';
import { type PythonValue } from '../pickle/values.ts';

/** What a jail does with host names in its log. */
export type UseDns = 'yes' | 'warn' | 'no' | 'raw';

/** How answers of the ignore command are remembered. */
export interface IgnoreCache {
  /** Text that is looked up, with tags such as `<ip>`. */
  key: string;
  /** Most entries. */
  maxCount: number;
  /** Age of an entry in seconds. */
  maxTime: number;
}

/** Every parameter of a jail and its type here. Durations are whole seconds. */
export interface JailParameters {
  /** Length of a ban; -1 for ever. */
  bantime: number;
  findtime: number;
  maxretry: number;
  maxmatches: number;
  maxlines: number;
  usedns: UseDns;
  /** Null when fail2ban has no date pattern; `Default Detectors` when it uses its own. */
  datepattern: string | null;
  logtimezone: string | null;
  logencoding: string;
  ignoreself: boolean;
  /** Program that decides about ignoring; null when there is none. */
  ignorecommand: string | null;
  ignorecache: IgnoreCache | null;
  /** Empty when there is none. */
  prefregex: string;
  'bantime.increment': boolean;
  /** Text of a Python expression, or null. */
  'bantime.factor': string | null;
  /** Text of a Python expression, or null. */
  'bantime.formula': string | null;
  'bantime.multipliers': number[] | null;
  'bantime.maxtime': number | null;
  'bantime.rndtime': number | null;
  'bantime.overalljails': boolean;
}

/** Name of a jail parameter. */
export type JailParameter = keyof JailParameters;

/**
 * What may be set. `ignorecommand` is a root shell command and `bantime.formula` is Python code: neither can be checked,
 * so neither is ever sent.
 */
export interface SettableJailParameters extends Omit<
  JailParameters,
  'ignorecommand' | 'bantime.formula' | 'bantime.factor' | 'datepattern' | 'logtimezone'
> {
  datepattern: string;
  logtimezone: string;
  /** A number; fail2ban itself would take any Python expression. */
  'bantime.factor': number;
}

/** Name of a jail parameter that may be set. */
export type SettableJailParameter = keyof SettableJailParameters;

const MAX_COUNT = 1_000_000;
const CACHE_KEY = /^[A-Za-z0-9_<>.:@/-]{1,200}$/;

type Readers = { readonly [P in JailParameter]: (value: PythonValue) => JailParameters[P] };

/** How each answer is read. */
export const PARAMETER_READERS: Readers = {
  bantime: asSeconds,
  findtime: asSeconds,
  maxretry: asInteger,
  maxmatches: asInteger,
  maxlines: asInteger,
  usedns: readUseDns,
  datepattern: readDatePattern,
  logtimezone: textOrNull,
  logencoding: asText,
  ignoreself: asFlag,
  ignorecommand: (value) => (value === false || value === '' ? null : textOrNull(value)),
  ignorecache: readIgnoreCache,
  prefregex: asText,
  'bantime.increment': flagOrAbsent,
  'bantime.factor': (value) => (typeof value === 'number' ? String(value) : textOrNull(value)),
  'bantime.formula': textOrNull,
  'bantime.multipliers': (value) => (value === null ? null : asText(value).trim().split(/\s+/).map(Number)),
  'bantime.maxtime': secondsOrNull,
  'bantime.rndtime': secondsOrNull,
  'bantime.overalljails': flagOrAbsent,
};

type Writers = { readonly [P in SettableJailParameter]: (value: SettableJailParameters[P]) => string };

/** How each value is checked and written. */
export const PARAMETER_WRITERS: Writers = {
  bantime: (value) => (value === PERMANENT ? '-1' : positiveSeconds('bantime', value)),
  findtime: (value) => positiveSeconds('findtime', value),
  maxretry: (value) => String(integer('maxretry', value, 1, MAX_COUNT)),
  maxmatches: (value) => String(integer('maxmatches', value, 0, MAX_COUNT)),
  maxlines: (value) => String(integer('maxlines', value, 1, 10_000)),
  // fail2ban takes any other word for "no" without a sound.
  usedns: (value) => oneOf('usedns', value, ['yes', 'warn', 'no', 'raw']),
  datepattern: (value) => plainText('datepattern', value, 1024),
  logtimezone: timeZone,
  logencoding: encodingName,
  ignoreself: (value) => String(flag('ignoreself', value)),
  ignorecache: (value) => (value === null ? '' : writeIgnoreCache(value)),
  prefregex: (value) => (value === '' ? '' : regex('prefregex', value)),
  'bantime.increment': (value) => String(flag('bantime.increment', value)),
  'bantime.factor': writeFactor,
  'bantime.multipliers': writeMultipliers,
  'bantime.maxtime': (value) => (value === null ? '' : positiveSeconds('bantime.maxtime', value)),
  'bantime.rndtime': (value) => (value === null ? '' : String(checkedDuration('bantime.rndtime', value))),
  // This one is kept as the text it comes as, and Python takes the text "false" for true; the empty text removes it.
  'bantime.overalljails': (value) => (flag('bantime.overalljails', value) ? 'true' : ''),
};

function readUseDns(value: PythonValue): UseDns {
  if (value === 'yes' || value === 'warn' || value === 'no' || value === 'raw') return value;
  throw unexpected('yes, warn, no or raw');
}

function readDatePattern(value: PythonValue): string | null {
  if (value === null) return null;
  // (pattern, name); several detectors have a name only.
  const [pattern, name] = asList(value);
  return asText(pattern ?? name);
}

function readIgnoreCache(value: PythonValue): IgnoreCache | null {
  if (value === null) return null;
  const [key, maxCount, maxTime] = asList(value);
  return { key: asText(key), maxCount: asInteger(maxCount), maxTime: asSeconds(maxTime) };
}

function textOrNull(value: PythonValue): string | null {
  return value === null ? null : asText(value);
}

function secondsOrNull(value: PythonValue): number | null {
  return value === null ? null : asSeconds(value);
}

/** A flag that fail2ban keeps only when it was set, and as the text it was set with. */
function flagOrAbsent(value: PythonValue): boolean {
  if (value === null || value === '') return false;
  if (typeof value === 'boolean') return value;
  return /^(?:1|on|true|yes)$/i.test(asText(value));
}

function positiveSeconds(field: string, value: number): string {
  if (value === 0) throw new BadArgument(field, 'Must be longer than 0 seconds.');
  return String(checkedDuration(field, value));
}

function writeFactor(value: number): string {
  if (typeof value !== 'number' || !(value > 0 && value <= MAX_COUNT)) {
    throw new BadArgument('bantime.factor', `Must be a number above 0, at most ${MAX_COUNT}.`);
  }
  return String(value);
}

function writeMultipliers(value: readonly number[] | null): string {
  if (value === null) return '';
  if (!Array.isArray(value) || value.length === 0 || value.length > 100) {
    throw new BadArgument('bantime.multipliers', 'Give 1 to 100 numbers.');
  }
  return value.map((each) => String(integer('bantime.multipliers', Number(each), 0, 1_000_000_000))).join(' ');
}

function writeIgnoreCache({ key, maxCount, maxTime }: IgnoreCache): string {
  if (typeof key !== 'string' || !CACHE_KEY.test(key))
    throw new BadArgument('ignorecache', 'This key is not possible.');
  const count = integer('ignorecache', maxCount, 1, MAX_COUNT);
  return `key="${key}", max-count=${count}, max-time=${checkedDuration('ignorecache', maxTime)}`;
}
