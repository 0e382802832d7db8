import { computed, type Signal } from '@angular/core';
import { type Ranking } from '../api/generated/models';
import { type ResourceView } from '../api/resource-view';
import { rampThresholds } from '../ui/charts/ramp';
import { type CountryCount } from '../ui/charts/world-map';

/** What a map and its legend need of a ranking of countries. */
export interface Places {
  readonly counts: Signal<readonly CountryCount[]>;
  readonly thresholds: Signal<readonly number[]>;
}

/** All countries there are: as many as the ranking ever has. */
export const ALL_COUNTRIES = 300;

export function placesOf(view: Signal<ResourceView<Ranking>>): Places {
  const counts = computed(() => {
    const now = view();
    return now.kind === 'ready' ? now.value.items.map(({ key, bans }) => ({ code: key, bans })) : [];
  });
  return { counts, thresholds: computed(() => rampThresholds(Math.max(0, ...counts().map(({ bans }) => bans)))) };
}
