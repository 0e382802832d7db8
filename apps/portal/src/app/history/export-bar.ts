import { Component, computed, inject } from '@angular/core';
import { problemText } from '../api/problem-text';
import { formatBytes, formatDuration, formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { HistoryExports } from './history-exports';

/** How the export goes: a bar and Cancel while it runs, then what came of it. */
@Component({
  selector: 'bangui-export-bar',
  imports: [Icon],
  template: `
    @if (exports.current(); as state) {
      <section class="note" [class]="meaning()" aria-label="Export" i18n-aria-label>
        <bangui-icon [name]="state.status === 'failed' ? 'danger' : state.status === 'done' ? 'confirmed' : 'export'" />
        @switch (state.status) {
          @case ('running') {
            <span class="nw" i18n>Exporting as {{ format() }}</span>
            <span
              class="bar grow"
              role="progressbar"
              aria-label="Export"
              i18n-aria-label
              aria-valuemin="0"
              aria-valuemax="100"
              [attr.aria-valuenow]="percent()"
              [class.unknown]="percent() === null"
              ><i [style.width.%]="percent() ?? 100"></i
            ></span>
            <span class="said">{{ said() }}</span>
            <button type="button" class="btn s" (click)="exports.cancel()" i18n>Cancel</button>
          }
          @case ('done') {
            <span class="grow" role="status">
              <ng-container i18n>Exported as {{ format() }}:</ng-container> {{ said() }}
              @if (state.isCut) {
                <span i18n>It stops there: older events are not in the file.</span>
              }
            </span>
          }
          @case ('failed') {
            <span class="grow" role="alert"><ng-container i18n>The export failed.</ng-container> {{ why() }}</span>
          }
        }
        @if (state.status !== 'running') {
          <button type="button" class="btn ic s t q" aria-label="Dismiss" i18n-aria-label (click)="exports.dismiss()">
            <bangui-icon name="x" />
          </button>
        }
      </section>
    }
  `,
  styles: `
    /* Without an export it must not cost a gap. */
    :host {
      display: contents;
    }
    .note > bangui-icon {
      align-self: center;
    }
    .bar {
      background: var(--surface-1);
      --c: var(--info-fg);
      min-width: 60px;
    }
    .unknown i {
      opacity: 0.35;
    }
    @media (max-width: 599px) {
      .note {
        flex-wrap: wrap;
      }
      .bar {
        flex-basis: 100%;
        order: 3;
      }
    }
  `,
})
export class ExportBar {
  protected readonly exports = inject(HistoryExports);
  protected readonly meaning = computed(() => {
    const meanings = { running: 'info', done: 'ok', failed: 'danger' } as const;
    return meanings[this.exports.current()?.status ?? 'running'];
  });
  protected readonly format = computed(() => this.exports.current()?.format.toUpperCase() ?? '');
  protected readonly percent = computed(() => {
    const share = this.exports.current()?.share ?? null;
    return share === null ? null : Math.round(share * 100);
  });
  protected readonly said = computed(() => {
    const state = this.exports.current();
    if (!state) return '';
    const rows = state.rows === 1 ? $localize`1 row` : $localize`${formatNumber(state.rows)}:count: rows`;
    const left = state.secondsLeft === null ? [] : [$localize`${formatDuration(state.secondsLeft)}:duration: left`];
    return [rows, formatBytes(state.bytes), ...left].join(', ');
  });
  protected readonly why = computed(() => {
    const problem = this.exports.current()?.problem;
    return problem ? problemText(problem) : '';
  });
}
