import { Fail2banClient } from '@bangui/fail2ban';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';

/** fail2ban is asked again after this time, in milliseconds: whoever follows the log asks every other second. */
const askAgainMs = 3_000;
const askLimitMs = 2_900;

/** Says where fail2ban writes its log to. */
@Injectable()
export class LogPlace {
  private known: string | undefined;
  private askedAt = -Infinity;
  /** One question at a time; whoever asks meanwhile gets the same answer. */
  private asking: Promise<void> | undefined;

  constructor(
    private readonly client: Fail2banClient,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * A path, or fail2ban's word for another place; undefined until fail2ban has said it once. While it does not answer, its
   * last answer stands: what it wrote before is still to be read.
   */
  async target(): Promise<string | undefined> {
    if (this.settings.fail2banLog !== undefined) return this.settings.fail2banLog;
    if (this.clock.monotonic() - this.askedAt > askAgainMs) {
      this.asking ??= this.ask().finally(() => {
        this.asking = undefined;
      });
      await this.asking;
    }
    return this.known;
  }

  private async ask(): Promise<void> {
    const target = await this.client.serverSetting('logtarget', { timeoutMs: askLimitMs }).catch(() => undefined);
    this.known = target ?? this.known;
    this.askedAt = this.clock.monotonic();
  }
}
