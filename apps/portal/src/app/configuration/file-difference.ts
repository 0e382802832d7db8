import { Component, computed, input, signal } from '@angular/core';
import { HostileText } from '../ui/hostile-text';
import { lineDifference } from './line-difference';
import { formatNumber } from '../ui/format';

/** Lines drawn before somebody asks for the rest. */
const FIRST_LINES = 400;

/** How one file differs. Added and removed lines are told by their sign, their element and their colour. */
@Component({
  selector: 'bangui-file-difference',
  imports: [HostileText],
  template: `
    <section [attr.aria-label]="path()">
      <header>
        <bangui-hostile-text class="mono strong" [text]="path()" />
        @if (before() === null) {
          <span class="chip" i18n>new file</span>
        } @else if (after() === null) {
          <span class="chip" i18n>removed</span>
        }
        <span class="counts small">
          <span class="vh" i18n>lines added:</span><span class="ok fg">+{{ counts().added }}</span>
          <span class="vh" i18n>lines removed:</span><span class="danger fg">−{{ counts().removed }}</span>
        </span>
      </header>
      <div class="code" tabindex="0" role="group" [attr.aria-label]="path()">
        @for (part of shown(); track $index) {
          @if (!$first) {
            <div class="gap" aria-hidden="true">⋯</div>
          }
          @for (line of part.lines; track $index) {
            <div [class]="line.kind">
              <span class="n" aria-hidden="true">{{ line.before ?? '' }}</span>
              <span class="n" aria-hidden="true">{{ line.after ?? '' }}</span>
              @switch (line.kind) {
                @case ('added') {
                  <ins><span class="sign">+</span><bangui-hostile-text [text]="line.text" [multiline]="true" /></ins>
                }
                @case ('removed') {
                  <del><span class="sign">−</span><bangui-hostile-text [text]="line.text" [multiline]="true" /></del>
                }
                @default {
                  <span class="same"
                    ><span class="sign">&ngsp;</span><bangui-hostile-text [text]="line.text" [multiline]="true"
                  /></span>
                }
              }
            </div>
          }
        } @empty {
          <div class="muted" i18n>The text stays as it is.</div>
        }
      </div>
      @if (hidden() > 0) {
        <button type="button" class="btn s" (click)="isWhole.set(true)" i18n>
          Show {{ number(hidden()) }} more lines
        </button>
      }
    </section>
  `,
  styles: `
    header {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      align-items: center;
      padding-bottom: 4px;
      font-size: var(--fs-13);
    }
    .counts {
      margin-left: auto;
      display: flex;
      gap: 8px;
    }
    .code {
      max-height: 46vh;
    }
    .code > div {
      display: grid;
      grid-template-columns: 3.2ch 3.2ch 1fr;
      gap: 0 8px;
    }
    .code > div.gap,
    .code > div.muted {
      display: block;
      color: var(--text-muted);
    }
    .n {
      color: var(--text-muted);
      text-align: right;
      user-select: none;
    }
    ins,
    del,
    .same {
      display: grid;
      grid-template-columns: 2ch 1fr;
      text-decoration: none;
    }
    .sign {
      user-select: none;
    }
    .added {
      background: var(--ok-bg);
      color: var(--text-strong);
      box-shadow: inset 3px 0 0 var(--ok-fg);
    }
    .removed {
      background: var(--danger-bg);
      color: var(--text-strong);
      box-shadow: inset 3px 0 0 var(--danger-fg);
    }
    .added .sign {
      color: var(--ok-fg);
    }
    .removed .sign {
      color: var(--danger-fg);
    }
    .added .n,
    .removed .n {
      color: var(--text-normal);
    }
    .btn {
      margin-top: 6px;
    }
    @media (max-width: 599px) {
      .code > div {
        grid-template-columns: 1fr;
      }
      .n {
        display: none;
      }
    }
  `,
})
export class FileDifference {
  /** Within the configuration folder. */
  readonly path = input.required<string>();
  /** Null for no file, on either side. */
  readonly before = input.required<string | null>();
  readonly after = input.required<string | null>();

  private readonly parts = computed(() => lineDifference(this.before(), this.after()));
  private readonly total = computed(() => this.parts().reduce((sum, { lines }) => sum + lines.length, 0));
  protected readonly isWhole = signal(false);
  protected readonly shown = computed(() => {
    let left = this.isWhole() ? Number.POSITIVE_INFINITY : FIRST_LINES;
    return this.parts().flatMap(({ lines }) => {
      const drawn = lines.slice(0, Math.max(0, left));
      left -= drawn.length;
      return drawn.length > 0 ? [{ lines: drawn }] : [];
    });
  });
  protected readonly hidden = computed(() => (this.isWhole() ? 0 : Math.max(0, this.total() - FIRST_LINES)));
  protected readonly counts = computed(() => {
    const lines = this.parts().flatMap((part) => part.lines);
    return {
      added: formatNumber(lines.filter(({ kind }) => kind === 'added').length),
      removed: formatNumber(lines.filter(({ kind }) => kind === 'removed').length),
    };
  });
  protected readonly number = formatNumber;
}
