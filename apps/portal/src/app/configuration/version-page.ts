import { Component, inject, input } from '@angular/core';
import { viewOf } from '../api/resource-view';
import { ConfigurationApi } from './configuration-api';

/** What one version changed. */
@Component({
  selector: 'bangui-version-page',
  template: `<h2>{{ number() }}</h2>`,
})
export class VersionPage {
  /** From the path. */
  readonly number = input.required<string>();
  protected readonly view = viewOf(inject(ConfigurationApi).version(() => Number(this.number())));
}
