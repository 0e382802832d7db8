import { type KeptMatches, keptMatches } from '../kept-matches.ts';

/** A row of fail2ban's table of bans, as far as it is ours to believe. */
export interface BanRow {
  readonly rowid: number;
  readonly jail: string;
  /** As fail2ban wrote it; hostile when somebody made fail2ban ban what is no address. */
  readonly address: string;
  /** When the last failure was seen, in epoch seconds. */
  readonly failedAt: number;
  /** Seconds; -1 is permanent. */
  readonly duration: number;
  readonly banCount: number;
  readonly failures: number;
  readonly matches: KeptMatches;
}

/** A row as SQLite gives it. Every column may be of any type: its types are only hints. */
export interface RawBanRow {
  readonly rowid: unknown;
  readonly jail: unknown;
  readonly ip: unknown;
  readonly timeofban: unknown;
  readonly bantime: unknown;
  readonly bancount: unknown;
  /** JSON; null when it was left out or is none. */
  readonly data: unknown;
}

/** One more, and each a little longer, than is kept: so it is seen that there was more. */
const maxMatches = 101;
const maxMatchLength = 8_200;
/** Of all matches of a row, in characters. */
const maxMatchesLength = 70_000;
const maxNameLength = 64;

/** Reads a row; undefined when it names no jail, no address or no time. What its data lacks is taken as nothing. */
export function parseBanRow(row: RawBanRow): BanRow | undefined {
  const rowid = integer(row.rowid);
  const failedAt = integer(row.timeofban);
  const { jail, ip } = row;
  if (rowid === undefined || failedAt === undefined || failedAt <= 0 || failedAt > 253_402_300_799) return undefined;
  if (typeof jail !== 'string' || jail === '' || jail.length > maxNameLength) return undefined;
  if (typeof ip !== 'string' || ip === '' || ip.length > maxNameLength) return undefined;
  const data = jsonObject(row.data);
  return {
    rowid,
    jail,
    address: ip,
    failedAt,
    duration: Math.max(-1, integer(row.bantime) ?? -1),
    banCount: Math.max(1, integer(row.bancount) ?? 1),
    failures: Math.max(0, integer(data['failures']) ?? 0),
    matches: keptMatches(matchesOf(data['matches'])),
  };
}

/** A match is a line, or a line in the parts before, of and behind its date. */
function matchesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const entries: unknown[] = value.slice(0, maxMatches);
  let length = 0;
  return entries.map((entry) => {
    // What is left out still counts as a line.
    if (length > maxMatchesLength) return '';
    const parts: unknown[] = Array.isArray(entry) ? entry.slice(0, 3) : [entry];
    const text = parts.map((part) => (typeof part === 'string' ? part.slice(0, maxMatchLength) : '')).join('');
    // A lone surrogate cannot be stored.
    const match = text.slice(0, maxMatchLength).toWellFormed();
    length += match.length;
    return match;
  });
}

function jsonObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    // fail2ban itself reads such a row as one without data.
    return {};
  }
}

/** Durations may have decimals, and numbers may be stored as text. */
function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  const rounded = Math.round(number);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}
