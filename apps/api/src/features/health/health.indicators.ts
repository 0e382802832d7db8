import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { Database } from '../../core/database/database.ts';
import { Fail2banHealth } from '../../core/fail2ban/index.ts';
import { LockHolder } from '../scheduler/index.ts';

/** Longest wait for the database, in milliseconds. */
const databaseTimeoutMs = 2_000;

/** What one part of BanGUI needs to answer; null when it did not. */
export interface Measured {
  readonly latencyMs: number | null;
}

/** Measures the parts BanGUI depends on. Neither method rejects; both settle within about 3 s. */
@Injectable()
export class HealthIndicators {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly probe: Fail2banHealth,
    private readonly database: Database,
    private readonly lock: LockHolder,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  async fail2ban(): Promise<HealthIndicatorResult<'fail2ban', 'up' | 'down', Measured>> {
    const session = this.indicators.check('fail2ban');
    const { online, latencyMs } = await this.probe.state();
    return online ? session.up({ latencyMs }) : session.down({ latencyMs });
  }

  /** Down when this instance was told to hold the scheduler's lock and does not. */
  schedulerLock(): HealthIndicatorResult<'scheduler', 'up' | 'down', Measured> {
    const session = this.indicators.check('scheduler');
    const isMissing = this.settings.schedulerRole === 'required' && this.lock.state !== 'holding';
    const latencyMs = this.lock.state === 'holding' ? this.lock.heartbeatMs : null;
    return isMissing ? session.down({ latencyMs }) : session.up({ latencyMs });
  }

  /** What this instance does for the tasks. */
  get schedulerState(): LockHolder['state'] {
    return this.lock.state;
  }

  async databaseAnswer(): Promise<HealthIndicatorResult<'database', 'up' | 'down', Measured>> {
    const session = this.indicators.check('database');
    const startedAt = this.clock.monotonic();
    const signal = AbortSignal.timeout(databaseTimeoutMs);
    try {
      await Promise.race([
        this.database.read.query('SELECT 1'),
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('timeout')), { once: true }),
        ),
      ]);
      return session.up({ latencyMs: Math.round((this.clock.monotonic() - startedAt) * 1000) / 1000 });
    } catch {
      // Whatever the reason, it does not answer; requests that need it tell more.
      return session.down({ latencyMs: null });
    }
  }
}
