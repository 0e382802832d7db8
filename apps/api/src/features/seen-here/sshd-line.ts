import { Network } from '@bangui/ip';

/** A sign-in that sshd accepted. */
export interface AcceptedLine {
  /** Canonical address of one host. */
  readonly address: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Characters of a line that is looked at; sshd's own are far shorter. */
export const longestLine = 1024;
/** A line may be written so much later than the moment it tells, by another clock: milliseconds. */
const toleranceMs = 86_400_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * What sshd writes (`auth_log` in OpenSSH's auth.c), after the head of syslog with the short or the RFC 3339 time. It is
 * matched from the first character on: names that strangers chose stand further behind, in lines of any program.
 */
const accepted =
  /^(?:(?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d)|(?<full>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))) [^\s:]{1,255} sshd(?:-session)?\[\d{1,10}\]: Accepted [a-z/-]{1,64} for [^\s]{1,256} from (?<address>[0-9a-fA-F.:]{2,64}) port \d{1,5}(?: |$)/;

/**
 * Reads a line of sshd's log; undefined for any that does not tell of an accepted sign-in.
 * @param writtenBefore when the file was changed last, in epoch milliseconds: the short time has no year, and is in the
 * zone of this machine
 */
export function parseAcceptedLine(line: string, writtenBefore: number): AcceptedLine | undefined {
  if (line.length > longestLine) return undefined;
  const groups = accepted.exec(line)?.groups;
  const network = groups?.['address'] === undefined ? undefined : Network.parse(groups['address']);
  if (!groups || !network) return undefined;
  const { full, month, day, time } = groups;
  const at = full === undefined ? shortTime(month ?? '', Number(day), time ?? '', writtenBefore) : Date.parse(full);
  return Number.isNaN(at) ? undefined : { address: network.toString(), at };
}

/** The last moment of that name that the file can tell of; NaN when there is none. */
function shortTime(monthName: string, day: number, time: string, writtenBefore: number): number {
  const month = months.indexOf(monthName);
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  if (month < 0) return Number.NaN;
  const latest = writtenBefore + toleranceMs;
  const year = new Date(latest).getFullYear();
  const inYear = (one: number): Date => new Date(one, month, day, hours, minutes, seconds);
  const at = inYear(year).getTime() <= latest ? inYear(year) : inYear(year - 1);
  // 31 February is no day, and 29 February not in each year.
  return at.getMonth() === month ? at.getTime() : Number.NaN;
}
