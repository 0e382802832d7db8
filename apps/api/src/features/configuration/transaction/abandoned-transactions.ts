import { isGone, type ProcessIdentity } from '../../../core/instances/process-identity.ts';
import { type ConfigTransactionEntity } from '../store/index.ts';

/** A holder on another machine is given up after this time without a sign of it, in milliseconds. */
const patienceMs = 20_000;

/** Tells whether anybody still works on a transaction. */
export class AbandonedTransactions {
  private seen: { readonly id: string; readonly renewedAt: number; readonly since: number } | undefined;

  constructor(private readonly own: ProcessIdentity) {}

  /**
   * Whether its holder is no more: this process, which does not work on it; a process of this machine that has ended; or
   * one of which nothing new was seen for 20 s.
   * @param now milliseconds of a clock that never steps; clocks of other machines do not matter
   */
  isAbandoned({ id, holder, renewedAt }: ConfigTransactionEntity, now: number): boolean {
    if (holder.instanceId === this.own.instanceId || isGone(holder, this.own)) return true;
    if (this.seen?.id !== id || this.seen.renewedAt !== renewedAt) this.seen = { id, renewedAt, since: now };
    return now - this.seen.since > patienceMs;
  }
}
