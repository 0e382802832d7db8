import { Component, computed, input } from '@angular/core';
import { type DefinitionSummary } from '../api/generated/models';
import { LayerBadge } from './layer-badge';

/** Whose a filter or an action is, and whether BanGUI changes one of somebody else's. */
@Component({
  selector: 'bangui-definition-origin',
  imports: [LayerBadge],
  template: `
    @for (one of layers(); track one) {
      <bangui-layer-badge [layer]="one" />
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
  protected readonly layers = computed<readonly DefinitionSummary['layer'][]>(() => {
    const isStock = this.layer() === 'stock' || this.layer() === 'stock-d';
    if (!this.isOurs()) return [this.layer()];
    return isStock ? [this.layer(), 'ours'] : ['ours'];
  });
}
