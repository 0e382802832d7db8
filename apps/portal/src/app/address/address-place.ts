import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type PlaceOfAddress } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { AddressLink } from '../ui/address-link';
import { Busy } from '../ui/busy';
import { WorldMap } from '../ui/charts/world-map';
import { Country } from '../ui/country';
import { isCountry } from '../ui/country-name';
import { HostileText } from '../ui/hostile-text';
import { isNetwork, neighbourhood } from '../ui/network';
import { PlaceData } from '../ui/place-data';
import { AddressApi } from './address-api';

type NameState =
  | { readonly kind: 'unasked' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly name: string | null }
  | { readonly kind: 'failed'; readonly why: string };

/** Where it is, as far as the place data tells, whose it is, and what its owner calls it (when asked). */
@Component({
  selector: 'bangui-address-place',
  imports: [AddressLink, Busy, Country, HostileText, PlaceData, RouterLink, WorldMap],
  templateUrl: './address-place.html',
  styleUrl: './address-place.css',
})
export class AddressPlace {
  private readonly api = inject(AddressApi);

  readonly address = input.required<string>();
  /** Null when it is not known. */
  readonly place = input.required<PlaceOfAddress | null>();

  protected readonly network = computed(() => neighbourhood(this.address()));
  protected readonly hasName = computed(() => !isNetwork(this.address()));
  protected readonly counts = computed(() => {
    const country = this.place()?.country ?? null;
    return isCountry(country) ? [{ code: country, bans: 1 }] : [];
  });
  /** All below one: a single ban takes the fourth colour. */
  protected readonly strong = [1, 1, 1, 2];
  protected readonly name = linkedSignal<string, NameState>({
    source: this.address,
    computation: () => ({ kind: 'unasked' }),
  });

  protected async lookUp(): Promise<void> {
    const address = this.address();
    this.name.set({ kind: 'asking' });
    let state: NameState;
    try {
      state = { kind: 'known', name: await this.api.reverseName(address) };
    } catch (error) {
      state = { kind: 'failed', why: problemText(problemOf(error)) };
    }
    if (this.address() === address) this.name.set(state);
  }
}
