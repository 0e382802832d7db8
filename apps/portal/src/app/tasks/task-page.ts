import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TasksState } from '../api/tasks-state';
import { Failed } from '../ui/failed';
import { formatDuration } from '../ui/format';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { TaskButtons } from './task-buttons';
import { TaskNow } from './task-now';
import { TaskRuns } from './task-runs';
import { scheduleWords, taskTitle } from './task-words';

/** One task: when it runs, how it went, and every run that is kept. */
@Component({
  selector: 'bangui-task-page',
  imports: [Failed, Icon, Moment, RouterLink, Skeleton, TaskButtons, TaskNow, TaskRuns],
  templateUrl: './task-page.html',
  styleUrl: './task-page.css',
})
export class TaskPage {
  protected readonly tasks = inject(TasksState);
  /** From the path. */
  readonly id = input.required<string>();

  protected readonly task = computed(() => this.tasks.byId().get(this.id()));
  protected readonly title = computed(() => taskTitle(this.task() ?? { id: this.id() }));
  protected readonly schedule = scheduleWords;
  protected readonly duration = formatDuration;
  protected readonly isChanged = computed(() => {
    const task = this.task();
    return task !== undefined && scheduleWords(task.schedule) !== scheduleWords(task.defaultSchedule);
  });
}
