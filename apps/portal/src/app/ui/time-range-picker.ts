import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { DialogOpener } from './dialog-opener';
import { formatMoment } from './format';
import { Icon } from './icon';
import { type RangeChoice, type RangeName, rangeLabel, rangeParams, type TimeWindow } from './time-range';

/** The ranges that are offered unless a page says otherwise. */
const USUAL: readonly RangeName[] = ['1h', '6h', '24h', '7d', '30d', '365d'];

/** Chooses a range of time. The choice is the page's address (`range`, or `from` and `to`) and nowhere else. */
@Component({
  selector: 'bangui-time-range-picker',
  imports: [Icon, RouterLink],
  templateUrl: './time-range-picker.html',
  styleUrl: './time-range-picker.css',
})
export class TimeRangePicker {
  private readonly dialogs = inject(DialogOpener);
  private readonly router = inject(Router);

  readonly choice = input.required<RangeChoice>();
  /** The stretch the choice means now; a custom one begins with it. */
  readonly window = input.required<TimeWindow>();
  readonly names = input<readonly RangeName[]>(USUAL);

  protected readonly options = computed(() => {
    const choice = this.choice();
    return this.names().map((name) => ({
      name,
      label: rangeLabel(name),
      params: rangeParams({ kind: 'last', name }),
      isChosen: choice.kind === 'last' && choice.name === name,
    }));
  });
  protected readonly custom = computed(() => {
    const choice = this.choice();
    return choice.kind === 'custom' ? `${formatMoment(choice.from)} – ${formatMoment(choice.to)}` : null;
  });

  protected async choose(): Promise<void> {
    const chosen = await this.dialogs.open<TimeWindow, TimeWindow>({
      load: async () => (await import('./range-dialog')).RangeDialog,
      width: '420px',
      data: this.window(),
    });
    if (!chosen) return;
    await this.router.navigate([], {
      queryParams: rangeParams({ kind: 'custom', ...chosen }),
      queryParamsHandling: 'merge',
    });
  }
}
