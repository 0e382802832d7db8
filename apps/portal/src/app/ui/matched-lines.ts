import { Component, computed, input, linkedSignal } from '@angular/core';
import { formatNumber } from './format';
import { markedRuns } from './marked-runs';

/** Lines that are drawn before a person asks for the rest. */
const SHOWN = 10;

/** Log lines as they were written: hostile text, with the address (and what was searched for) marked by us. */
@Component({
  selector: 'bangui-matched-lines',
  template: `
    <div class="code" role="group" tabindex="0" aria-label="Matched lines" i18n-aria-label>
      @for (line of runs(); track $index) {
        <div>
          @for (run of line; track $index) {
            @if (run.isMarked) {
              <mark>{{ run.text }}</mark>
            } @else {
              <span [class.ctl]="run.isControl">{{ run.text }}</span>
            }
          }
        </div>
      }
    </div>
    @if (hidden() > 0) {
      <button type="button" class="lnk small" (click)="showsAll.set(true)" i18n>Show {{ hiddenText() }} more</button>
    }
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .code {
      max-height: 420px;
    }
    .code > div {
      unicode-bidi: isolate;
    }
    mark {
      background: var(--watch-bg);
      color: var(--watch-fg);
      border-radius: 2px;
      padding: 0 1px;
    }
    .lnk {
      padding-top: 6px;
    }
  `,
})
export class MatchedLines {
  readonly lines = input.required<readonly string[]>();
  /** What is marked. */
  readonly marks = input<readonly string[]>([]);

  protected readonly showsAll = linkedSignal({ source: this.lines, computation: () => false });
  protected readonly runs = computed(() =>
    (this.showsAll() ? this.lines() : this.lines().slice(0, SHOWN)).map((line) => markedRuns(line, this.marks())),
  );
  protected readonly hidden = computed(() => this.lines().length - this.runs().length);
  protected readonly hiddenText = computed(() => formatNumber(this.hidden()));
}
