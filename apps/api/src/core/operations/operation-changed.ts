import { defineEvent } from '../events/event-bus.ts';
import { type Operation } from './operation.dto.ts';

/** An operation began, came further or ended, here or on another instance. */
export const operationChanged = defineEvent<Operation>('operation-changed');
