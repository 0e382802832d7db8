import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { TaskRunner } from './task-runner.ts';
import { TasksRepository } from './tasks.repository.ts';

/** For features that want a task of theirs to run soon, on whichever instance runs the tasks. */
@Injectable()
export class TaskRequests {
  constructor(
    private readonly repository: TasksRepository,
    private readonly runner: TaskRunner,
    private readonly clock: Clock,
  ) {}

  /** Asks for a run; while one goes on, for another one after it. */
  async request(id: string, requestedBy: string): Promise<void> {
    await this.repository.request(id, this.clock.now(), requestedBy);
    this.runner.poke();
  }
}
