import { Component, computed, input } from '@angular/core';
import { icons, type IconName } from './icons';

/** One icon, 16 px unless `--icon` says otherwise. It is decoration: the words stand beside it. */
@Component({
  selector: 'bangui-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      vertical-align: -3px;
    }
    svg {
      width: var(--icon, 16px);
      height: var(--icon, 16px);
      fill: none;
      stroke: currentColor;
      stroke-width: 1.6;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => icons[this.name()]);
}
