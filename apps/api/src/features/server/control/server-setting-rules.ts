import { dirname, normalize } from 'node:path';
import { BadArgument, parseDuration } from '@bangui/fail2ban';
import { fail2banLogLevels } from './server-control.dto.ts';
import { ServerSettingInvalid } from './server-control.errors.ts';

/** Places that fail2ban knows by name (server/server.py). */
const targets: ReadonlySet<string> = new Set(['STDOUT', 'STDERR', 'SYSLOG', 'SYSOUT', 'SYSTEMD-JOURNAL']);
/** Shorter than this, fail2ban would forget bans that are still in force. In seconds. */
const leastPurgeAge = 60;
const mostMatches = 10_000;

/**
 * fail2ban, which is root, appends to whatever file it is told, and BanGUI shows what it holds: so only what looks like a
 * log, beside other logs.
 * @param present where it logs now
 * @throws {ServerSettingInvalid}
 */
export function requireLogTarget(target: string, present: string): void {
  if (targets.has(target)) return;
  const folders = ['/var/log', ...(present.startsWith('/') ? [dirname(present)] : [])];
  const isPlain = target.startsWith('/') && normalize(target) === target && /^\/[\w./@+-]+\.log$/.test(target);
  const folder = dirname(target);
  if (isPlain && folders.some((one) => folder === one || folder.startsWith(`${one}/`))) return;
  const message = `must be one of ${[...targets].join(', ')}, or a file ending in .log in ${folders.join(' or ')}`;
  throw new ServerSettingInvalid({ field: 'logtarget', message, code: 'log-target-invalid' });
}

/** Seconds, at least 60. @throws {ServerSettingInvalid} */
export function purgeAgeOf(text: string): number {
  try {
    const seconds = parseDuration(text);
    if (seconds >= leastPurgeAge) return seconds;
  } catch (error) {
    // The client library's own check of what is no time.
    if (!(error instanceof BadArgument)) throw error;
  }
  const message = `must be a time of at least ${leastPurgeAge} seconds, such as 1d or 86400`;
  throw new ServerSettingInvalid({ field: 'dbpurgeage', message, code: 'purge-age-invalid' });
}

/**
 * Holds a value for fail2ban's configuration to the rules that hold for the running server.
 * @param present where fail2ban logs as its configuration says now
 * @throws {ServerSettingInvalid} also for an option that is none of these settings
 */
export function requireServerSetting(option: string, value: string, present: string): void {
  const refuse = (message: string, code: string): never => {
    throw new ServerSettingInvalid({ field: option, message, code });
  };
  switch (option) {
    case 'loglevel':
      if (!fail2banLogLevels.some((level) => level === value)) {
        refuse(`must be one of ${fail2banLogLevels.join(', ')}`, 'log-level-invalid');
      }
      return;
    case 'logtarget':
      requireLogTarget(value, present);
      return;
    case 'dbpurgeage':
      purgeAgeOf(value);
      return;
    case 'dbmaxmatches':
      if (!/^\d{1,5}$/.test(value) || Number(value) > mostMatches) {
        refuse(`must be a whole number from 0 to ${mostMatches}`, 'matches-invalid');
      }
      return;
    default:
      refuse('is no setting that BanGUI changes', 'setting-unknown');
  }
}
