import { type HistoryRecord } from '../api/generated/models';
import { type TimeWindow } from '../ui/time-range';

/** One ban on the timeline: where it begins and ends, as shares of the shown stretch, 0 to 1. */
export interface Span {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Epoch milliseconds; the end is null while the ban lasts. */
  readonly from: number;
  readonly to: number | null;
}

/** What one jail did. */
export interface Lane {
  readonly jail: string;
  readonly bans: number;
  readonly spans: readonly Span[];
}

type Event = Pick<HistoryRecord, 'id' | 'jail' | 'address' | 'action' | 'at' | 'duration'>;

/**
 * The bans of an address by jail, the jail with the most first. A ban ends with the unban that follows it, else after
 * its duration, else not yet. Events may come in any order; those before the window still reach into it.
 */
export function lanesOf(events: readonly Event[], window: TimeWindow, now: number): readonly Lane[] {
  const inOrder = [...events].sort((a, b) => a.at - b.at || a.id - b.id);
  const byJail = new Map<string, Span[]>();
  inOrder.forEach((event, index) => {
    if (event.action !== 'ban') return;
    const isSame = (other: Event): boolean => other.jail === event.jail && other.address === event.address;
    const next = inOrder.slice(index + 1).find(isSame);
    const span = spanOf(event, endOf(event, next, now), window);
    if (!span) return;
    const spans = byJail.get(event.jail);
    if (spans) spans.push(span);
    else byJail.set(event.jail, [span]);
  });
  return [...byJail]
    .map(([jail, spans]) => ({ jail, bans: spans.length, spans }))
    .sort((a, b) => b.bans - a.bans || (a.jail < b.jail ? -1 : 1));
}

/** The share of the window before the oldest of the events: what lies there was not read. */
export function unreadShare(events: readonly Pick<Event, 'at'>[], window: TimeWindow): number {
  const oldest = Math.min(window.to, ...events.map(({ at }) => at));
  return Math.min(1, Math.max(0, (oldest - window.from) / (window.to - window.from)));
}

/** The moment it ended; null when it still lasts. The next event of the same jail and address ends it at the latest. */
function endOf(ban: Event, next: Event | undefined, now: number): number | null {
  const planned = ban.duration === null || ban.duration < 0 ? null : ban.at + ban.duration * 1000;
  if (next) return planned === null ? next.at : Math.min(next.at, planned);
  return planned !== null && planned <= now ? planned : null;
}

function spanOf(ban: Event, to: number | null, { from, to: until }: TimeWindow): Span | null {
  const length = until - from;
  if (ban.at >= until || (to !== null && to < from) || length <= 0) return null;
  const share = (at: number): number => Math.min(1, Math.max(0, (at - from) / length));
  return { id: ban.id, start: share(ban.at), end: to === null ? 1 : share(to), from: ban.at, to };
}
