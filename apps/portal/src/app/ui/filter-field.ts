import { Component, input, output } from '@angular/core';
import { Icon } from './icon';

/** Where a list is searched: the first one of a page is what `/` goes to. */
@Component({
  selector: 'bangui-filter-field',
  imports: [Icon],
  template: `
    <label class="input">
      <bangui-icon name="search" />
      <span class="vh">{{ label() }}</span>
      <input
        data-filter
        type="search"
        autocomplete="off"
        spellcheck="false"
        [placeholder]="placeholder()"
        [value]="value()"
        (input)="typed.emit($event.target.value)"
      />
      <kbd class="hide-s">/</kbd>
    </label>
  `,
})
export class FilterField {
  /** For those who do not see the magnifier: `Filter jails`. */
  readonly label = input.required<string>();
  /** What it looks in: `Name, filter or backend`. */
  readonly placeholder = input.required<string>();
  readonly value = input.required<string>();
  /** With each key. */
  readonly typed = output<string>();
}
