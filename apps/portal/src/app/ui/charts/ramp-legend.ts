import { Component, computed, input } from '@angular/core';
import { formatCompact } from '../format';
import { rampPaint, rampStep } from './ramp';

/** What the colours of the map mean: `0 ▭▭▭▭▭▭ 500+`. */
@Component({
  selector: 'bangui-ramp-legend',
  template: `
    <span aria-hidden="true">0</span>
    @for (step of steps(); track step.title) {
      <i [style.background]="step.paint" [title]="step.title"></i>
    }
    <span aria-hidden="true">{{ last() }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      font-size: var(--fs-12);
      color: var(--text-muted);
    }
    span:first-child {
      margin-right: 6px;
    }
    span:last-child {
      margin-left: 6px;
    }
    i {
      width: 20px;
      height: 8px;
    }
  `,
})
export class RampLegend {
  /** The least counts of the second to the fifth step, as `rampThresholds` makes them. */
  readonly thresholds = input.required<readonly number[]>();

  protected readonly last = computed(() => `${formatCompact(this.thresholds().at(-1) ?? 0)}+`);
  protected readonly steps = computed(() => {
    const from = [0, 1, ...this.thresholds()];
    return from.map((least, index) => {
      const next = from[index + 1];
      const most = next === undefined ? '+' : next - 1 > least ? `–${formatCompact(next - 1)}` : '';
      return { title: `${formatCompact(least)}${most}`, paint: rampPaint(rampStep(least, this.thresholds())) };
    });
  });
}
