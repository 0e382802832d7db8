import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineTask } from '../../../core/tasks/task.ts';
import { TaskRegistry } from '../../../core/tasks/task-registry.ts';
import { AllowlistEntriesService } from './entries.service.ts';

/** Removes entries whose time is over. They count no more from that moment on; this only tidies up, and says so in the audit log. */
@Injectable()
export class AllowlistCleanUp implements OnModuleInit {
  constructor(
    private readonly entries: AllowlistEntriesService,
    private readonly tasks: TaskRegistry,
  ) {}

  onModuleInit(): void {
    this.tasks.register(
      defineTask({
        id: 'allowlist_clean_up',
        title: 'Remove expired entries of the allowlist',
        schedule: { kind: 'interval', everyMs: 60 * 60_000 },
        jitterMs: 60_000,
        run: async ({ signal }) => ({ removed: await this.entries.removeExpired(signal) }),
      }),
    );
  }
}
