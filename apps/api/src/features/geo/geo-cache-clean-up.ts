import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { defineTask } from '../../core/tasks/task.ts';
import { TaskRegistry } from '../../core/tasks/task-registry.ts';
import { GeoCacheRepository } from './geo-cache.repository.ts';

/** Statements of one run at most: together twice as many rows as are kept. */
const mostBites = 40;

/** Removes reverse names that are too old, or too many. */
@Injectable()
export class GeoCacheCleanUp implements OnModuleInit {
  constructor(
    private readonly cache: GeoCacheRepository,
    private readonly clock: Clock,
    private readonly tasks: TaskRegistry,
  ) {}

  onModuleInit(): void {
    this.tasks.register(
      defineTask({
        id: 'geo_cache_clean_up',
        title: 'Clean up reverse names',
        schedule: { kind: 'interval', everyMs: 60 * 60_000 },
        jitterMs: 60_000,
        run: async ({ signal }) => ({ removed: await this.run(signal) }),
      }),
    );
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
