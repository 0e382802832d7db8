import { type JailCounters } from '@bangui/fail2ban';
import { defineEvent } from '../../core/events/event-bus.ts';
import { type ReasonParams } from '../../core/reason.dto.ts';
import { type OfflineCode } from './offline-reason.ts';

/** What is known of the server as a whole. */
export interface ServerState {
  readonly isOnline: boolean;
  /** Epoch milliseconds since when it is so. */
  readonly since: number;
  /** Version of fail2ban; null until it has answered once. */
  readonly version: string | null;
  /** Epoch milliseconds at which the running fail2ban was started; null when that cannot be known. */
  readonly startedAt: number | null;
  /** Why it is offline, in words; null while online. */
  readonly reason: string | null;
  /** The same as a stable code; null while online. */
  readonly reasonCode: OfflineCode | null;
  readonly reasonParams: ReasonParams | null;
}

/** What changed between two polls. */
export interface JailsCounted {
  /** Counts the connections: another one may be another server, so that nothing known before holds. */
  readonly generation: number;
  readonly isNewGeneration: boolean;
  /** New jails and those with other figures, by name; all of them in a new generation. */
  readonly changed: ReadonlyMap<string, JailCounters>;
  /** Jails that the server no longer has. */
  readonly gone: readonly string[];
}

/** fail2ban came, went, or another one answers. */
export const serverChanged = defineEvent<ServerState>('server-changed');

/** A poll found something new. Not emitted when nothing changed. */
export const jailsCounted = defineEvent<JailsCounted>('jails-counted');
