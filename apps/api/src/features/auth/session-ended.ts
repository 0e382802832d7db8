import { defineEvent } from '../../core/events/event-bus.ts';

/** A session was ended before its time: signed out, revoked, password changed, user deleted. */
export const sessionEnded = defineEvent<{ readonly sessionId: string }>('session-ended');
