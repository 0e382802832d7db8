import { Component, computed, inject, input, signal, viewChild } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { JailsState } from '../api/jails-state';
import { viewOf } from '../api/resource-view';
import { type Period, StackedTimeChart } from '../ui/charts/stacked-time-chart';
import { Failed } from '../ui/failed';
import { formatDuration } from '../ui/format';
import { type RangeWindow } from '../ui/range-window';
import { Skeleton } from '../ui/skeleton';
import { rangeParams } from '../ui/time-range';
import { DashboardApi } from './dashboard-api';

/** Bans over time by jail: bars, or the same as a table. A bar, a jail and the link lead to the events themselves. */
@Component({
  selector: 'bangui-trend-panel',
  imports: [Failed, RouterLink, Skeleton, StackedTimeChart],
  templateUrl: './trend-panel.html',
  styleUrl: './trend-panel.css',
})
export class TrendPanel {
  private readonly api = inject(DashboardApi);
  private readonly jails = inject(JailsState);
  private readonly router = inject(Router);

  readonly range = input.required<RangeWindow>();

  protected readonly form = signal<'chart' | 'table'>('chart');
  protected readonly resource = this.api.trend(() => this.range().window());
  protected readonly view = viewOf(this.resource, () => this.range().key());
  protected readonly isEmpty = computed(() => {
    const view = this.view();
    return view.kind === 'ready' && view.value.buckets.every((bucket) => bucket.total === 0);
  });
  private readonly chart = viewChild(StackedTimeChart);
  protected readonly per = computed(() => {
    const seconds = this.chart()?.shownSeconds();
    return seconds === undefined ? '' : $localize`per ${formatDuration(seconds)}:duration:, by jail`;
  });
  protected readonly rangeQuery = computed(() => rangeParams(this.range().choice()));
  protected readonly colourOf = computed(() => {
    const jails = this.jails.byName();
    return (name: string): number => jails.get(name)?.colour ?? 0;
  });

  protected flip(): void {
    this.form.update((form) => (form === 'chart' ? 'table' : 'chart'));
  }

  protected openPeriod(period: Period): void {
    void this.router.navigate(['/history'], {
      queryParams: { ...rangeParams({ kind: 'custom', ...period }), action: 'ban' },
    });
  }

  protected openJail(jail: string): void {
    void this.router.navigate(['/history'], { queryParams: { ...this.rangeQuery(), jail, action: 'ban' } });
  }
}
