import { Component, computed, input } from '@angular/core';
import { type ImportFunnel, type LeftOut } from '../api/generated/models';
import { funnelSteps } from './list-words';

/** What an import made of a list, step by step. */
@Component({
  selector: 'bangui-funnel-list',
  template: `
    <dl>
      @for (step of steps(); track step.id) {
        <div [class.strong]="step.id === 'left'">
          <dt>{{ step.title }}</dt>
          <dd class="num">{{ step.value }}</dd>
          <dd class="muted small wrap-anywhere">{{ step.note }}</dd>
        </div>
      }
    </dl>
  `,
  styles: `
    dl {
      margin: 0;
      font-size: var(--fs-13);
    }
    div {
      display: grid;
      grid-template-columns: 96px 84px minmax(0, 1fr);
      gap: 12px;
      align-items: baseline;
      min-height: 24px;
    }
    dd {
      margin: 0;
    }
  `,
})
export class FunnelList {
  readonly funnel = input.required<ImportFunnel>();
  /** Known of a preview only. */
  readonly allowlisted = input<LeftOut | null>(null);
  protected readonly steps = computed(() => funnelSteps(this.funnel(), this.allowlisted()));
}
