import { Component, computed, input } from '@angular/core';
import { type ConfigurationOption } from '../api/generated/models';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { LayerBadge } from './layer-badge';
import { placeWords } from './origin-words';

/** Where a value comes from, and what it won over, behind a button. */
@Component({
  selector: 'bangui-option-origin',
  imports: [HostileText, Icon, LayerBadge],
  template: `
    @if (option().origin; as origin) {
      <button type="button" class="btn s t q" [attr.popovertarget]="id()" [title]="place(origin)">
        <span class="vh">{{ label() }}</span><bangui-layer-badge [layer]="origin.layer" /><span
          class="mono place trunc"
          >{{ place(origin) }}</span
        ><bangui-icon name="down" />
      </button>
      <div popover class="chain" [id]="id()">
        <ol>
          @for (one of chain(); track $index) {
            <li [class.first]="$first">
              <span class="row">
                @if (one.origin; as from) {
                  <bangui-layer-badge [layer]="from.layer" /><span class="mono small wrap-anywhere"
                    >{{ place(from) }} [{{ from.section }}]</span
                  >
                } @else {
                  <span class="small" i18n>fail2ban itself</span>
                }
                @if ($first) {
                  <span class="small muted" i18n>in force</span>
                }
              </span>
              <bangui-hostile-text class="mono raw" [text]="one.raw" [multiline]="true" />
            </li>
          }
        </ol>
      </div>
    } @else {
      <span class="muted small" i18n>from fail2ban itself</span>
    }
  `,
  styles: `
    :host {
      min-width: 0;
    }
    .btn {
      max-width: 100%;
      min-width: 0;
      margin-left: -4px;
      padding: 0 4px;
      flex: initial;
      font-weight: 400;
    }
    .place {
      font-size: var(--fs-11);
      min-width: 0;
    }
    .chain {
      width: min(460px, calc(100vw - 24px));
      max-height: 50vh;
      overflow: auto;
      padding: 10px 14px;
      border: 1px solid var(--border);
      border-radius: var(--r-3);
      background: var(--surface-4);
      color: var(--text-normal);
      box-shadow: var(--shadow-2);
      font-size: var(--fs-13);
    }
    @supports (position-area: block-end) {
      .chain {
        inset: auto;
        margin: 4px 0;
        position-area: block-end span-inline-end;
        position-try-fallbacks:
          flip-block,
          flip-inline,
          flip-block flip-inline;
      }
    }
    li {
      display: grid;
      gap: 2px;
      padding: 6px 0;
    }
    li + li {
      border-top: 1px solid var(--border-subtle);
    }
    li:not(.first) .raw {
      text-decoration: line-through;
      color: var(--text-muted);
    }
    .row {
      flex-wrap: wrap;
    }
    .raw {
      white-space: pre-wrap;
    }
  `,
})
export class OptionOrigin {
  readonly option = input.required<ConfigurationOption>();
  /** Of the panel with what it won over; unique on the page. */
  readonly id = input.required<string>();
  protected readonly chain = computed(() => {
    const { raw, origin, overridden } = this.option();
    return [{ raw, origin }, ...overridden];
  });
  protected readonly label = computed(() => $localize`Where ${this.option().name}:option: comes from:`);
  protected readonly place = placeWords;
}
