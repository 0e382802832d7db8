import { type LockReport } from './lock-keeper.ts';
import { type LockPlace } from './open-lock.ts';
import { type Holder } from './scheduler-lock.ts';

/** What the thread of the lock is started with. */
export interface LockThreadData extends LockPlace {
  /** Milliseconds between two heartbeats. */
  readonly intervalMs: number;
  /** False in role `off`: the lock is only read. */
  readonly isCandidate: boolean;
  /** Eight bytes in which the main thread notes when it ticked last, in nanoseconds of the kernel. */
  readonly tick: SharedArrayBuffer;
}

/** What the main thread asks of it. */
export interface LockRequest {
  readonly id: number;
  /** `release` also ends its attempts to acquire. */
  readonly kind: 'read' | 'release';
}

/** What it tells: reports of its own accord, the first of which ends the start, and answers. */
export type LockMessage =
  | { readonly report: LockReport }
  | { readonly id: number; readonly holder: Holder | null }
  | { readonly id: number; readonly reason: string };
