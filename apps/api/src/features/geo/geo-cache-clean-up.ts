import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { GeoCacheRepository } from './geo-cache.repository.ts';

const intervalMs = 60 * 60_000;
/** Statements of one run at most: together twice as many rows as are kept. */
const mostBites = 40;

/** Removes reverse names that are too old, or too many. */
@Injectable()
export class GeoCacheCleanUp implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly cache: GeoCacheRepository,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.run(this.stopped.signal).catch((error: unknown) =>
        this.log.warn(logEvents.geoCacheNotCleaned, { error }),
      );
    }, intervalMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopped.abort();
    await this.running;
  }

  /** One run, in short transactions, until nothing is left to do or `signal` aborts. Resolves to the rows removed. */
  async run(signal?: AbortSignal): Promise<number> {
    const now = this.clock.now();
    let removed = 0;
    for (let bite = 0; bite < mostBites && !signal?.aborted; bite += 1) {
      const rows = (await this.cache.removeExpired(now)) || (await this.cache.removeBeyondLimit());
      if (rows === 0) break;
      removed += rows;
    }
    return removed;
  }
}
