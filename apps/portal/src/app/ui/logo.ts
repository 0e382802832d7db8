import { Component } from '@angular/core';

/** The mark of BanGUI: a grid of bars. */
@Component({
  selector: 'bangui-logo',
  template: `
    <svg viewBox="0 0 22 22" aria-hidden="true">
      <rect width="22" height="22" rx="5" fill="var(--accent)" />
      <path d="M6 5v12M11 5v12M16 5v12M4 8.5h14M4 13.5h14" stroke="var(--on-accent)" stroke-width="1.5" fill="none" />
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    svg {
      width: var(--logo, 22px);
      height: var(--logo, 22px);
    }
  `,
})
export class Logo {}
