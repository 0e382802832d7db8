import { Component } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';

/** People and what they did. */
@Component({
  selector: 'bangui-administration-page',
  imports: [RouterLink, RouterLinkActive, RouterOutlet],
  template: `
    <div class="stack">
      <div class="head"><h1 i18n>Administration</h1></div>
      <nav class="tabs" aria-label="Administration" i18n-aria-label>
        <a routerLink="account" routerLinkActive ariaCurrentWhenActive="page" i18n>Account</a>
        <a routerLink="administrators" routerLinkActive ariaCurrentWhenActive="page" i18n>Administrators</a>
        <a routerLink="tokens" routerLinkActive ariaCurrentWhenActive="page" i18n>API tokens</a>
        <a routerLink="audit" routerLinkActive ariaCurrentWhenActive="page" i18n>Audit</a>
      </nav>
      <router-outlet />
    </div>
  `,
})
export class AdministrationPage {}
