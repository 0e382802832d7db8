import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { ConfigurationState } from '../api/configuration-state';
import { ChangeBanner } from './change-banner';

/** fail2ban's configuration: what stands in its files, and how to change it. The tab is part of the address. */
@Component({
  selector: 'bangui-configuration-page',
  imports: [ChangeBanner, RouterLink, RouterLinkActive, RouterOutlet],
  template: `
    <div class="stack">
      <div class="head"><h1 i18n>Configuration</h1></div>
      <nav class="tabs" aria-label="Configuration" i18n-aria-label>
        <a routerLink="jails" routerLinkActive ariaCurrentWhenActive="page" i18n>Jails</a>
        <a routerLink="filters" routerLinkActive ariaCurrentWhenActive="page" i18n>Filters</a>
        <a routerLink="actions" routerLinkActive ariaCurrentWhenActive="page" i18n>Actions</a>
        <a routerLink="versions" routerLinkActive ariaCurrentWhenActive="page" i18n>Versions</a>
      </nav>
      <bangui-change-banner />
      <router-outlet />
    </div>
  `,
})
export class ConfigurationPage {
  constructor() {
    inject(ConfigurationState).follow();
  }
}
