import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';

/** As the API takes it; it refuses a few names besides, and says so. */
const NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/;
/** Sections that are no jails. */
const RESERVED: ReadonlySet<string> = new Set(['DEFAULT', 'INCLUDES']);

/** Asks how a new jail is to be called. */
@Component({
  selector: 'bangui-new-jail-dialog',
  imports: [MatDialogModule],
  template: `
    <h2 mat-dialog-title i18n>Add jail</h2>
    <form (submit)="send($event)" novalidate>
      <mat-dialog-content>
        <div class="field">
          <label for="new-jail-name" i18n>Name</label>
          <input
            id="new-jail-name"
            class="input mono"
            autocomplete="off"
            spellcheck="false"
            maxlength="64"
            cdkFocusInitial
            aria-describedby="new-jail-hint new-jail-error"
            [attr.aria-invalid]="error() !== null"
            [value]="name()"
            (input)="name.set($event.target.value)"
          />
          <span id="new-jail-hint" class="hint" i18n>Letters, digits, dots, hyphens and underscores.</span>
          <span id="new-jail-error" class="error" role="alert">{{ error() }}</span>
        </div>
      </mat-dialog-content>
      <mat-dialog-actions>
        <button type="button" class="btn" mat-dialog-close i18n>Cancel</button>
        <button type="submit" class="btn p" [disabled]="name() === '' || error() !== null" i18n>Go on</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class NewJailDialog {
  private readonly dialog = inject<MatDialogRef<NewJailDialog, string>>(MatDialogRef);
  private readonly known = inject<ReadonlySet<string>>(MAT_DIALOG_DATA);
  protected readonly name = signal('');
  protected readonly error = computed(() => {
    const name = this.name();
    if (name === '') return null;
    if (this.known.has(name)) return $localize`There is a jail of this name already.`;
    if (!NAME.test(name) || RESERVED.has(name)) return $localize`No jail can have this name.`;
    return null;
  });

  protected send(event: Event): void {
    event.preventDefault();
    if (this.name() !== '' && this.error() === null) this.dialog.close(this.name());
  }
}
