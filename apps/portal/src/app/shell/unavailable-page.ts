import { Component, input } from '@angular/core';
import { Icon } from '../ui/icon';
import { returnAddress } from './return-address';
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
  /** From the query: the page that was wanted. */
  readonly returnTo = input<string>();

  /** Loads everything anew, since a part of the page may be what is missing. */
  protected retry(): void {
    location.assign(returnAddress(this.returnTo()));
  }
}
