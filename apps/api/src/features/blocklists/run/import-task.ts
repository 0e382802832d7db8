import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { defineTask } from '../../../core/tasks/task.ts';
import { TaskRegistry } from '../../../core/tasks/task-registry.ts';
import { RunsRepository } from '../store/runs.repository.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { importTaskId } from './import-task-id.ts';
import { Imports } from './imports.ts';

/** Looks every minute which sources are due, and forgets old runs once a day. */
@Injectable()
export class ImportTasks implements OnModuleInit {
  constructor(
    private readonly imports: Imports,
    private readonly sources: SourcesRepository,
    private readonly runs: RunsRepository,
    private readonly tasks: TaskRegistry,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.tasks.register(
      defineTask({
        id: importTaskId,
        title: 'Import blocklists',
        schedule: { kind: 'interval', everyMs: 60_000 },
        firstAfterMs: 15_000,
        jitterMs: 0,
        // Publishers may take five minutes each, two at once.
        timeLimitMs: 2 * 3_600_000,
        run: (context) => this.imports.runDue(context),
      }),
    );
    this.tasks.register(
      defineTask({
        id: 'blocklist_clean_up',
        title: 'Forget old imports of blocklists',
        schedule: { kind: 'interval', everyMs: 24 * 3_600_000 },
        jitterMs: 60_000,
        run: async ({ signal }) => ({ removed: await this.forgetOld(signal) }),
      }),
    );
  }

  private async forgetOld(signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (const { id } of await this.sources.all()) {
      for (;;) {
        const some = signal.aborted ? 0 : await this.runs.forgetOld(id, this.clock.now());
        if (some === 0) break;
        removed += some;
      }
    }
    return removed;
  }
}
