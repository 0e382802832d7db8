import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { ArchiveWriter } from './archive-writer.ts';

const intervalMs = 60 * 60_000;
/** The first run waits until the start is over and its work is done. */
const firstAfterMs = 2 * 60_000;
const dayMs = 86_400_000;

/** Forgets once an hour what is older than the retention. Several instances may do so: nothing is left for the second. */
@Injectable()
export class ArchiveUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly writer: ArchiveWriter,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.runIn(firstAfterMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.stopped.abort();
    await this.running;
  }

  /** One run. Resolves to how many events were forgotten. */
  async run(): Promise<number> {
    const before = this.clock.now() - this.settings.historyRetentionDays * dayMs;
    const events = await this.writer.purge(before, this.stopped.signal);
    if (events > 0) this.log.info(logEvents.archivePurged, { events, before });
    return events;
  }

  private runIn(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.running = this.run()
        .catch((error: unknown) => this.log.error(logEvents.archiveUpkeepFailed, { error }))
        .finally(() => {
          if (!this.stopped.signal.aborted) this.runIn(intervalMs);
        });
    }, delayMs).unref();
  }
}
