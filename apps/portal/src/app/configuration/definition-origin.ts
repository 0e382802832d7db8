import { Component, computed, input } from '@angular/core';
import { type DefinitionSummary } from '../api/generated/models';

/** Whose a filter or an action is: it comes with fail2ban, a person wrote it, or BanGUI may change it. */
@Component({
  selector: 'bangui-definition-origin',
  template: `
    @if (isStock()) {
      <span class="chip" title="Comes with fail2ban; never changed by BanGUI" i18n-title i18n>Stock</span>
      @if (isOurs()) {
        <span class="chip info" title="A file of BanGUI's own changes it" i18n-title i18n>changed here</span>
      }
    } @else if (isOurs()) {
      <span class="chip info" title="Made by BanGUI, or handed over to it" i18n-title i18n>BanGUI's</span>
    } @else {
      <span
        class="chip watch"
        title="Written by a person; BanGUI changes it only once it is handed over"
        i18n-title
        i18n
        >Local</span
      >
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 4px;
    }
  `,
})
export class DefinitionOrigin {
  /** Of the file that is read first. */
  readonly layer = input.required<DefinitionSummary['layer']>();
  readonly isOurs = input.required<boolean>();
  protected readonly isStock = computed(() => this.layer() === 'stock' || this.layer() === 'stock-d');
}
