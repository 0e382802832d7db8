import { defineEvent } from '../../core/events/event-bus.ts';
import { defineTopic, membersOf } from '../../core/instances/index.ts';

/** A session was ended before its time: signed out, revoked, password changed, user deleted. */
export const sessionEnded = defineEvent<{ readonly sessionId: string }>('session-ended');

/** Sessions told in one message; more are told in several. */
export const maxToldSessions = 100;

/** What one instance tells the others of sessions that it has ended. */
export const sessionsEnded = defineTopic<{ readonly ids: readonly string[] }>('sessions-ended', (payload) => {
  const { ids } = membersOf(payload);
  if (!Array.isArray(ids) || ids.length > maxToldSessions) return undefined;
  const texts = ids.filter((id): id is string => typeof id === 'string' && id.length <= 36);
  return { ids: texts };
});
