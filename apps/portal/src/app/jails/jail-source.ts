import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type JailDetail } from '../api/generated/models';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { sourceWords } from './jail-words';

/** Where a jail reads from and what it looks for. */
@Component({
  selector: 'bangui-jail-source',
  imports: [HostileText, Icon, RouterLink],
  template: `
    <section class="panel">
      <header>
        <h2 i18n>Reads from</h2>
        <span class="muted small">{{ source() }}</span>
      </header>
      <ul>
        @for (path of jail().logPaths; track path) {
          <li>
            <bangui-icon name="log" /><bangui-hostile-text class="mono" [text]="path" />
            @if (jail().filter; as filter) {
              <a class="r" routerLink="/regex-lab" [queryParams]="{ filter, log: path }" i18n>Try the filter on it</a>
            }
          </li>
        }
        @for (match of jail().journalMatches; track match) {
          <li><bangui-icon name="log" /><bangui-hostile-text class="mono" [text]="match" /></li>
        }
        @if (jail().logPaths.length + jail().journalMatches.length === 0) {
          <li class="muted" i18n>It reads nothing: it only bans what is banned by hand or by another program.</li>
        }
      </ul>
    </section>
    <section class="panel">
      <header>
        <h2 i18n>Lines that count as a failure</h2>
        <span class="muted small">failregex</span>
      </header>
      <div class="code">
        @for (regex of jail().failRegexes; track $index) {
          <div><bangui-hostile-text [text]="regex" /></div>
        } @empty {
          <div class="muted" i18n>none</div>
        }
      </div>
    </section>
    <section class="panel">
      <header>
        <h2 i18n>Lines that are ignored</h2>
        <span class="muted small">ignoreregex</span>
      </header>
      <div class="code">
        @for (regex of jail().ignoreRegexes; track $index) {
          <div><bangui-hostile-text [text]="regex" /></div>
        } @empty {
          <div class="muted" i18n>none</div>
        }
      </div>
    </section>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }
    li {
      display: flex;
      gap: 10px;
      align-items: center;
      min-height: var(--h-row);
      padding: 4px 14px;
      border-top: 1px solid var(--border-subtle);
      font-size: var(--fs-13);
    }
    .r {
      margin-left: auto;
    }
    li bangui-icon {
      color: var(--text-muted);
    }
    .code {
      margin: 0 14px 12px;
      max-height: 420px;
    }
    .code > div + div {
      border-top: 1px dashed var(--border-subtle);
    }
  `,
})
export class JailSource {
  readonly jail = input.required<JailDetail>();
  protected readonly source = computed(() => sourceWords(this.jail()));
}
