import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { Clock } from '../ui/clock';
import { DialogOpener } from '../ui/dialog-opener';
import { formatMoment } from '../ui/format';
import { Icon } from '../ui/icon';
import { rangeChoice, rangeKey, type RangeName, rangeLabel, windowOf } from '../ui/time-range';
import { TimeRangePicker } from '../ui/time-range-picker';
import { ExportBar } from './export-bar';
import { type ExportChoice, type ExportDraft } from './export-dialog';
import { type HistoryQuery } from './history-api';
import { HistoryExports } from './history-exports';
import { FilterBar } from './filter-bar';
import { type HistoryFilters, usableFilters } from './history-filters';
import { HistoryList } from './history-list';
import { HistoryView } from './history-view';

const USUAL_RANGE: RangeName = '7d';

/** The archive of every ban and unban. Filters and range are the address of the page, so that it can be shared. */
@Component({
  selector: 'bangui-history-page',
  imports: [ExportBar, FilterBar, HistoryList, Icon, TimeRangePicker],
  templateUrl: './history-page.html',
})
export class HistoryPage {
  private readonly clock = inject(Clock);
  private readonly dialogs = inject(DialogOpener);
  private readonly router = inject(Router);
  protected readonly exports = inject(HistoryExports);

  /** From the query string, as are all the following. */
  readonly range = input<string>();
  readonly from = input<string>();
  readonly to = input<string>();
  readonly jail = input<string>();
  readonly network = input<string>();
  readonly country = input<string>();
  readonly asn = input<string>();
  readonly origin = input<string>();
  readonly action = input<string>();
  readonly text = input<string>();

  protected readonly choice = computed(
    () => rangeChoice({ range: this.range(), from: this.from(), to: this.to() }, USUAL_RANGE),
    { equal: (a, b) => rangeKey(a) === rangeKey(b) },
  );
  protected readonly filters = computed<HistoryFilters>(
    () =>
      usableFilters({
        jail: this.jail(),
        network: this.network(),
        country: this.country(),
        asn: this.asn(),
        origin: this.origin(),
        action: this.action(),
        text: this.text(),
      }),
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  /** Counts how often a person wanted the list from its top again. */
  private readonly starts = signal(0);
  /**
   * What is asked. The beginning of `the last 7 days` is fixed when it is asked, and its end is open: a list must not
   * begin anew each minute.
   */
  private readonly query = computed<HistoryQuery>(() => {
    this.starts();
    const choice = this.choice();
    const window = windowOf(
      choice,
      untracked(() => this.clock.now()),
    );
    return { filters: this.filters(), from: window.from, to: choice.kind === 'custom' ? window.to : undefined };
  });
  protected readonly window = computed(() => windowOf(this.choice(), this.query().to ?? this.clock.now()));
  protected readonly isFiltered = computed(() => Object.keys(this.filters()).length > 0);
  protected readonly isLongest = computed(() => {
    const choice = this.choice();
    return choice.kind === 'last' && choice.name === '365d';
  });
  protected readonly view = new HistoryView();

  constructor() {
    effect(() => {
      const query = this.query();
      untracked(() => this.view.show(query));
    });
  }

  protected startAgain(): void {
    this.starts.update((count) => count + 1);
  }

  protected filter(filters: HistoryFilters): void {
    const none = { jail: null, network: null, country: null, asn: null, origin: null, action: null, text: null };
    void this.router.navigate([], { queryParams: { ...none, ...filters }, queryParamsHandling: 'merge' });
  }

  protected widen(): void {
    void this.router.navigate([], {
      queryParams: { range: '365d', from: null, to: null },
      queryParamsHandling: 'merge',
    });
  }

  /** Goes on with what is older than the last row. */
  protected showOlderThan(at: number): void {
    const from = new Date(this.window().from).toISOString().replace(/\.\d{3}/, '');
    // The second of the last row belongs to both, so that nothing falls between them.
    const to = new Date(at + 1000).toISOString().replace(/\.\d{3}/, '');
    void this.router.navigate([], { queryParams: { range: null, from, to }, queryParamsHandling: 'merge' });
  }

  protected async openExport(): Promise<void> {
    const chosen = await this.dialogs.open<ExportDraft, ExportChoice>({
      load: async () => (await import('./export-dialog')).ExportDialog,
      width: '460px',
      data: { what: this.exported() },
    });
    if (chosen) await this.exports.start(this.query(), chosen.format, chosen.maxRows, this.clock.now());
  }

  private exported(): string {
    const choice = this.choice();
    const time =
      choice.kind === 'last'
        ? $localize`the last ${rangeLabel(choice.name)}:range:`
        : `${formatMoment(choice.from)} – ${formatMoment(choice.to)}`;
    return this.isFiltered()
      ? $localize`Events of ${time}:time: that fit the filters`
      : $localize`All events of ${time}:time:`;
  }
}
