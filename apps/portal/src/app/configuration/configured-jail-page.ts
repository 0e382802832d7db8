import { Component, inject, input } from '@angular/core';
import { viewOf } from '../api/resource-view';
import { ConfigurationApi } from './configuration-api';
import { type HoldsUnsaved } from './unsaved-guard';

/** One jail as the configuration has it. */
@Component({
  selector: 'bangui-configured-jail-page',
  template: `<h2>{{ name() }}</h2>`,
})
export class ConfiguredJailPage implements HoldsUnsaved {
  /** From the path. */
  readonly name = input.required<string>();
  protected readonly view = viewOf(inject(ConfigurationApi).jail(() => this.name()));

  hasUnsaved(): boolean {
    return false;
  }
}
