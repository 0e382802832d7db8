import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';

/** A question before something is lost. */
export interface Question {
  /** Names the thing: `Unban 1,204 addresses from sshd?` */
  readonly title: string;
  readonly text: string;
  /** The word on the button that does it. */
  readonly action: string;
  /** What must be typed first, for the big ones. */
  readonly typed?: string;
}

/** Asks; closes with true when the person agreed. */
@Component({
  selector: 'bangui-confirm-dialog',
  imports: [MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ question.title }}</h2>
    <form (submit)="agree($event)">
      <mat-dialog-content>
        <p>{{ question.text }}</p>
        @if (question.typed; as typed) {
          <div class="field typed">
            <label for="confirm-typed" i18n
              >Type <b class="mono">{{ typed }}</b> to confirm</label
            >
            <input
              id="confirm-typed"
              class="input mono"
              autocomplete="off"
              spellcheck="false"
              cdkFocusInitial
              [value]="answer()"
              (input)="answer.set($event.target.value)"
            />
          </div>
        }
      </mat-dialog-content>
      <mat-dialog-actions>
        <button type="button" class="btn" mat-dialog-close i18n>Cancel</button>
        <button type="submit" class="btn ds" [disabled]="!canAgree()">{{ question.action }}</button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    .typed {
      margin-top: 14px;
    }
  `,
})
export class ConfirmDialog {
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<ConfirmDialog, boolean>>(MatDialogRef);
  protected readonly answer = signal('');
  protected readonly canAgree = computed(
    () => this.question.typed === undefined || this.answer().trim() === this.question.typed,
  );

  protected agree(event: Event): void {
    event.preventDefault();
    if (this.canAgree()) this.dialog.close(true);
  }
}
