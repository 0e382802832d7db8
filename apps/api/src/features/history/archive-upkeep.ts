import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { defineTask } from '../../core/tasks/task.ts';
import { TaskRegistry } from '../../core/tasks/task-registry.ts';
import { ArchiveWriter } from './archive-writer.ts';

const dayMs = 86_400_000;

/** Tasks that keep the archive in shape: it forgets what is older than the retention, and its sums are made again. */
@Injectable()
export class ArchiveUpkeep implements OnModuleInit {
  constructor(
    private readonly writer: ArchiveWriter,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly tasks: TaskRegistry,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.tasks.register(
      defineTask({
        id: 'history_retention',
        title: 'Forget old history',
        schedule: { kind: 'interval', everyMs: 60 * 60_000 },
        timeLimitMs: 60 * 60_000,
        run: async ({ signal }) => ({ events: await this.purge(signal) }),
      }),
    );
    this.tasks.register(
      defineTask({
        id: 'history_roll_up_repair',
        title: 'Make the sums of the history again',
        // The sums are kept with every row; this is a second look at them, at a quiet hour.
        schedule: { kind: 'cron', expression: '40 3 1 * *' },
        timeLimitMs: 6 * 60 * 60_000,
        run: async ({ signal, progress }) => {
          let days = 0;
          await this.writer.rebuildRollUps(signal, (done, total) => {
            days = done;
            progress({ done, total });
          });
          return { days };
        },
      }),
    );
  }

  private async purge(signal: AbortSignal): Promise<number> {
    const before = this.clock.now() - this.settings.historyRetentionDays * dayMs;
    const events = await this.writer.purge(before, signal);
    if (events > 0) this.log.info(logEvents.archivePurged, { events, before });
    return events;
  }
}
