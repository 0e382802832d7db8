import { Component, computed, input, output } from '@angular/core';
import { type Problem } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Icon } from './icon';

/** Stands where a part of a page could not be read: what failed, in words, and Retry. */
@Component({
  selector: 'bangui-failed',
  imports: [Icon],
  template: `
    <div class="empty danger" role="alert">
      <bangui-icon name="danger" class="fg" />
      <p class="strong">{{ what() }}</p>
      <p>{{ why() }}</p>
      <button type="button" class="btn" (click)="retry.emit()">
        <bangui-icon name="reload" /><span i18n>Retry</span>
      </button>
    </div>
  `,
})
export class Failed {
  readonly problem = input.required<Problem>();
  /** What could not be read: `The jails could not be read.` */
  readonly what = input.required<string>();
  readonly retry = output();
  protected readonly why = computed(() => problemText(this.problem()));
}
