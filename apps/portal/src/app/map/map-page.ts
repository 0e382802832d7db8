import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { JailsState } from '../api/jails-state';
import { viewOf } from '../api/resource-view';
import { ALL_COUNTRIES, DashboardApi, placesOf, RankingList, rankingRows } from '../dashboard/index';
import { RampLegend } from '../ui/charts/ramp-legend';
import { WorldMap } from '../ui/charts/world-map';
import { Failed } from '../ui/failed';
import { formatExact, formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { PlaceData } from '../ui/place-data';
import { RangeWindow } from '../ui/range-window';
import { Skeleton } from '../ui/skeleton';
import { periodBefore, rangeParams } from '../ui/time-range';
import { TimeRangePicker } from '../ui/time-range-picker';

/** Countries in the list beside the map. */
const SHOWN = 12;

/** Where bans come from, on the whole page. The filters are its address. */
@Component({
  selector: 'bangui-map-page',
  imports: [Failed, Icon, PlaceData, RampLegend, RankingList, RouterLink, Skeleton, TimeRangePicker, WorldMap],
  templateUrl: './map-page.html',
  styleUrl: './map-page.css',
})
export class MapPage {
  private readonly api = inject(DashboardApi);
  private readonly router = inject(Router);
  protected readonly jails = inject(JailsState);

  /** From the query string, as are all the following. */
  readonly range = input<string>();
  readonly from = input<string>();
  readonly to = input<string>();
  readonly jail = input<string>();
  readonly origin = input<string>();
  /** `table` shows the countries as a table instead. */
  readonly show = input<string>();

  protected readonly time = new RangeWindow(() => ({ range: this.range(), from: this.from(), to: this.to() }), '7d');
  protected readonly form = linkedSignal<'chart' | 'table'>(() => (this.show() === 'table' ? 'table' : 'chart'));
  private readonly filters = computed(() => ({ jail: this.jail(), origin: originOf(this.origin()) }));
  protected readonly isFiltered = computed(() => Object.values(this.filters()).some((value) => value !== undefined));
  protected readonly resource = this.api.ranked(() => ({
    kind: 'country',
    window: this.time.window(),
    limit: ALL_COUNTRIES,
    filters: this.filters(),
  }));
  protected readonly view = viewOf(this.resource, () => `${this.time.key()} ${JSON.stringify(this.filters())}`);
  protected readonly places = placesOf(this.view);
  private readonly ranking = computed(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value : null;
  });
  protected readonly query = computed(() => ({ ...rangeParams(this.time.choice()), ...this.filters() }));
  protected readonly rows = computed(() => {
    const ranking = this.ranking();
    if (!ranking) return [];
    return rankingRows('country', ranking, this.query(), periodBefore(this.time.choice())).slice(0, SHOWN);
  });
  protected readonly heading = computed(() => {
    const ranking = this.ranking();
    if (!ranking) return '';
    const countries = ranking.items.filter(({ key, bans }) => key !== '?' && bans > 0).length;
    const bans = ranking.total === 1 ? $localize`1 ban` : $localize`${formatNumber(ranking.total)}:count: bans`;
    if (countries === 0) return bans;
    return countries === 1
      ? $localize`${bans}:bans: from 1 country`
      : $localize`${bans}:bans: from ${formatNumber(countries)}:countries: countries`;
  });
  /** The API gives up counting a slow combination of filters; then the person must know. */
  protected readonly countedSince = computed(() => {
    const since = this.ranking()?.countedSince;
    return since === undefined ? '' : formatExact(since);
  });

  protected filter(queryParams: Record<string, string | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }

  protected flip(): void {
    this.filter({ show: this.form() === 'chart' ? 'table' : null });
  }

  protected open(country: string): void {
    void this.router.navigate(['/history'], { queryParams: { ...this.query(), country, action: 'ban' } });
  }
}

function originOf(text: string | undefined): 'selfblock' | 'blocklist' | undefined {
  return text === 'selfblock' || text === 'blocklist' ? text : undefined;
}
