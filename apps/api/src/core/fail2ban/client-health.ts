import { Fail2banClient } from '@bangui/fail2ban';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.ts';
import { Fail2banHealth, type Fail2banState } from './fail2ban-health.ts';
import { Fail2banWork, maxSilenceMs } from './fail2ban-work.ts';

/** Health from the kept connection. */
@Injectable()
export class ClientHealth extends Fail2banHealth {
  /** Whether the last thing we waited for was answered. Work in flight proves nothing after a silence. */
  private isAnswering = false;

  constructor(
    private readonly client: Fail2banClient,
    private readonly work: Fail2banWork,
    private readonly clock: Clock,
  ) {
    super();
  }

  private get isBusy(): boolean {
    return this.work.isOurs || this.work.isOfOthers;
  }

  /** Whoever waited for fail2ban tells how it ended. */
  heard(isAnswer: boolean): void {
    this.isAnswering = isAnswer;
  }

  async state(): Promise<Fail2banState> {
    if (this.isAnswering && this.isBusy) return { online: true, latencyMs: null };
    const startedAt = this.clock.monotonic();
    const limit = AbortSignal.timeout(maxSilenceMs);
    try {
      await this.client.ping({ timeoutMs: maxSilenceMs, signal: limit });
      this.heard(true);
      return { online: true, latencyMs: Math.round((this.clock.monotonic() - startedAt) * 1000) / 1000 };
    } catch {
      // Whatever the reason, there was no answer. The ping may have waited behind work of ours that began meanwhile.
      if (this.isAnswering && limit.aborted && this.isBusy) return { online: true, latencyMs: null };
      this.heard(false);
      return { online: false, latencyMs: null };
    }
  }
}
