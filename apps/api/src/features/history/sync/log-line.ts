/** What a line of fail2ban's log says about an address. */
export type LogLineKind = 'ban' | 'unban' | 'restore' | 'increase';

/** A line that says that the server stops or starts: bans are lifted in between, and brought back. */
export interface ServerLine {
  readonly kind: 'stop' | 'start';
  /** See {@link LogLine.local}. */
  readonly local: number;
}

/** A line of fail2ban's log that is about a ban. */
export interface LogLine {
  readonly kind: LogLineKind;
  /** What fail2ban's clock showed, read as if it were UTC, in epoch milliseconds. */
  readonly local: number;
  readonly jail: string;
  /** As fail2ban wrote it. */
  readonly address: string;
  /** For `increase`: the how-manieth ban it is, and when the clock will show its end; null when it never ends. */
  readonly increase: { readonly banCount: number; readonly localEnd: number | null } | undefined;
}

/** Longest line that is looked at, in characters; ours have under 200. */
const maxLineLength = 512;

/**
 * Everything is anchored: what jails read from other logs, and so what strangers can write, is in this log as well, but
 * never right behind the head.
 */
const pattern = new RegExp(
  String.raw`^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) fail2ban\.(?:actions|observer) *\[\d{1,10}\]: NOTICE +` +
    String.raw`\[([^\]\s]{1,64})\] (Ban|Unban|Restore Ban|Increase Ban) ([0-9A-Fa-f.:/]{2,64})` +
    String.raw`(?: \((\d{1,9}) # .{1,60} -> (infinite|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\))?\r?$`,
);

const serverPattern =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) fail2ban\.server *\[\d{1,10}\]: INFO +(Shutdown in progress|Starting Fail2ban v)/;

const kinds: Readonly<Record<string, LogLineKind>> = {
  Ban: 'ban',
  Unban: 'unban',
  'Restore Ban': 'restore',
  'Increase Ban': 'increase',
};

/** Reads a line that says that the server stops or starts; undefined for every other line. */
export function parseServerLine(line: string): ServerLine | undefined {
  if (line.length > maxLineLength) return undefined;
  const [, time, milliseconds, words] = serverPattern.exec(line) ?? [];
  const local = time === undefined ? undefined : localTime(time);
  if (local === undefined) return undefined;
  return { kind: words === 'Shutdown in progress' ? 'stop' : 'start', local: local + Number(milliseconds) };
}

/** Reads a line of fail2ban's log; undefined for every line that is not about the ban of an address. */
export function parseLogLine(line: string): LogLine | undefined {
  if (line.length > maxLineLength) return undefined;
  const [, time, milliseconds, jail, words, address, banCount, end] = pattern.exec(line) ?? [];
  if (time === undefined || jail === undefined || words === undefined || address === undefined) return undefined;
  const kind = kinds[words];
  const local = localTime(time);
  if (kind === undefined || local === undefined) return undefined;
  const hasIncrease = banCount !== undefined && end !== undefined;
  if (hasIncrease !== (kind === 'increase')) return undefined;
  return {
    kind,
    local: local + Number(milliseconds),
    jail,
    address,
    increase: hasIncrease ? { banCount: Number(banCount), localEnd: localTime(end) ?? null } : undefined,
  };
}

/** `2026-11-22 12:00:15` read as if it were UTC; undefined for what no clock shows. */
function localTime(text: string): number | undefined {
  const at = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? undefined : at;
}
