import { AppError } from '../../core/http/app-error.ts';

/** There is no such task. */
export class TaskUnknown extends AppError {
  readonly code = 'task-unknown';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no task ${id}.`);
  }
}

/** A task never runs twice at once. */
export class TaskRunning extends AppError {
  readonly code = 'task-running';
  readonly status = 409;
  constructor(id: string) {
    super(`The task ${id} is running already.`);
  }
}

/** The task always runs, so it has no schedule and no run by hand. */
export class TaskContinuous extends AppError {
  readonly code = 'task-continuous';
  readonly status = 409;
  constructor(id: string) {
    super(`The task ${id} runs all the time; it can only be paused.`);
  }
}

/** The cron expression names no time. */
export class CronInvalid extends AppError {
  readonly code = 'cron-invalid';
  readonly status = 422;
  constructor() {
    super('The cron expression is not one: five fields, in UTC, that name at least one time that exists.', {
      errors: [{ field: 'schedule.cron', message: 'is not a cron expression of five fields', code: 'cron-invalid' }],
    });
  }
}
