import { Component, computed, input, output } from '@angular/core';
import { type ConfigurationDraft } from '../api/generated/models';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';

/** Says that something typed earlier is there, and asks what to do with it. */
@Component({
  selector: 'bangui-draft-offer',
  imports: [Icon, Moment],
  template: `
    <div class="note info" role="status">
      <bangui-icon name="info" />
      <span class="grow">
        <ng-container i18n>You have a change here that was not applied, typed</ng-container>&ngsp;<bangui-moment
          [at]="draft().savedAt"
        />.
        @if (isOutdated()) {
          <ng-container i18n>The file was changed since, so it cannot be saved on top of it.</ng-container>
        }
      </span>
      <button type="button" class="btn s" (click)="continued.emit()" i18n>Continue</button>
      <button type="button" class="btn s" (click)="discarded.emit()" i18n>Discard it</button>
    </div>
  `,
})
export class DraftOffer {
  readonly draft = input.required<ConfigurationDraft>();
  /** Of the file as it is now. */
  readonly etag = input.required<string | null>();
  readonly continued = output();
  readonly discarded = output();

  protected readonly isOutdated = computed(() => this.draft().etag !== this.etag());
}
