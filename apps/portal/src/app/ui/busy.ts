import { Component, input } from '@angular/core';

/** Inside of a button that can be busy: keeps the width of both states and says what is being done. */
@Component({
  selector: 'bangui-busy',
  template: `
    <span class="idle" [attr.aria-hidden]="is() ? true : null" [class.hidden]="is()"><ng-content /></span>
    <span class="doing" [attr.aria-hidden]="is() ? null : true" [class.hidden]="!is()"
      ><i class="dot run"></i>{{ label() }}</span
    >
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
    }
    span {
      grid-area: 1 / 1;
      display: inline-flex;
      gap: 6px;
      align-items: center;
    }
    .hidden {
      visibility: hidden;
    }
  `,
})
export class Busy {
  readonly is = input.required<boolean>();
  /** What is being done: `Banning…`. */
  readonly label = input.required<string>();
}
