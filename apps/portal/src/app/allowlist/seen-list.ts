import { Component, computed, input, output } from '@angular/core';
import { type SeenAddress, type SeenHere } from '../api/generated/models';
import { formatAddresses } from '../ui/format';
import { Moment } from '../ui/moment';
import { signInWords, sourceWords } from './seen-words';

/** Addresses from which somebody signed in, each with a button that takes it to the allowlist. */
@Component({
  selector: 'bangui-seen-list',
  imports: [Moment],
  template: `
    <ul>
      @for (one of seen().items; track one.address) {
        <li>
          <span class="mono strong">{{ one.address }}</span>
          <span class="muted small"
            >{{ words(one) }}, <ng-container i18n>last</ng-container>&ngsp;<bangui-moment [at]="one.lastAt"
          /></span>
          <button type="button" class="btn s" [attr.aria-label]="label(one)" (click)="chosen.emit(one)">
            <span i18n>Never ban…</span>
          </button>
        </li>
      }
    </ul>
    @if (more(); as text) {
      <p class="muted small">{{ text }}</p>
    }
    @for (text of gaps(); track text) {
      <p class="muted small wrap-anywhere">{{ text }}</p>
    }
  `,
  styles: `
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      min-height: 32px;
    }
    li .btn {
      margin-left: auto;
    }
    p {
      margin: 4px 0 0;
    }
  `,
})
export class SeenList {
  readonly seen = input.required<SeenHere>();
  /** Somebody wants it on the allowlist. */
  readonly chosen = output<SeenAddress>();

  protected readonly words = signInWords;
  protected readonly more = computed(() => {
    const { items, count } = this.seen();
    return count > items.length ? $localize`and ${formatAddresses(count - items.length)}:addresses: more` : null;
  });
  /** What could not be looked at. */
  protected readonly gaps = computed(() =>
    this.seen()
      .sources.map(sourceWords)
      .filter((text) => text !== null),
  );

  protected label({ address }: SeenAddress): string {
    return $localize`Never ban ${address}:address:…`;
  }
}
