import { type Holder, LockTimeout, type SchedulerLock } from './scheduler-lock.ts';

/** What the keeper tells; it crosses threads, so it is plain data. */
export type LockReport =
  | { readonly kind: 'acquired'; readonly token: number }
  | { readonly kind: 'held'; readonly holder: Holder }
  | { readonly kind: 'not-acquired'; readonly reason: string }
  | { readonly kind: 'updated'; readonly token: number; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly token: number; readonly durationMs: number; readonly reason: string }
  | { readonly kind: 'timeout'; readonly token: number; readonly durationMs: number }
  /** `gone-or-taken` was found out, `expired` must be assumed: nothing was renewed for the time to live. */
  | { readonly kind: 'lost'; readonly token: number; readonly reason: 'gone-or-taken' | 'expired' };

/** How the keeper is to behave. */
export interface KeeperOptions {
  readonly ttlMs: number;
  /** Beyond this many milliseconds without a tick of the main thread nothing is renewed: whoever hangs must not hold. */
  readonly maxTickAgeMs: number;
  readonly monotonic: () => number;
  /** Milliseconds since the main thread ticked. */
  readonly tickAge: () => number;
}

/**
 * Acquires the lock and renews it, one {@link turn} after the other. It knows no timers and no threads, so that a simulation
 * can drive it.
 */
export class LockKeeper {
  private readonly lock: SchedulerLock;
  private readonly options: KeeperOptions;
  private readonly report: (report: LockReport) => void;
  private heldToken: number | undefined;
  private renewedAt = 0;

  // Written out, because Node runs this file in a thread of its own and only strips the types.
  constructor(lock: SchedulerLock, options: KeeperOptions, report: (report: LockReport) => void) {
    this.lock = lock;
    this.options = options;
    this.report = report;
  }

  /** The fencing token while it holds the lock. */
  get token(): number | undefined {
    return this.heldToken;
  }

  /** Renews what it holds, or tries to acquire. To be called once an interval; never rejects. */
  async turn(): Promise<void> {
    if (this.heldToken === undefined) await this.acquire();
    else await this.renew(this.heldToken);
  }

  /** Gives back what it holds. Rejects when that cannot be told to anybody; the lock then expires. */
  async release(): Promise<void> {
    const token = this.heldToken;
    this.heldToken = undefined;
    if (token !== undefined) await this.lock.release(token);
  }

  private async acquire(): Promise<void> {
    const startedAt = this.options.monotonic();
    try {
      const acquisition = await this.lock.acquire();
      if (acquisition.kind === 'held') {
        this.report(acquisition);
        return;
      }
      this.heldToken = acquisition.token;
      this.renewedAt = startedAt;
      this.report(acquisition);
    } catch (error) {
      // Whatever keeps the lock is away; the next turn tries again.
      this.report({ kind: 'not-acquired', reason: wordsOf(error) });
    }
  }

  private async renew(token: number): Promise<void> {
    const startedAt = this.options.monotonic();
    const outcome = await this.attempt(token);
    // Released meanwhile.
    if (this.heldToken !== token) return;
    const durationMs = this.options.monotonic() - startedAt;
    if (outcome === 'renewed') {
      this.renewedAt = startedAt;
      this.report({ kind: 'updated', token, durationMs });
      return;
    }
    if (outcome === 'lost') {
      this.lose(token, 'gone-or-taken');
      return;
    }
    if (outcome === 'timeout') this.report({ kind: 'timeout', token, durationMs });
    else this.report({ kind: 'failed', token, durationMs, reason: outcome.reason });
    if (this.options.monotonic() - this.renewedAt >= this.options.ttlMs) this.lose(token, 'expired');
  }

  private async attempt(token: number): Promise<'renewed' | 'lost' | 'timeout' | { readonly reason: string }> {
    const tickAge = this.options.tickAge();
    if (tickAge > this.options.maxTickAgeMs) {
      return { reason: `The main thread has not ticked for ${Math.round(tickAge / 1000)} s.` };
    }
    try {
      return (await this.lock.renew(token)) ? 'renewed' : 'lost';
    } catch (error) {
      // Nothing is lost by it before the time to live is over.
      return error instanceof LockTimeout ? 'timeout' : { reason: wordsOf(error) };
    }
  }

  private lose(token: number, reason: 'gone-or-taken' | 'expired'): void {
    this.heldToken = undefined;
    this.report({ kind: 'lost', token, reason });
  }
}

function wordsOf(error: unknown): string {
  // Node reports a refused connection to a name with several addresses as a list without a message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}
