import { Component, computed, input } from '@angular/core';
import { type ValueOrigin } from '../api/generated/models';
import { layerHint, layerWords } from './origin-words';

/** Whose file something stands in: stock, local, BanGUI's. */
@Component({
  selector: 'bangui-layer-badge',
  template: `<span class="chip" [class.ours]="layer() === 'ours'" [title]="hint()">{{ words() }}</span>`,
  styles: `
    .ours {
      color: var(--accent);
      background: var(--accent-bg);
      border-color: var(--accent-border);
    }
  `,
})
export class LayerBadge {
  readonly layer = input.required<ValueOrigin['layer']>();
  protected readonly words = computed(() => layerWords(this.layer()));
  protected readonly hint = computed(() => layerHint(this.layer()));
}
