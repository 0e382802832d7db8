import { type HistoryRecord } from '../api/generated/models';
import { plainText } from '../ui/plain-text';

/** What happened, in words: `banned`, `ran out`, `unbanned by operator`. */
export function eventWords(record: Pick<HistoryRecord, 'action' | 'cause' | 'actor'>): string {
  // Names of administrators are theirs to choose.
  const who = record.actor === null ? null : plainText(record.actor);
  if (record.action === 'ban') {
    return who === null ? $localize`:an event|:banned` : $localize`banned by ${who}:who:`;
  }
  switch (record.cause) {
    case 'expired':
      return $localize`ban ran out`;
    case 'bangui':
      return who === null ? $localize`unbanned with BanGUI` : $localize`unbanned by ${who}:who:`;
    case 'manual':
      return $localize`unbanned on the server`;
    default:
      return $localize`:an event|:unbanned`;
  }
}

/** Where a ban came from, in words. */
export function originWords(origin: HistoryRecord['origin']): string {
  return origin === 'blocklist' ? $localize`a blocklist` : 'fail2ban';
}
