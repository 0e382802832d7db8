import { type Network } from '@bangui/ip';
import { defineEvent } from '../../core/events/event-bus.ts';
import { type KeptMatches } from './kept-matches.ts';

/** What happened to an address. */
export type EventAction = 'ban' | 'unban';

/** Who wanted the ban: a jail that saw failures, or a list of known offenders. */
export type EventOrigin = 'selfblock' | 'blocklist';

/** Why a ban ended: its time was over, somebody used fail2ban itself, somebody used BanGUI, or nobody knows. */
export type UnbanCause = 'expired' | 'manual' | 'bangui' | 'unknown';

/** A ban or unban to be kept. Text from outside is cut and cleaned by the writer; nothing here needs to be safe. */
export interface ArchiveEvent {
  readonly jail: string;
  readonly address: Network;
  readonly action: EventAction;
  /** When it was written, in epoch milliseconds: the log's time, or the best that is known. */
  readonly at: number;
  /** When the last failure was seen, in epoch milliseconds; null when unknown and for an unban. */
  readonly failedAt: number | null;
  /** Seconds; -1 is permanent; null for an unban. */
  readonly duration: number | null;
  /** The how-manieth ban of this address in this jail it is, from 1. */
  readonly banCount: number | null;
  /** Failures that led to it. */
  readonly failures: number | null;
  /** The log lines that led to it: at most 100 of at most 8 KiB each are kept. */
  readonly matches: KeptMatches;
  readonly origin: EventOrigin;
  /** Null for a ban. */
  readonly cause: UnbanCause | null;
  /** The administrator who did it through BanGUI. */
  readonly actor: string | null;
  /** Why, in the administrator's words. */
  readonly reason: string | null;
}

/** An event that the archive has, without the lines that led to it. */
export interface EventFacts {
  /** Grows with every event stored; committed in order. */
  readonly id: number;
  readonly jail: string;
  /** Canonical text of the address or network. */
  readonly address: string;
  readonly action: EventAction;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Epoch milliseconds; null when unknown. */
  readonly failedAt: number | null;
  /** Seconds; -1 is permanent; null for an unban. */
  readonly duration: number | null;
  readonly banCount: number | null;
  readonly failures: number | null;
  readonly origin: EventOrigin;
  readonly cause: UnbanCause | null;
  readonly actor: string | null;
  readonly reason: string | null;
  /** Two capital letters; null when the place data does not tell. */
  readonly country: string | null;
  readonly asn: number | null;
  readonly organisation: string | null;
}

/** An event as the archive keeps it. */
export interface StoredEvent extends EventFacts {
  readonly matches: string[];
}

/** An event that has just been stored. */
export interface AppendedEvent extends EventFacts {
  readonly matches: KeptMatches;
}

/** New events are in the archive, in the order of their ids. Told after the commit. */
export const archiveGrew = defineEvent<readonly AppendedEvent[]>('archive-grew');

/** What became known of a ban after it was stored: fail2ban writes its rows later than its log. */
export interface BanCompletion {
  readonly jail: string;
  /** Canonical text. */
  readonly address: string;
  /** Under which the archive has the ban; epoch milliseconds. */
  readonly at: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  /** Seconds; -1 is permanent. */
  readonly duration: number;
  readonly banCount: number | null;
  readonly failures: number | null;
  readonly matches: KeptMatches;
}
