import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { JailsState } from '../api/jails-state';
import { DashboardApi } from '../dashboard/index';
import { countryName, isCountry } from '../ui/country-name';
import { formatNumber } from '../ui/format';
import { plainText } from '../ui/plain-text';
import { type TimeWindow } from '../ui/time-range';
import { allCountries, type FilterName, type HistoryFilters, usableValue } from './history-filters';

/** What the dialog opens with. */
export interface FilterDraft {
  readonly filters: HistoryFilters;
  /** The range that is looked at: what occurs in it stands first in the lists. */
  readonly window: TimeWindow;
}

const MOST_NETWORKS = 50;

/** All filters of the history in one place; closes with them. */
@Component({
  selector: 'bangui-filter-dialog',
  imports: [FormField, MatDialogModule],
  templateUrl: './filter-dialog.html',
  styles: `
    mat-dialog-content {
      display: grid;
      gap: 14px;
    }
    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 12px;
      align-items: start;
    }
  `,
})
export class FilterDialog {
  private readonly dialog = inject<MatDialogRef<FilterDialog, HistoryFilters>>(MatDialogRef);
  private readonly draft = inject<FilterDraft>(MAT_DIALOG_DATA);
  protected readonly jails = inject(JailsState);

  private readonly model = signal({
    jail: this.draft.filters.jail ?? '',
    network: this.draft.filters.network ?? '',
    country: this.draft.filters.country ?? '',
    asn: this.draft.filters.asn === undefined ? '' : `AS${this.draft.filters.asn}`,
    origin: this.draft.filters.origin ?? '',
    action: this.draft.filters.action ?? '',
  });
  protected readonly fields = form(this.model);

  private readonly byCountry = inject(DashboardApi).ranked(() => ({
    kind: 'country',
    window: this.draft.window,
    limit: 300,
  }));
  private readonly byNetwork = inject(DashboardApi).ranked(() => ({
    kind: 'network',
    window: this.draft.window,
    limit: MOST_NETWORKS,
  }));
  protected readonly occurring = computed(() =>
    (this.byCountry.hasValue() ? this.byCountry.value().items : [])
      .filter(({ key }) => isCountry(key))
      .map(({ key, bans }) => ({ code: key, name: `${countryName(key)} (${formatNumber(bans)})` })),
  );
  protected readonly others = computed(() => {
    const seen = new Set(this.occurring().map(({ code }) => code));
    return allCountries().filter(({ code }) => !seen.has(code));
  });
  protected readonly networks = computed(() =>
    (this.byNetwork.hasValue() ? this.byNetwork.value().items : [])
      .filter(({ key }) => /^\d+$/.test(key))
      .map(({ key, label, bans }) => ({
        asn: `AS${key}`,
        name: `${plainText(label ?? '')} (${formatNumber(bans)})`.trim(),
      })),
  );

  private readonly read = computed(() => {
    const filters: Partial<Record<FilterName, string>> = {};
    const wrong = new Set<FilterName>();
    for (const name of ['jail', 'network', 'country', 'asn', 'origin', 'action'] as const) {
      const typed = this.model()[name].trim();
      const value = usableValue(name, typed);
      if (value !== undefined) filters[name] = value;
      else if (typed !== '') wrong.add(name);
    }
    return { filters, wrong };
  });
  protected readonly wrong = computed(() => this.read().wrong);
  protected readonly hasJail = computed(() => {
    const { jail } = this.model();
    return jail === '' || this.jails.byName().has(jail);
  });

  protected take(event: Event): void {
    event.preventDefault();
    const { filters, wrong } = this.read();
    if (wrong.size === 0) this.dialog.close(filters);
  }
}
