import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { tasksChange } from '../api/generated/fn/tasks/tasks-change';
import { tasksRun } from '../api/generated/fn/tasks/tasks-run';
import { tasksRuns } from '../api/generated/fn/tasks/tasks-runs';
import {
  type TaskChange,
  type TaskInfo,
  type TaskRequested,
  type TaskRun,
  type TaskRunPage,
} from '../api/generated/models';
import { type KeysetList, keysetList } from '../api/keyset-list';

/** What is asked of single tasks. The list of all of them is TasksState's. */
@Service()
export class TasksApi {
  private readonly api = inject(Api);

  /** Asks for a run; the instance that holds the lock begins it. */
  run(id: string): Promise<TaskRequested> {
    return this.api.invoke(tasksRun, { id });
  }

  /** Pauses, resumes or reschedules; gives the task as it is then. */
  change(id: string, body: TaskChange): Promise<TaskInfo> {
    return this.api.invoke(tasksChange, { id, body });
  }

  /** Runs of a task, newest first. Needs an injection context. */
  runs(id: () => string): KeysetList<TaskRun, TaskRunPage> {
    return keysetList(
      () => tasksRuns.PATH.replace('{id}', encodeURIComponent(id())),
      () => ({}),
    );
  }
}
