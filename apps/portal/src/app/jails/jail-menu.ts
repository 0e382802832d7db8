import { Component, inject, input } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { type JailSummary } from '../api/generated/models';
import { Icon } from '../ui/icon';
import { JailActions } from './jail-actions';

/** What can be done to a jail, behind three dots. */
@Component({
  selector: 'bangui-jail-menu',
  imports: [Icon, MatMenuModule],
  template: `
    <button
      type="button"
      class="btn ic s t q"
      [matMenuTriggerFor]="menu"
      [attr.aria-label]="label()"
      [disabled]="actions.isBusy(jail().name)"
    >
      @if (actions.isBusy(jail().name)) {
        <i class="dot run"></i>
      } @else {
        <bangui-icon name="more" />
      }
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      @if (jail().state === 'stopped') {
        <button mat-menu-item (click)="actions.run(jail().name, 'start')">
          <bangui-icon name="play" /><span i18n>Start</span>
        </button>
      } @else {
        <button mat-menu-item (click)="actions.run(jail().name, 'prove')">
          <bangui-icon name="confirmed" /><span i18n>Prove again</span>
        </button>
        <button mat-menu-item (click)="actions.run(jail().name, 'reload')">
          <bangui-icon name="reload" /><span i18n>Reload</span>
        </button>
        @if (jail().state === 'idle') {
          <button mat-menu-item (click)="actions.run(jail().name, 'start')">
            <bangui-icon name="play" /><span i18n>Resume</span>
          </button>
        } @else {
          <button mat-menu-item (click)="actions.run(jail().name, 'idle')">
            <bangui-icon name="pause" /><span i18n>Idle</span>
          </button>
        }
        <button mat-menu-item (click)="actions.run(jail().name, 'stop')">
          <bangui-icon name="stop" /><span i18n>Stop…</span>
        </button>
      }
    </mat-menu>
  `,
})
export class JailMenu {
  protected readonly actions = inject(JailActions);
  readonly jail = input.required<Pick<JailSummary, 'name' | 'state'>>();
  protected label(): string {
    return $localize`Actions for ${this.jail().name}:jail:`;
  }
}
