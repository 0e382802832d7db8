import { Component, inject, signal } from '@angular/core';
import { ConfigurationState } from '../api/configuration-state';
import { type Resolution } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { Confirm } from '../ui/confirm';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { Toasts } from '../ui/toasts';
import { ConfigurationApi } from './configuration-api';

/** Says that a change is being made, was interrupted, or waits for somebody to decide. */
@Component({
  selector: 'bangui-change-banner',
  imports: [Busy, HostileText, Icon, Moment],
  template: `
    @if (state.change(); as change) {
      @if (change.state === 'stuck') {
        <div class="note danger" role="alert">
          <bangui-icon name="danger" />
          <div class="grow">
            <p class="strong" i18n>
              A change was interrupted and could not be undone. Until that is decided, nothing else can be changed.
            </p>
            <p>
              <ng-container i18n>Made by</ng-container>&ngsp;<bangui-hostile-text [text]="change.actor" />,
              <bangui-moment [at]="change.startedAt" />. <bangui-hostile-text [text]="change.comment" />
            </p>
            <bangui-hostile-text [text]="change.problem ?? ''" />
            <p class="mono wrap-anywhere">{{ change.paths.join(', ') }}</p>
            <p>
              <b i18n>Undo</b>:
              <ng-container i18n
                >the files are written as they were before the change, also over what somebody else wrote into them
                since, and fail2ban loads them.</ng-container
              >
            </p>
            <p>
              <b i18n>Keep as it is</b>:
              <ng-container i18n
                >the files stay as they are now and become a version. fail2ban is not touched: reload the jails when the
                files are right.</ng-container
              >
            </p>
            <div class="row">
              <button type="button" class="btn" [disabled]="isBusy()" (click)="resolve('undo')">
                <bangui-busy [is]="isBusy()" label="Working…" i18n-label><span i18n>Undo…</span></bangui-busy>
              </button>
              <button type="button" class="btn" [disabled]="isBusy()" (click)="resolve('keep')">
                <span i18n>Keep as it is…</span>
              </button>
            </div>
          </div>
        </div>
      } @else if (change.state === 'undoing') {
        <div class="note watch" role="status">
          <bangui-icon name="undo" />
          <span
            ><ng-container i18n>A change is being undone. That goes on by itself, also after an outage:</ng-container
            >&ngsp;<bangui-hostile-text [text]="change.actor" />, <bangui-moment [at]="change.startedAt"
          /></span>
        </div>
      } @else {
        <div class="note info" role="status">
          <i class="dot run"></i>
          <span
            ><ng-container i18n>The configuration is being changed by</ng-container>&ngsp;<bangui-hostile-text
              class="strong"
              [text]="change.actor" />
            <bangui-hostile-text class="muted" [text]="change.comment"
          /></span>
        </div>
      }
    }
  `,
  styles: `
    .grow {
      display: grid;
      gap: 4px;
    }
    .note .btn {
      margin: 4px 0 0;
    }
  `,
})
export class ChangeBanner {
  private readonly api = inject(ConfigurationApi);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  protected readonly state = inject(ConfigurationState);
  protected readonly isBusy = signal(false);

  protected async resolve(how: Resolution['how']): Promise<void> {
    const agreed = await this.confirm.ask(
      how === 'undo'
        ? {
            title: $localize`Undo the interrupted change?`,
            text: $localize`What somebody else wrote into these files since is lost.`,
            action: $localize`Undo the change`,
          }
        : {
            title: $localize`Keep the files as they are?`,
            text: $localize`They become a version, whatever is in them now.`,
            action: $localize`Keep the files`,
          },
    );
    if (!agreed || this.isBusy()) return;
    this.isBusy.set(true);
    try {
      await this.api.resolve(how);
      this.toasts.show(
        how === 'undo' ? $localize`The change was undone.` : $localize`The files were kept as they are.`,
      );
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.isBusy.set(false);
    }
  }
}
