import { Component, computed, input } from '@angular/core';
import { type TaskRun } from '../api/generated/models';
import { Icon } from '../ui/icon';
import { outcomeIcon, outcomeMeaning, outcomeWords } from './task-words';

/** How a run ended, or that it goes on: a shape, a colour and a word. */
@Component({
  selector: 'bangui-run-outcome',
  imports: [Icon],
  template: `
    <span class="chip" [class]="meaning()">
      @if (icon(); as icon) {
        <bangui-icon [name]="icon" />
      } @else {
        <i class="dot run"></i>
      }
      <span>{{ words() }}</span>
    </span>
  `,
})
export class RunOutcome {
  readonly outcome = input.required<TaskRun['outcome']>();
  protected readonly icon = computed(() => outcomeIcon(this.outcome()));
  protected readonly meaning = computed(() => outcomeMeaning(this.outcome()));
  protected readonly words = computed(() => outcomeWords(this.outcome()));
}
