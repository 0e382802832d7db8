import { type HistoryRecord } from '../api/generated/models';

/** What happened, in words: `banned`, `ran out`, `unbanned by operator`. */
export function eventWords(record: Pick<HistoryRecord, 'action' | 'cause' | 'actor'>): string {
  if (record.action === 'ban') {
    return record.actor === null ? $localize`banned` : $localize`banned by ${record.actor}:who:`;
  }
  switch (record.cause) {
    case 'expired':
      return $localize`ban ran out`;
    case 'bangui':
      return record.actor === null ? $localize`unbanned with BanGUI` : $localize`unbanned by ${record.actor}:who:`;
    case 'manual':
      return $localize`unbanned on the server`;
    default:
      return $localize`unbanned`;
  }
}

/** Where a ban came from, in words. */
export function originWords(origin: HistoryRecord['origin']): string {
  return origin === 'blocklist' ? $localize`a blocklist` : 'fail2ban';
}
