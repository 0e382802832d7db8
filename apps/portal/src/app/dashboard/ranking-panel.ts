import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { viewOf } from '../api/resource-view';
import { Failed } from '../ui/failed';
import { type RangeWindow } from '../ui/range-window';
import { Skeleton } from '../ui/skeleton';
import { periodBefore, rangeParams } from '../ui/time-range';
import { DashboardApi, type RankingKind } from './dashboard-api';
import { RankingList } from './ranking-list';
import { rankingRows } from './ranking-rows';

/** Rows at first, and when a person wants all that the API ranks at once. */
const SHOWN = 5;
const MOST = 50;

/** The networks or addresses with the most bans of the chosen range. */
@Component({
  selector: 'bangui-ranking-panel',
  imports: [Failed, RankingList, Skeleton],
  template: `
    @let now = view();
    <section class="panel">
      <header>
        <h2>{{ heading() }}</h2>
        <span class="muted small" i18n>bans</span>
        @if (canGrow()) {
          <span class="r">
            <button type="button" class="lnk" [attr.aria-expanded]="isOpen()" (click)="isOpen.set(!isOpen())">
              @if (isOpen()) {
                <ng-container i18n>Fewer</ng-container>
              } @else {
                <ng-container i18n>More</ng-container>
              }
              <span class="vh">{{ heading() }}</span>
            </button>
          </span>
        }
      </header>
      @switch (now.kind) {
        @case ('loading') {
          <bangui-skeleton [rows]="5" />
        }
        @case ('failed') {
          <bangui-failed [problem]="now.problem" what="This could not be read." i18n-what (retry)="resource.reload()" />
        }
        @case ('ready') {
          @if (rows().length === 0) {
            <p class="none muted small" i18n>No bans in this time.</p>
          } @else {
            <bangui-ranking-list [rows]="rows()" />
          }
        }
      }
    </section>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .panel {
      height: 100%;
    }
    .none {
      padding: 4px 14px 16px;
    }
  `,
})
export class RankingPanel {
  private readonly api = inject(DashboardApi);

  readonly kind = input.required<RankingKind>();
  readonly heading = input.required<string>();
  readonly range = input.required<RangeWindow>();

  protected readonly isOpen = linkedSignal({ source: () => this.range().key(), computation: () => false });
  // One more than shown tells whether there are more.
  private readonly limit = computed(() => (this.isOpen() ? MOST : SHOWN + 1));
  protected readonly resource = this.api.ranked(() => ({
    kind: this.kind(),
    window: this.range().window(),
    limit: this.limit(),
  }));
  protected readonly view = viewOf(this.resource, () => this.range().key());
  private readonly all = computed(() => {
    const view = this.view();
    if (view.kind !== 'ready') return [];
    const choice = this.range().choice();
    return rankingRows(this.kind(), view.value, rangeParams(choice), periodBefore(choice));
  });
  protected readonly rows = computed(() => (this.isOpen() ? this.all() : this.all().slice(0, SHOWN)));
  protected readonly canGrow = computed(() => this.isOpen() || this.all().length > SHOWN);
}
