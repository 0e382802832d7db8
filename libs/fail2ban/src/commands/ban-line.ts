import { unexpected } from '../answers.ts';
import { type PythonValue } from '../pickle/values.ts';

/** A ban that is in force. */
export interface BanInForce {
  /** The address or network as fail2ban has it; a filter may also make it ban other things, such as a user name. */
  address: string;
  /** When it was banned, epoch seconds. */
  bannedAt: number;
  /** For how long, in seconds; -1 for ever. */
  duration: number;
  /** When it ends, epoch seconds; null for never. */
  expiresAt: number | null;
}

const TIMES = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) \+ (-?\d{1,15}) = /;

/**
 * Reads a line such as `192.0.2.1 \t2026-11-22 12:00:15 + 600 = 2026-11-22 12:10:15`.
 * @param offsetMinutes see {@link toEpochSeconds}
 */
export function parseBan(line: PythonValue, offsetMinutes?: number): BanInForce {
  const separator = typeof line === 'string' ? line.lastIndexOf(' \t') : -1;
  const times = typeof line === 'string' && separator > 0 ? TIMES.exec(line.slice(separator + 2)) : null;
  if (typeof line !== 'string' || !times) throw unexpected('an address with its times');
  const [, year, month, day, hour, minute, second, seconds] = times;
  const bannedAt = toEpochSeconds(
    [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)],
    offsetMinutes,
  );
  const duration = Number(seconds);
  return {
    address: line.slice(0, separator),
    bannedAt,
    duration,
    expiresAt: duration < 0 ? null : bannedAt + duration,
  };
}

/**
 * Turns a time of the server's clock into epoch seconds. fail2ban sends its local time without a zone. Unless the offset
 * is given, the zone of this process is taken, so both must run with the same `TZ`; the hour that a clock repeats in
 * autumn is ambiguous then, and the earlier one is taken.
 * @param offsetMinutes minutes the server's clock is ahead of UTC
 */
export function toEpochSeconds(
  [year, month, day, hour, minute, second]: readonly [number, number, number, number, number, number],
  offsetMinutes?: number,
): number {
  if (offsetMinutes === undefined) return new Date(year, month - 1, day, hour, minute, second).getTime() / 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - offsetMinutes * 60;
}
