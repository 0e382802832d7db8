import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { defineTask } from '../../core/tasks/task.ts';
import { TaskRegistry } from '../../core/tasks/task-registry.ts';
import { SessionsRepository } from './sessions.repository.ts';

/** Forgets sessions that have ended. */
@Injectable()
export class SessionCleanUp implements OnModuleInit {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tasks: TaskRegistry,
  ) {}

  onModuleInit(): void {
    this.tasks.register(
      defineTask({
        id: 'session_clean_up',
        title: 'Forget ended sessions',
        schedule: { kind: 'interval', everyMs: 60 * 60_000 },
        jitterMs: 60_000,
        run: async () => ({
          removed: await this.database.write((manager) => this.sessions.removeExpired(manager, this.clock.now())),
        }),
      }),
    );
  }
}
