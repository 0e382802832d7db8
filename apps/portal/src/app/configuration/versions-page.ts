import { Component, inject } from '@angular/core';
import { ConfigurationApi } from './configuration-api';

/** Every version of the configuration, newest first. */
@Component({
  selector: 'bangui-versions-page',
  template: `
    @for (version of list.items(); track version.number) {
      <p>{{ version.number }}</p>
    }
  `,
})
export class VersionsPage {
  protected readonly list = inject(ConfigurationApi).versions();
}
