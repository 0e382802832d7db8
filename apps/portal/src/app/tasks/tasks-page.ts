import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TasksState } from '../api/tasks-state';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { SchedulerPanel } from './scheduler-panel';
import { TaskButtons } from './task-buttons';
import { TaskNow } from './task-now';
import { scheduleWords, taskTitle } from './task-words';

/** What BanGUI does in the background, and which instance does it. */
@Component({
  selector: 'bangui-tasks-page',
  imports: [Failed, HostileText, Icon, Moment, RouterLink, SchedulerPanel, Skeleton, TaskButtons, TaskNow],
  templateUrl: './tasks-page.html',
  styleUrl: './tasks-page.css',
})
export class TasksPage {
  protected readonly tasks = inject(TasksState);
  protected readonly title = taskTitle;
  protected readonly schedule = scheduleWords;

  constructor() {
    this.tasks.follow();
  }
}
