import { defineEvent } from '../../core/events/event-bus.ts';

/** What is to be enforced, or how, was changed by an administrator. */
export const enforcementChanged = defineEvent<undefined>('enforcement-changed');
