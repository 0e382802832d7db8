import { Component, input } from '@angular/core';
import { type JailDetail } from '../api/generated/models';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';

/** What a jail does when it bans. */
@Component({
  selector: 'bangui-jail-action-list',
  imports: [HostileText, Icon],
  template: `
    <section class="panel">
      <header>
        <h2 i18n>Actions</h2>
        <span class="muted small" i18n>what fail2ban runs for each ban, in this order</span>
      </header>
      @if (jail().actions.length === 0) {
        <div class="empty">
          <bangui-icon name="warning" />
          <p class="strong" i18n>This jail has no action</p>
          <p i18n>It remembers who is banned, but nothing is blocked in the firewall.</p>
        </div>
      } @else {
        <ol>
          @for (action of jail().actions; track action; let index = $index) {
            <li>
              <span class="muted small">{{ index + 1 }}</span><bangui-hostile-text
                class="mono strong"
                [text]="action"
              />
            </li>
          }
        </ol>
      }
    </section>
  `,
  styles: `
    li {
      display: flex;
      gap: 12px;
      align-items: center;
      min-height: var(--h-row);
      padding: 4px 14px;
      border-top: 1px solid var(--border-subtle);
      font-size: var(--fs-13);
    }
  `,
})
export class JailActionList {
  readonly jail = input.required<JailDetail>();
}
