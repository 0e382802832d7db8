import { Component, inject, input, signal } from '@angular/core';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { Confirm } from '../ui/confirm';
import { Toasts } from '../ui/toasts';
import { ConfigurationApi } from './configuration-api';

/** Hands a person's file over to BanGUI, after saying what that means. */
@Component({
  selector: 'bangui-hand-over',
  imports: [Busy],
  template: `
    <button type="button" class="btn s" [disabled]="isBusy()" (click)="handOver()">
      <bangui-busy [is]="isBusy()" label="Handing over…" i18n-label><span i18n>Hand over to BanGUI…</span></bangui-busy>
    </button>
  `,
})
export class HandOver {
  private readonly api = inject(ConfigurationApi);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);

  readonly path = input.required<string>();
  /** Of the file as it is shown. */
  readonly etag = input.required<string | null>();
  protected readonly isBusy = signal(false);

  protected async handOver(): Promise<void> {
    const [path, etag] = [this.path(), this.etag()];
    if (etag === null || this.isBusy()) return;
    const agreed = await this.confirm.ask({
      title: $localize`Hand ${path}:path: over to BanGUI?`,
      text: $localize`BanGUI keeps a copy of it beside it and may change it from then on. Its text stays as it is until somebody changes it here.`,
      action: $localize`Hand over`,
    });
    if (!agreed) return;
    this.isBusy.set(true);
    try {
      await this.api.adopt({ path, etag, comment: '' });
      this.toasts.show($localize`${path}:path: can be changed here now`);
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.isBusy.set(false);
    }
  }
}
