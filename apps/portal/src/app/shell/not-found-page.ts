import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../ui/icon';

/** For addresses that lead nowhere. */
@Component({
  selector: 'bangui-not-found-page',
  imports: [Icon, RouterLink],
  template: `
    <section class="panel">
      <div class="empty">
        <bangui-icon name="search" />
        <h1 i18n>There is no such page</h1>
        <p i18n>The address may be mistyped, or the page belongs to another version of BanGUI.</p>
        <a class="btn p" routerLink="/" i18n>Go to Overview</a>
      </div>
    </section>
  `,
})
export class NotFoundPage {}
