import { Component, computed, input } from '@angular/core';
import { countryName, isCountry } from './country-name';

/**
 * A country's flag beside its name. The flag is a picture of its own that is loaded when it comes into view; it says
 * nothing that the name does not, so it has no text.
 */
@Component({
  selector: 'bangui-country',
  template: `
    @if (flag(); as source) {
      <img [src]="source" alt="" width="16" height="12" loading="lazy" decoding="async" />
    } @else {
      <i></i>
    }
    <span class="trunc">{{ name() }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      /* Else it would stand on the line by its first picture, a little above the text beside it. */
      vertical-align: top;
      gap: 6px;
      min-width: 0;
      max-width: 100%;
    }
    img,
    i {
      flex: none;
      width: 16px;
      height: 12px;
      border-radius: 2px;
      background: var(--surface-3);
      /* White flags need an edge on a white ground. */
      outline: 1px solid color-mix(in srgb, var(--text-strong) 14%, transparent);
      outline-offset: -1px;
    }
  `,
})
export class Country {
  /** Two capital letters, or null when nobody knows. */
  readonly code = input.required<string | null>();

  protected readonly name = computed(() => countryName(this.code()));
  protected readonly flag = computed(() => {
    const code = this.code();
    return isCountry(code) ? `flags/${code.toLowerCase()}.svg` : null;
  });
}
