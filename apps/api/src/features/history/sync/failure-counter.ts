import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { type JailsCounted, Fail2banWatcher } from '../../server/index.ts';
import { ArchiveWriter, type FailureDelta } from '../archive-writer.ts';
import { SyncRepository } from './sync.repository.ts';
import { Database } from '../../../core/database/database.ts';

/** What a jail had seen when it was looked at last. */
interface SeenTotal {
  /** Epoch milliseconds at which the fail2ban was started that counted; null when that is not known. */
  readonly startedAt: number | null;
  readonly total: number;
}

/** Jails remembered at most; far more than a fail2ban server can run. */
const maxJails = 5_000;

/**
 * Counts the failures that jails see. fail2ban tells totals since the start of the jail, so a total that shrank has begun
 * anew; what was seen between two looks of this kind and before the restart is lost.
 */
@Injectable()
export class FailureCounter {
  private readonly seen = new Map<string, SeenTotal>();
  private deltas: FailureDelta[] = [];

  constructor(
    private readonly server: Fail2banWatcher,
    private readonly writer: ArchiveWriter,
    private readonly repository: SyncRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Takes over what was remembered. */
  load(value: unknown): void {
    if (!Array.isArray(value)) return;
    const entries: unknown[] = value.slice(0, maxJails);
    for (const entry of entries) {
      const members: unknown[] = Array.isArray(entry) ? entry : [];
      const [jail, startedAt, total] = members;
      if (typeof jail !== 'string' || typeof total !== 'number') continue;
      this.seen.set(jail, { startedAt: typeof startedAt === 'number' ? startedAt : null, total });
    }
  }

  /** Jails have other figures. */
  notice({ changed }: JailsCounted): void {
    const { startedAt } = this.server.state;
    for (const [jail, { totalFailed: total }] of changed) {
      const before = this.seen.get(jail);
      if (before?.total === total && before.startedAt === startedAt) continue;
      if (!before && this.seen.size >= maxJails) continue;
      this.seen.set(jail, { startedAt, total });
      // When it is first seen, its failures are of any time.
      if (!before) continue;
      const isSameCount = before.startedAt === startedAt && total >= before.total;
      const failures = total - (isSameCount ? before.total : 0);
      if (failures > 0) this.deltas.push({ jail, at: this.clock.now(), failures });
    }
  }

  /** Stores what was counted since the last time. What cannot be stored is stored next time. */
  async flush(): Promise<void> {
    if (this.deltas.length === 0) return;
    const deltas = this.deltas;
    this.deltas = [];
    const totals = [...this.seen].map(([jail, { startedAt, total }]) => [jail, startedAt, total]);
    try {
      await this.writer.countFailures(deltas);
    } catch (error) {
      this.deltas.unshift(...deltas);
      throw error;
    }
    await this.database.writeInBackground((sql) => this.repository.remember(sql, 'failures', totals));
  }
}
