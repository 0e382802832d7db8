import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { type TaskRun } from '../api/generated/models';
import { Failed } from '../ui/failed';
import { formatExact, formatSecond } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ListEnd } from '../ui/list-end';
import { RowToggle } from '../ui/row-toggle';
import { Skeleton } from '../ui/skeleton';
import { RunOutcome } from './run-outcome';
import { resultWords, tookWords, triggerWords } from './task-words';
import { TasksApi } from './tasks-api';

/** The runs of one task, newest first. Rows open to the error and to who ran it. */
@Component({
  selector: 'bangui-task-runs',
  imports: [Failed, HostileText, Icon, ListEnd, RowToggle, RunOutcome, Skeleton],
  templateUrl: './task-runs.html',
  styleUrl: './task-runs.css',
})
export class TaskRuns {
  readonly id = input.required<string>();
  /** The latest run as live events tell it; it is newer than what was read. */
  readonly latest = input.required<TaskRun | null>();

  protected readonly list = inject(TasksApi).runs(() => this.id());
  protected readonly runs = computed(() => withLatest(this.list.items(), this.latest()));
  protected readonly open = signal<string | null>(null);
  private readonly latestId = computed(() => this.latest()?.id);

  protected readonly exact = formatExact;
  protected readonly moment = formatSecond;
  protected readonly took = tookWords;
  protected readonly trigger = triggerWords;
  protected readonly result = (run: TaskRun): string => resultWords(run.result);

  constructor() {
    // A new run tells how the one before it ended, of which we may have missed the news.
    effect(() => {
      if (this.latestId() !== undefined) untracked(() => this.list.refresh());
    });
  }

  protected toggle(run: TaskRun): void {
    this.open.update((open) => (open === run.id ? null : run.id));
  }
}

function withLatest(runs: readonly TaskRun[], latest: TaskRun | null): readonly TaskRun[] {
  if (!latest) return runs;
  return runs.some((run) => run.id === latest.id)
    ? runs.map((run) => (run.id === latest.id ? latest : run))
    : [latest, ...runs];
}
