import { Component, computed, inject, input } from '@angular/core';
import { JailsState } from '../api/jails-state';
import { viewOf } from '../api/resource-view';
import { Sparkline } from '../ui/charts/sparkline';
import { formatNumber } from '../ui/format';
import { locale } from '../ui/locale';
import { type RangeWindow } from '../ui/range-window';
import { periodBefore } from '../ui/time-range';
import { type Change, changeOf } from './change';
import { DashboardApi } from './dashboard-api';

const errorShare = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });

/** A figure of the chosen range. */
interface Figure {
  readonly label: string;
  readonly value: string;
  readonly title: string;
  readonly series: readonly number[];
  readonly change: Change | null;
}

/** The figures of the first page: what is so now, and what happened in the chosen range against the one before. */
@Component({
  selector: 'bangui-figures',
  imports: [Sparkline],
  templateUrl: './figures.html',
  styleUrl: './figures.css',
})
export class Figures {
  private readonly api = inject(DashboardApi);
  private readonly jails = inject(JailsState);

  readonly range = input.required<RangeWindow>();

  private readonly resource = this.api.summary(() => this.range().window());
  private readonly view = viewOf(this.resource, () => this.range().key());

  protected readonly hasJails = computed(() => this.jails.view().kind === 'ready');
  protected readonly bannedNow = computed(() => formatNumber(this.jails.bannedNow()));
  protected readonly bannedIn = computed(() => {
    const count = this.jails.all().filter((jail) => jail.currentlyBanned > 0).length;
    return count === 1 ? $localize`in 1 jail` : $localize`in ${formatNumber(count)}:count: jails`;
  });
  /** How many bans were in force in the chosen range; empty until it is known. */
  protected readonly bannedOverTime = computed<readonly number[]>(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value.bannedOverTime : [];
  });
  protected readonly bannedTitle = computed(() =>
    this.bannedOverTime().length > 1
      ? $localize`The line is reckoned back from now by the bans and unbans in the history`
      : '',
  );
  protected readonly armed = computed(() =>
    formatNumber(this.jails.all().filter((jail) => jail.state === 'running' && jail.armed.status === 'armed').length),
  );
  protected readonly allJails = computed(() => formatNumber(this.jails.all().length));

  /** What is said below a figure that has none: it is being read, or could not be. */
  protected readonly isFailed = computed(() => this.view().kind === 'failed');
  protected readonly figures = computed<readonly Figure[]>(() => {
    const view = this.view();
    const labels = [$localize`Bans`, $localize`Failures seen`, $localize`Distinct addresses`];
    if (view.kind !== 'ready') {
      return labels.map((label) => ({ label, value: '–', title: '', series: [], change: null }));
    }
    const before = periodBefore(this.range().choice());
    const { bans, failures, distinctAddresses } = view.value;
    const within = errorShare.format(distinctAddresses.error);
    return [
      { ...bans, title: '' },
      { ...failures, title: '' },
      {
        ...distinctAddresses,
        title: distinctAddresses.error > 0 ? $localize`Estimated, usually within ${within}:share:` : '',
      },
    ].map(({ value, previous, series, title }, index) => ({
      label: labels[index] ?? '',
      value: formatNumber(value),
      title,
      series,
      change: changeOf(value, previous, before),
    }));
  });

  protected retry(): void {
    this.resource.reload();
  }
}
