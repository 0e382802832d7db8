import { Component, inject } from '@angular/core';
import { changeLanguage } from './language';
import { Theme } from './theme';
import { language } from '../ui/locale';
import { Logo } from '../ui/logo';

/** The frame of the pages before the sign-in: mark above, content in the middle, language and theme below. */
@Component({
  selector: 'bangui-bare-page',
  imports: [Logo],
  template: `
    <header><bangui-logo /><span>BanGUI</span></header>
    <main id="main"><ng-content /></main>
    <footer class="small">
      <button type="button" class="lnk" [lang]="other" (click)="switchLanguage()">{{ otherName }}</button>
      <span class="muted" aria-hidden="true">·</span>
      <button type="button" class="lnk" (click)="theme.flip()" i18n>Switch theme</button>
    </footer>
  `,
  styles: `
    :host {
      min-height: 100vh;
      display: grid;
      grid-template-rows: auto 1fr auto;
    }
    header {
      display: flex;
      align-items: center;
      gap: 10px;
      height: 72px;
      padding: 0 32px;
      font-weight: 600;
      font-size: 15px;
      color: var(--text-strong);
      letter-spacing: -0.01em;
    }
    main {
      display: grid;
      place-items: center;
      padding: 0 16px 48px;
      min-width: 0;
    }
    footer {
      display: flex;
      gap: 10px;
      justify-content: center;
      padding: 20px;
    }
    @media (max-width: 599px) {
      header {
        height: 56px;
        padding: 0 16px;
      }
    }
  `,
})
export class BarePage {
  protected readonly theme = inject(Theme);
  protected readonly other = language === 'de' ? 'en' : 'de';
  // Written in the other language on purpose: it is for the person who does not read this one.
  protected readonly otherName = language === 'de' ? 'English' : 'Deutsch';

  protected switchLanguage(): void {
    changeLanguage(this.other);
  }
}
