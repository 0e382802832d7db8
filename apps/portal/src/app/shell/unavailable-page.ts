import { Component } from '@angular/core';
import { Icon } from '../ui/icon';
import { Logo } from '../ui/logo';

/** The API did not answer the first question, so nothing can be shown. */
@Component({
  selector: 'bangui-unavailable-page',
  imports: [Icon, Logo],
  template: `
    <main class="empty">
      <bangui-logo />
      <h1 i18n>BanGUI does not answer</h1>
      <p i18n>
        Its process may be starting, stopped or not reachable from here. fail2ban itself does not depend on it.
      </p>
      <button type="button" class="btn p" (click)="retry()">
        <bangui-icon name="reload" /><span i18n>Retry</span>
      </button>
    </main>
  `,
  styles: `
    main {
      min-height: 100vh;
      justify-content: center;
      --logo: 40px;
    }
  `,
})
export class UnavailablePage {
  /** The address in the browser is still the page that was wanted. */
  protected retry(): void {
    location.reload();
  }
}
