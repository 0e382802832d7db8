import { Component, computed, input } from '@angular/core';

/** Grey bars in place of rows that are being read. Shows only after 200 ms, so that a quick answer does not flicker. */
@Component({
  selector: 'bangui-skeleton',
  template: `
    <div class="rows" aria-hidden="true">
      @for (width of widths(); track $index) {
        <div class="line"><i [style.width.%]="width"></i><i class="short"></i></div>
      }
    </div>
    <span class="vh" role="status" i18n>Loading</span>
  `,
  styles: `
    .rows {
      padding: 4px 14px 10px;
      animation: bangui-appear 0s 200ms both;
    }
    .line {
      display: flex;
      justify-content: space-between;
      gap: 24px;
      align-items: center;
      height: var(--h-row);
    }
    i {
      height: 10px;
      border-radius: var(--r-1);
      background: var(--surface-3);
    }
    .short {
      width: 12%;
    }
    @keyframes bangui-appear {
      from {
        visibility: hidden;
      }
      to {
        visibility: visible;
      }
    }
  `,
})
export class Skeleton {
  readonly rows = input(6);
  // Uneven on purpose, but the same every time: bars of one length look like content.
  protected readonly widths = computed(() => Array.from({ length: this.rows() }, (_, row) => 34 + ((row * 29) % 41)));
}
