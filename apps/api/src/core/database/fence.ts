/** Proof of having acquired the scheduler lock; every acquisition has a higher token than all before it. */
export interface Fence {
  readonly token: number;
  /**
   * Milliseconds that a transaction may rest between two statements. PostgreSQL ends it then: the transaction of a process
   * that was stopped in the middle must not keep the next holder waiting.
   */
  readonly maxPauseMs: number;
}

/** The lock was acquired by somebody else in the meantime, so nothing of this transaction is written. */
export class FenceLost extends Error {
  constructor(readonly token: number) {
    super(`The scheduler lock was acquired anew; the holder with fencing token ${token} may write nothing more.`);
    this.name = 'FenceLost';
  }
}

/**
 * The statement that comes first in a guarded transaction. It gives a row only while no higher token exists, and holds the
 * row of the fence until the transaction ends, so that no higher one can come in between.
 */
export function guardStatement({ token, maxPauseMs }: Fence, kind: 'sqlite' | 'postgres'): string {
  const numbers = [token, maxPauseMs];
  if (!numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) throw new Error('A fence is of integers.');
  const update = `UPDATE scheduler_fence SET token = ${token} WHERE id = 1 AND token <= ${token} RETURNING token`;
  if (kind === 'sqlite') return update;
  return `WITH guarded AS (${update})
    SELECT token, set_config('idle_in_transaction_session_timeout', '${maxPauseMs}', true) FROM guarded`;
}
