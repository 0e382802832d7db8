import { Component, computed, input } from '@angular/core';

const WIDTH = 84;
const HEIGHT = 30;
/** Room above the highest and below the lowest value, so that the line is not cut. */
const MARGIN = 2;

/** A small line that shows how a figure went. The figure stands beside it, so it is decoration for screen readers. */
@Component({
  selector: 'bangui-sparkline',
  template: `
    @if (line(); as path) {
      <svg viewBox="0 0 84 30" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path class="area" [attr.d]="path + closing" />
        <path class="line" [attr.d]="path" />
      </svg>
    }
  `,
  styles: `
    :host {
      display: block;
      width: 84px;
      height: 30px;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
    }
    .area {
      fill: var(--accent);
      opacity: 0.12;
    }
    .line {
      fill: none;
      stroke: var(--accent);
      stroke-width: 1.5;
      stroke-linejoin: round;
      vector-effect: non-scaling-stroke;
    }
  `,
})
export class Sparkline {
  /** In order of time. Fewer than two draw nothing. */
  readonly values = input.required<readonly number[]>();

  protected readonly closing = `L${String(WIDTH)} ${String(HEIGHT)}L0 ${String(HEIGHT)}Z`;
  protected readonly line = computed(() => sparklinePath(this.values()));
}

/** The line through the values, from the left edge to the right one; null when there is nothing to connect. */
export function sparklinePath(values: readonly number[]): string | null {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * WIDTH;
    // A figure that never changed runs along the bottom when it is 0 and through the middle otherwise.
    const share = range > 0 ? (value - low) / range : low === 0 ? 0 : 0.5;
    const y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
