import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { viewOf } from '../api/resource-view';
import { ConfigurationApi } from './configuration-api';

/** Every jail of the configuration, enabled or not. */
@Component({
  selector: 'bangui-configured-jails-page',
  imports: [RouterLink],
  template: `
    @if (view(); as view) {
      @if (view.kind === 'ready') {
        <ul class="panel">
          @for (jail of view.value.items; track jail.name) {
            <li>
              <a [routerLink]="['/configuration/jails', jail.name]">{{ jail.name }}</a>
            </li>
          }
        </ul>
      }
    }
  `,
})
export class ConfiguredJailsPage {
  protected readonly view = viewOf(inject(ConfigurationApi).jails());
}
