import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';

/**
 * Where the page of an address or network is, for `routerLink`. A network's prefix is a segment of its own, because
 * many proxies refuse an encoded slash.
 */
export function addressPath(address: string): readonly string[] {
  return ['/address', ...address.split('/')];
}

/** An address or network that leads to its page. */
@Component({
  selector: 'bangui-address',
  imports: [RouterLink],
  template: `<a class="mono trunc" [routerLink]="path()" [title]="address()">{{ address() }}</a>`,
  styles: `
    :host {
      display: inline-flex;
      min-width: 0;
      max-width: 100%;
    }
  `,
})
export class AddressLink {
  readonly address = input.required<string>();
  protected readonly path = computed(() => addressPath(this.address()));
}
