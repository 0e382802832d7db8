import { type ChangeCheck, type ChangeReason, type Operation } from '../api/generated/models';
import { type ChangeOutcome } from './change-outcome';

/** A change that is about to be made, as the dialog needs it. */
export interface ReviewRequest {
  /** Names the change: `Change sshd`. */
  readonly title: string;
  /** What it would do; nothing is written. */
  readonly check: () => Promise<ChangeCheck>;
  readonly apply: (reason: ChangeReason) => Promise<Operation>;
  /** What was typed, to be copied when it cannot be saved; '' for nothing. */
  readonly typed: string;
  /** Whether the page can read the present state anew. */
  readonly canLoadAnew: boolean;
}

/** How the dialog ended. */
export type ReviewResult = { readonly outcome: ChangeOutcome } | 'load-anew';
