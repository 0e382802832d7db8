import { isJailName } from '@bangui/fail2ban';
import { defineTopic, membersOf } from '../../core/instances/index.ts';

/** What was changed: a jail, or (null) the whole server. */
export interface Touched {
  readonly jail: string | null;
}

/** An instance changed something of fail2ban; others look at it now, so that whoever asks them next sees the change. */
export const fail2banTouched = defineTopic<Touched>('fail2ban-touched', (payload) => {
  const { jail } = membersOf(payload);
  return jail === null || isJailName(jail) ? { jail } : undefined;
});
