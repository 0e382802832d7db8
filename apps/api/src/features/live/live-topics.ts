import { isJailName } from '@bangui/fail2ban';
import { defineTopic, membersOf } from '../../core/instances/index.ts';
import { type BansMoved } from '../history/sync/index.ts';

/** The archive has new events; whoever hears it reads them. */
export const archiveNews = defineTopic<{ readonly isBeginning: boolean }>('archive-news', (payload) => {
  const { isBeginning } = membersOf(payload);
  return typeof isBeginning === 'boolean' ? { isBeginning } : undefined;
});

/** The instance that feeds the archive saw bans come back or go with their jail. */
export const bansMovedElsewhere = defineTopic<BansMoved>('bans-moved', (payload) => {
  const { jail, count } = membersOf(payload);
  if (!isJailName(jail) || typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return undefined;
  return { jail, count };
});
