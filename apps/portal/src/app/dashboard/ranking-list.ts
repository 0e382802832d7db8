import { Component, computed, input } from '@angular/core';
import { type Params, RouterLink } from '@angular/router';
import { Country } from '../ui/country';
import { formatNumber } from '../ui/format';

/** One row of a ranking, ready to be drawn. */
export interface RankingRow {
  readonly key: string;
  readonly label: string;
  /** A second, quieter word beside the label. */
  readonly aside: string;
  /** A country's code when the row is one; null for an unknown country; undefined for everything else. */
  readonly country?: string | null;
  readonly isMono: boolean;
  readonly bans: number;
  /** Compared with the period before. */
  readonly title: string;
  readonly link: readonly string[] | null;
  readonly query: Params;
}

/** The most frequent ones as bars with their numbers; it needs no table, it is one. */
@Component({
  selector: 'bangui-ranking-list',
  imports: [Country, RouterLink],
  template: `
    <ol>
      @for (row of rows(); track row.key) {
        <li>
          <span class="who">
            @if (row.link; as link) {
              <a
                class="trunc"
                [class.mono]="row.isMono"
                [class.plain]="!row.isMono"
                [routerLink]="link"
                [queryParams]="row.query"
              >
                @if (row.country !== undefined) {
                  <bangui-country [code]="row.country" />
                } @else {
                  {{ row.label }}
                }
              </a>
            } @else if (row.country !== undefined) {
              <bangui-country [code]="row.country" />
            } @else {
              <span class="trunc">{{ row.label }}</span>
            }
            @if (row.aside) {
              <span class="muted small nw">{{ row.aside }}</span>
            }
          </span>
          <span class="bar" aria-hidden="true"><i [style.width.%]="(row.bans / most()) * 100"></i></span>
          <span class="num strong" [title]="row.title">{{ number(row.bans) }}</span>
        </li>
      }
    </ol>
  `,
  styles: `
    ol {
      padding-bottom: 8px;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 56px minmax(52px, auto);
      gap: 10px;
      align-items: center;
      min-height: 26px;
      padding: 0 14px;
      font-size: var(--fs-13);
    }
    :host(.columns) ol {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(250px, 1fr));
    }
    .who {
      display: flex;
      gap: 8px;
      align-items: baseline;
      min-width: 0;
    }
    .plain {
      color: var(--text-strong);
    }
    @media (max-width: 599px) {
      li {
        min-height: 40px;
      }
    }
  `,
})
export class RankingList {
  readonly rows = input.required<readonly RankingRow[]>();
  protected readonly number = formatNumber;
  protected readonly most = computed(() => Math.max(1, ...this.rows().map((row) => row.bans)));
}
