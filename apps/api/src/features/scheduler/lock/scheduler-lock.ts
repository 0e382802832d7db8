import { type ProcessIdentity } from '../../../core/instances/process-identity.ts';

/** The lock's holder. */
export interface Holder extends ProcessIdentity {
  readonly token: number;
  /** Epoch milliseconds, by the clock of whatever keeps the lock. */
  readonly acquiredAt: number;
  readonly heartbeatAt: number;
  /** Milliseconds since the last heartbeat; it does not depend on wall clocks where {@link SchedulerLock} can do without. */
  readonly ageMs: number;
}

/** What became of trying to acquire the lock. */
export type Acquisition =
  { readonly kind: 'acquired'; readonly token: number } | { readonly kind: 'held'; readonly holder: Holder };

/**
 * The lock of which there is one. It is free when nobody holds it, when its holder has not renewed it for its time to live,
 * and when its holder provably is no more. Each method may reject: the database or Redis may be away.
 */
export interface SchedulerLock {
  /**
   * Takes the lock if it is free. The token is higher than every one before it, and from then on guarded transactions of
   * lower tokens fail.
   */
  acquire(): Promise<Acquisition>;
  /** Says that the holder lives. Resolves to false when the lock is gone or taken. */
  renew(token: number): Promise<boolean>;
  /** Gives the lock back, if it is still held with this token. */
  release(token: number): Promise<void>;
  /** Who holds it, whether still alive or not; undefined when nobody does. */
  read(): Promise<Holder | undefined>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** A statement or command took longer than it may. */
export class LockTimeout extends Error {
  constructor(options?: ErrorOptions) {
    super('No answer in time.', options);
    this.name = 'LockTimeout';
  }
}
