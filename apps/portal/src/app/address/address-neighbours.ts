import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type HttpResourceRef } from '@angular/common/http';
import { type AddressHistory } from '../api/generated/models';
import { viewOf } from '../api/resource-view';
import { BanActions } from '../bans/index';
import { AddressLink, addressPath } from '../ui/address-link';
import { formatNumber } from '../ui/format';
import { addressesOf24, isNetwork, neighbourhood } from '../ui/network';
import { AddressApi } from './address-api';

/** Newest events of the network that are looked at for addresses seen before. */
const EVENTS = 200;
/** Neighbours named where there are too many addresses for a picture. */
const NAMED = 12;

/** The network around an address: which of its neighbours are banned now, which were. */
@Component({
  selector: 'bangui-address-neighbours',
  imports: [AddressLink, RouterLink],
  templateUrl: './address-neighbours.html',
  styleUrl: './address-neighbours.css',
})
export class AddressNeighbours {
  protected readonly actions = inject(BanActions);

  readonly address = input.required<string>();

  /** The network that is drawn: the page's own when it is a /24, else the one around the address. */
  protected readonly network = computed(() => {
    const address = this.address();
    return isNetwork(address) ? (addressesOf24(address) === null ? null : address) : neighbourhood(address);
  });
  private readonly resource: HttpResourceRef<AddressHistory | undefined> = inject(AddressApi).summary(
    () => this.network(),
    EVENTS,
  );
  // An error here is no news: what is known of the address itself stands on the page.
  private readonly view = viewOf(this.resource, () => this.network() ?? '');
  private readonly known = computed(() => {
    const view = this.view();
    if (view.kind !== 'ready') return null;
    return {
      banned: new Set(view.value.inForce.map((ban) => ban.address).filter((address) => !isNetwork(address))),
      seen: new Set(view.value.items.map((record) => record.address)),
    };
  });
  protected readonly cells = computed(() => {
    const known = this.known();
    const all = addressesOf24(this.network() ?? '');
    if (!known || !all) return null;
    return all.map((address) => ({
      address,
      path: addressPath(address),
      state:
        address === this.address()
          ? 'this'
          : known.banned.has(address)
            ? 'banned'
            : known.seen.has(address)
              ? 'seen'
              : 'none',
    }));
  });
  /** In a network without a picture: the banned ones, then others that were seen. */
  protected readonly named = computed(() => {
    const known = this.known();
    if (!known) return [];
    return [...new Set([...known.banned, ...known.seen])]
      .filter((address) => address !== this.address())
      .slice(0, NAMED);
  });
  protected readonly words = computed(() => {
    const count = this.known()?.banned.size ?? 0;
    return this.cells()
      ? $localize`${formatNumber(count)}:count: of 256 addresses banned now`
      : $localize`${formatNumber(count)}:count: addresses banned now`;
  });

  protected ban(): void {
    void this.actions.openDialog({ text: this.network() ?? '' });
  }
}
