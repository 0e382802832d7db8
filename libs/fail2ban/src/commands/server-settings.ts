import { asInteger, asSeconds, asText } from '../answers.ts';
import { absolutePath, integer, oneOf } from '../arguments.ts';
import { checkedDuration } from '../duration.ts';
import { type PythonValue } from '../pickle/values.ts';

/** How much fail2ban logs. */
export type LogLevel = 'CRITICAL' | 'ERROR' | 'WARNING' | 'NOTICE' | 'INFO' | 'DEBUG' | 'TRACEDEBUG' | 'HEAVYDEBUG';

/** Settings of the server and their types. */
export interface ServerSettings {
  loglevel: LogLevel;
  /** A file, or `STDOUT`, `STDERR`, `SYSLOG`, `SYSOUT`, `SYSTEMD-JOURNAL`. */
  logtarget: string;
  /** A path, or `auto`. */
  syslogsocket: string;
  /** Null when fail2ban keeps no database. */
  dbfile: string | null;
  /** Log lines kept with each ban; null when there is no database. */
  dbmaxmatches: number | null;
  /** Age in seconds after which a ban is purged from the database; null when there is none. */
  dbpurgeage: number | null;
}

/** What may be set while jails are there. */
export interface SettableServerSettings {
  loglevel: LogLevel;
  logtarget: string;
  syslogsocket: string;
  dbmaxmatches: number;
  dbpurgeage: number;
}

/** Name of a server setting. */
export type ServerSetting = keyof ServerSettings;
/** Name of a server setting that may be set. */
export type SettableServerSetting = keyof SettableServerSettings;

const LOG_LEVELS: readonly LogLevel[] = [
  'CRITICAL',
  'ERROR',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
  'TRACEDEBUG',
  'HEAVYDEBUG',
];
const LOG_TARGETS = new Set(['STDOUT', 'STDERR', 'SYSLOG', 'SYSOUT', 'SYSTEMD-JOURNAL']);

/** How each answer is read. */
export const SETTING_READERS: { readonly [S in ServerSetting]: (value: PythonValue) => ServerSettings[S] } = {
  loglevel: (value) => oneOf('loglevel', asText(value) as LogLevel /* checked by this very call */, LOG_LEVELS),
  logtarget: asText,
  syslogsocket: asText,
  dbfile: (value) => (value === null ? null : asText(value)),
  dbmaxmatches: (value) => (value === null ? null : asInteger(value)),
  dbpurgeage: (value) => (value === null ? null : asSeconds(value)),
};

/** How each value is checked and written. */
export const SETTING_WRITERS: {
  readonly [S in SettableServerSetting]: (value: SettableServerSettings[S]) => string;
} = {
  loglevel: (value) => oneOf('loglevel', value, LOG_LEVELS),
  logtarget: (value) => (LOG_TARGETS.has(value) ? value : absolutePath('logtarget', value)),
  syslogsocket: (value) => (value === 'auto' ? value : absolutePath('syslogsocket', value)),
  dbmaxmatches: (value) => String(integer('dbmaxmatches', value, 0, 1_000_000)),
  dbpurgeage: (value) => String(checkedDuration('dbpurgeage', value)),
};
