import { Component, computed, input } from '@angular/core';
import { partWords } from '../jails/index';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { type ChangeOutcome, type JailOutcome, jailOfPath } from './change-outcome';

/** What fail2ban has after a change: each jail that it was about, and each that is not armed. */
@Component({
  selector: 'bangui-change-outcome',
  imports: [HostileText, Icon],
  template: `
    <div class="note" [class]="unarmed() > 0 ? 'watch' : 'ok'" role="status">
      <bangui-icon [name]="unarmed() > 0 ? 'warning' : 'confirmed'" />
      <span>
        @if (outcome().version; as version) {
          <ng-container i18n>Applied as version {{ version }}.</ng-container>&ngsp;
        }
        @if (unarmed() > 0) {
          <ng-container i18n
            >Read back from fail2ban: not every jail is armed; those were not before either.</ng-container
          >
        } @else {
          <ng-container i18n>Read back from fail2ban: every jail is what its configuration means.</ng-container>
        }
      </span>
    </div>
    @if (shown().length > 0) {
      <ul>
        @for (jail of shown(); track jail.name) {
          <li>
            <bangui-icon
              [class]="jail.isArmed ? 'ok fg' : 'watch fg'"
              [name]="jail.isArmed ? 'confirmed' : 'warning'"
            />
            <bangui-hostile-text class="mono strong" [text]="jail.name" />
            <span class="muted small">{{ words(jail) }}</span>
          </li>
        }
      </ul>
    }
    @if (others() > 0) {
      <p class="muted small" i18n>The other jails ({{ number(others()) }}) were read back as well, and are armed.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 8px;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 8px;
      align-items: center;
      min-height: var(--h-row-dense);
    }
  `,
})
export class ChangeOutcomeView {
  readonly outcome = input.required<ChangeOutcome>();
  /** Jails that run because of the change. */
  readonly added = input.required<readonly string[]>();

  protected readonly shown = computed(() => {
    const { jails, paths, restarted } = this.outcome();
    const concerned = new Set([...paths.map(jailOfPath), ...this.added(), ...restarted]);
    return jails.filter(({ name, isArmed }) => !isArmed || concerned.has(name));
  });
  protected readonly unarmed = computed(() => this.outcome().jails.filter(({ isArmed }) => !isArmed).length);
  protected readonly others = computed(() => this.outcome().jails.length - this.shown().length);
  protected readonly number = formatNumber;

  protected words({ name, isArmed, missing }: JailOutcome): string {
    if (!isArmed) return $localize`not armed: ${missing.map(partWords).join(', ')}:parts:`;
    return this.outcome().restarted.includes(name)
      ? $localize`armed, after it was started anew`
      : $localize`armed, as configured`;
  }
}
