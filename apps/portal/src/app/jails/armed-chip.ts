import { Component, computed, input } from '@angular/core';
import { type JailSummary } from '../api/generated/models';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { armedReason, standingOf } from './jail-words';

/** Is this jail what its configuration means? A shape, a colour and a word. */
@Component({
  selector: 'bangui-armed-chip',
  imports: [Icon, Moment],
  template: `
    @let state = standing();
    <span class="chip" [class]="state.meaning" [title]="reason()">
      <bangui-icon [name]="state.icon" />
      <span>
        <span>{{ state.text }}</span>
        @if (provenAt(); as at) {
          <span i18n>, proven <bangui-moment [at]="at" /></span>
        }
      </span>
    </span>
  `,
})
export class ArmedChip {
  readonly jail = input.required<Pick<JailSummary, 'state' | 'armed'>>();
  readonly withTime = input(false);
  protected readonly provenAt = computed(() => {
    const { state, armed } = this.jail();
    return this.withTime() && state !== 'stopped' ? armed.checkedAt : null;
  });
  protected readonly reason = computed(() => armedReason(this.jail().armed));
  protected readonly standing = computed(() => standingOf(this.jail()));
}
