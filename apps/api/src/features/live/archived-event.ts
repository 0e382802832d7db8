import { type EventFacts } from '../history/index.ts';
import { type BanEvent, type UnbanEvent } from './live.dto.ts';

/** An event of the archive as the stream tells it. */
export type ArchivedEvent =
  { readonly name: 'ban'; readonly data: BanEvent } | { readonly name: 'unban'; readonly data: UnbanEvent };

/** Puts an event of the archive in the words of the stream. */
export function archivedEvent(stored: EventFacts): ArchivedEvent {
  const { id, jail, address, at, country, asn, organisation, actor } = stored;
  const common = { id, jail, address, at, country, asn, organisation, actor };
  if (stored.action === 'unban') return { name: 'unban', data: { ...common, cause: stored.cause ?? 'unknown' } };
  const bannedAt = stored.failedAt ?? at;
  const duration = stored.duration ?? 0;
  return {
    name: 'ban',
    data: { ...common, bannedAt, duration, expiresAt: duration > 0 ? bannedAt + duration * 1000 : null },
  };
}
