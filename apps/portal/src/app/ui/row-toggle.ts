import { Component, input, output } from '@angular/core';
import { Icon } from './icon';

/** Opens and closes what a row of a table hides. */
@Component({
  selector: 'bangui-row-toggle',
  imports: [Icon],
  template: `
    <button
      type="button"
      class="btn ic s t q"
      [attr.aria-expanded]="isOpen()"
      [attr.aria-label]="label()"
      (click)="toggled.emit()"
    >
      <bangui-icon [name]="isOpen() ? 'down' : 'chevron'" />
    </button>
  `,
})
export class RowToggle {
  readonly isOpen = input.required<boolean>();
  /** For those who do not see the arrow: `Details`. */
  readonly label = input.required<string>();
  readonly toggled = output();
}
