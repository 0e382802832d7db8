/** Levels of lines in fail2ban's log, least serious first. */
export const recordLevels = [
  'HEAVYDEBUG',
  'TRACEDEBUG',
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
] as const;

/** Level of a line. */
export type RecordLevel = (typeof recordLevels)[number];

/** What the head of a line says. */
export interface LogRecord {
  /** What fail2ban's clock showed, read as if it were UTC, in epoch milliseconds. */
  readonly local: number;
  readonly component: string;
  readonly level: RecordLevel;
  readonly jail: string | null;
  /** What stands behind the head. */
  readonly text: string;
  /** As fail2ban wrote it. */
  readonly address: string | null;
}

// Anchored, and each part bounded: what jails read from other logs, and so what strangers write, is in this log as well.
const head =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) (fail2ban[\w.]{0,60}) *\[\d{1,10}\]: ([A-Z]{4,10}) +((?:\[([\w.-]{1,64})\] )?(?:(?:Restore |Increase )?Ban|Unban|Found|Ignore|Already banned:?) ([0-9A-Fa-f.:/]{2,64})(?= |$)|(?:\[([\w.-]{1,64})\] )?)/;
/** Numbers that fail2ban gives to levels without a name. */
const renamed: Readonly<Record<string, RecordLevel>> = { WARN: 'WARNING', MSG: 'INFO', FATAL: 'CRITICAL' };

/** Reads a line of fail2ban's log; undefined for one that goes on with the line before. */
export function parseLogRecord(line: string): LogRecord | undefined {
  const match = head.exec(line);
  if (!match) return undefined;
  const [whole, time = '', milliseconds, component = '', word = '', behind = ''] = match;
  const level = recordLevels.find((one) => one === word) ?? renamed[word];
  const local = Date.parse(`${time.replace(' ', 'T')}.${milliseconds ?? '000'}Z`);
  if (level === undefined || Number.isNaN(local)) return undefined;
  return {
    local,
    component,
    level,
    jail: match[6] ?? match[8] ?? null,
    address: match[7] ?? null,
    text: line.slice(whole.length - behind.length),
  };
}

/** Whether a text holds an address as a whole, not as a part of another one. */
export function holdsAddress(text: string, address: string): boolean {
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(address); at >= 0; at = lower.indexOf(address, at + 1)) {
    const next = lower.slice(at + address.length, at + address.length + 2);
    const isWhole = !/^[0-9a-f:/]|^\.[0-9]/.test(next) && !/[0-9a-f.:]/.test(lower[at - 1] ?? ' ');
    if (isWhole) return true;
  }
  return false;
}

/** Whether a line is at least as serious. */
export function isAtLeast(level: RecordLevel, least: RecordLevel): boolean {
  return recordLevels.indexOf(level) >= recordLevels.indexOf(least);
}
