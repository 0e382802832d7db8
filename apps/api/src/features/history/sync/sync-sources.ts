import { Fail2banClient } from '@bangui/fail2ban';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { Settings } from '../../../core/config/settings.ts';

/** What fail2ban writes below this level names no bans. */
const silentLevels: readonly string[] = ['CRITICAL', 'ERROR', 'WARNING'];
/** The server is asked again after this time, in milliseconds, because settings can be changed while it runs. */
const askAgainMs = 300_000;
const askLimitMs = 2_900;

/** Where fail2ban keeps its database and its log. */
export interface SourcePaths {
  /** Null when it keeps none, or only in memory. */
  readonly database: string | null;
  /** Null when it logs elsewhere than into a file, or too little. */
  readonly log: string | null;
}

/** Asks fail2ban where its database and its log are, unless the settings say so. */
@Injectable()
export class SyncSources {
  private asked: SourcePaths | undefined;
  private askedAt = -Infinity;

  constructor(
    private readonly client: Fail2banClient,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Asks anew at the next look: another server may answer. */
  forget(): void {
    this.askedAt = -Infinity;
  }

  /**
   * The latest that is known; undefined until fail2ban has answered once. While it does not answer, the last answer
   * stands: what it wrote before it went away is still to be read.
   */
  async paths(): Promise<SourcePaths | undefined> {
    const { fail2banDb, fail2banLog } = this.settings;
    if (fail2banDb !== undefined && fail2banLog !== undefined) return { database: fail2banDb, log: fail2banLog };
    if (this.clock.monotonic() - this.askedAt > askAgainMs) {
      const answer = await this.ask().catch(() => undefined);
      // Asked again soon when there was no answer, but not at each turn.
      this.askedAt = this.clock.monotonic() - (answer ? 0 : askAgainMs - askLimitMs);
      this.asked = answer ?? this.asked;
    }
    return this.asked && { database: fail2banDb ?? this.asked.database, log: fail2banLog ?? this.asked.log };
  }

  private async ask(): Promise<SourcePaths> {
    const limit = { timeoutMs: askLimitMs };
    const database = await this.client.serverSetting('dbfile', limit);
    const target = await this.client.serverSetting('logtarget', limit);
    const level = await this.client.serverSetting('loglevel', limit);
    return {
      database: database?.startsWith('/') ? database : null,
      log: target.startsWith('/') && !silentLevels.includes(level) ? target : null,
    };
  }
}
