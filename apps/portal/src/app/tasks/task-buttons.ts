import { Component, computed, inject, input } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { type TaskInfo } from '../api/generated/models';
import { Busy } from '../ui/busy';
import { Icon } from '../ui/icon';
import { TaskActions } from './task-actions';
import { taskTitle } from './task-words';

/** What can be done to a task: a run now, and the rest behind three dots. */
@Component({
  selector: 'bangui-task-buttons',
  imports: [Busy, Icon, MatMenuModule, RouterLink],
  template: `
    @if (task().schedule.kind !== 'continuous') {
      <button
        type="button"
        class="btn s"
        [disabled]="isUnderWay()"
        [attr.aria-label]="isUnderWay() ? null : runLabel()"
        (click)="actions.run(task())"
      >
        <bangui-busy [is]="isUnderWay()" [label]="doing()"
          ><bangui-icon name="play" /><span i18n>Run now</span></bangui-busy
        >
      </button>
    }
    <button
      type="button"
      class="btn ic s t q"
      [matMenuTriggerFor]="menu"
      [attr.aria-label]="menuLabel()"
      [disabled]="actions.isBusy(task().id)"
    >
      <bangui-icon name="more" />
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      @if (task().isPaused) {
        <button mat-menu-item (click)="actions.resume(task())">
          <bangui-icon name="play" /><span i18n>Resume</span>
        </button>
      } @else {
        <button mat-menu-item (click)="actions.pause(task())">
          <bangui-icon name="pause" /><span i18n>Pause</span>
        </button>
      }
      @if (task().schedule.kind !== 'continuous') {
        <button mat-menu-item (click)="actions.reschedule(task())">
          <bangui-icon name="calendar" /><span i18n>Change schedule…</span>
        </button>
      }
      @if (hasRunsLink()) {
        <a mat-menu-item [routerLink]="['/tasks', task().id]"
          ><bangui-icon name="history" /><span i18n>Its runs</span></a
        >
      }
    </mat-menu>
  `,
  styles: `
    :host {
      display: inline-flex;
      gap: 4px;
      align-items: center;
    }
  `,
})
export class TaskButtons {
  protected readonly actions = inject(TaskActions);
  readonly task = input.required<TaskInfo>();
  /** Whether the menu leads to the task's own page. */
  readonly hasRunsLink = input(true);

  protected readonly isUnderWay = computed(() => this.task().state !== 'idle' || this.actions.isBusy(this.task().id));
  protected readonly doing = computed(() =>
    this.task().state === 'running' ? $localize`Running…` : $localize`Waiting…`,
  );
  protected readonly runLabel = computed(() => $localize`Run now: ${taskTitle(this.task())}:task:`);
  protected readonly menuLabel = computed(() => $localize`Actions for ${taskTitle(this.task())}:task:`);
}
