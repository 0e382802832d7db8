import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { viewOf } from '../api/resource-view';
import { RampLegend } from '../ui/charts/ramp-legend';
import { WorldMap } from '../ui/charts/world-map';
import { Failed } from '../ui/failed';
import { type RangeWindow } from '../ui/range-window';
import { Skeleton } from '../ui/skeleton';
import { periodBefore, rangeParams } from '../ui/time-range';
import { DashboardApi } from './dashboard-api';
import { ALL_COUNTRIES, placesOf } from './places';
import { RankingList } from './ranking-list';
import { rankingRows } from './ranking-rows';

const SHOWN = 6;

/** Where the bans of the chosen range come from: a small map beside the countries with the most. */
@Component({
  selector: 'bangui-where-from-panel',
  imports: [Failed, RampLegend, RankingList, RouterLink, Skeleton, WorldMap],
  templateUrl: './where-from-panel.html',
  styleUrl: './where-from-panel.css',
})
export class WhereFromPanel {
  private readonly api = inject(DashboardApi);
  private readonly router = inject(Router);

  readonly range = input.required<RangeWindow>();

  protected readonly form = signal<'chart' | 'table'>('chart');
  protected readonly resource = this.api.ranked(() => ({
    kind: 'country',
    window: this.range().window(),
    limit: ALL_COUNTRIES,
  }));
  protected readonly view = viewOf(this.resource, () => this.range().key());
  protected readonly places = placesOf(this.view);
  protected readonly rangeQuery = computed(() => rangeParams(this.range().choice()));
  protected readonly rows = computed(() => {
    const view = this.view();
    return view.kind === 'ready'
      ? rankingRows('country', view.value, this.rangeQuery(), periodBefore(this.range().choice())).slice(0, SHOWN)
      : [];
  });

  protected flip(): void {
    this.form.update((form) => (form === 'chart' ? 'table' : 'chart'));
  }

  protected open(country: string): void {
    void this.router.navigate(['/history'], { queryParams: { ...this.rangeQuery(), country, action: 'ban' } });
  }
}
