import { Component, computed, input } from '@angular/core';
import { type TaskInfo } from '../api/generated/models';
import { formatNumber } from '../ui/format';
import { Moment } from '../ui/moment';
import { RunOutcome } from './run-outcome';
import { tookWords } from './task-words';

/** What a task does now and how it went last: outcome, when, how long, how far. */
@Component({
  selector: 'bangui-task-now',
  imports: [Moment, RunOutcome],
  template: `
    <span class="marks">
      @if (task().isPaused) {
        <span class="chip watch" i18n>paused</span>
      }
      @if (task().state === 'requested') {
        <span class="chip info"><i class="dot run"></i><span i18n>asked for</span></span>
      }
      @if (task().lastRun; as run) {
        <bangui-run-outcome [outcome]="run.outcome" />
        <span class="muted small"
          ><bangui-moment [at]="run.startedAt" />
          @if (took(); as words) {
            <span>, {{ words }}</span>
          }
        </span>
      } @else if (task().state !== 'requested') {
        <span class="muted" i18n>never ran</span>
      }
    </span>
    @if (progress(); as now) {
      <span class="progress">
        @if (now.percent !== null) {
          <span
            class="bar"
            role="progressbar"
            aria-label="Progress"
            i18n-aria-label
            aria-valuemin="0"
            aria-valuemax="100"
            [attr.aria-valuenow]="now.percent"
            ><i [style.width.%]="now.percent"></i
          ></span>
        }
        <span class="muted small nw">{{ now.words }}</span>
      </span>
    }
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .marks {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 8px;
      align-items: center;
    }
    .progress {
      display: flex;
      gap: 8px;
      align-items: center;
      margin-top: 4px;
    }
    .bar {
      flex: 1;
      max-width: 180px;
    }
  `,
})
export class TaskNow {
  readonly task = input.required<TaskInfo>();

  protected readonly took = computed(() => {
    const run = this.task().lastRun;
    if (!run || run.outcome === 'running') return null;
    return run.durationMs === null ? null : $localize`took ${tookWords(run.durationMs)}:duration:`;
  });
  protected readonly progress = computed(() => {
    const { progress, lastRun } = this.task();
    if (!progress || lastRun?.outcome !== 'running') return null;
    const done = formatNumber(progress.done);
    if (progress.total === null || progress.total <= 0) return { percent: null, words: done };
    const percent = Math.min(100, Math.floor((progress.done / progress.total) * 100));
    return { percent, words: $localize`${done}:done: of ${formatNumber(progress.total)}:total:` };
  });
}
