import { type Placement } from './wanted-version.ts';

/** What an enforcer is doing. */
export const enforcerStates = [
  /** It has applied nothing yet: there is nothing to block, or it has heard nothing. */
  'waiting',
  /** For the first time something is blocked, and it is undone unless somebody confirms. */
  'trial',
  /** Nobody confirmed, so everything was removed again; it waits for a resync. */
  'reverted',
  /** The kernel holds what was wanted when it last looked. */
  'applied',
  /** It could not apply; `problem` says why. */
  'failed',
] as const;

/** One of {@link enforcerStates}. */
export type EnforcerState = (typeof enforcerStates)[number];

/** What was not as it was left. */
export const driftKinds = ['sets', 'entries', 'rules'] as const;

/** One of {@link driftKinds}. */
export type DriftKind = (typeof driftKinds)[number];

/** What an enforcer tells of itself. */
export interface EnforcerReport {
  /** A UUID that it keeps over its restarts. */
  readonly id: string;
  /** For people: the name of its machine unless it was told another one. */
  readonly name: string;
  readonly version: string;
  readonly state: EnforcerState;
  /** What is in force; null when nothing is. */
  readonly applied: AppliedReport | null;
  /** Names the trial that goes on, so that a confirmation cannot be meant for another one. Epoch milliseconds. */
  readonly trial: { readonly startedAt: number; readonly endsAt: number } | null;
  /** What somebody else changed and it has repaired, since the report before. */
  readonly repaired: readonly DriftKind[];
  /** Why it could not apply or pull; null when it could. At most 500 characters. */
  readonly problem: string | null;
}

/** What the kernel of an enforcer holds. */
export interface AppliedReport {
  readonly resync: number;
  readonly fencing: number;
  readonly generation: number;
  readonly blockedHash: string;
  readonly placement: Placement;
  /** Entries of the kernel's sets. */
  readonly blockedEntries: number;
  readonly allowedEntries: number;
  readonly memoryBytes: number;
  readonly droppedPackets: number;
  readonly droppedBytes: number;
  /** Epoch milliseconds. */
  readonly appliedAt: number;
}

/** What the API answers to a report. */
export interface EnforcerOrders {
  /** `startedAt` of the trial that was confirmed; null for none. */
  readonly confirmedTrial: number | null;
}
