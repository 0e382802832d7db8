import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { isUsable, type TimeWindow } from './time-range';

/** Asks for the two ends of a range, in the time of this computer; closes with them. */
@Component({
  selector: 'bangui-range-dialog',
  imports: [MatDialogModule],
  template: `
    <h2 mat-dialog-title i18n>Custom range</h2>
    <form (submit)="take($event)">
      <mat-dialog-content>
        <div class="field">
          <label for="range-from" i18n>From</label>
          <input
            id="range-from"
            class="input"
            type="datetime-local"
            cdkFocusInitial
            required
            [value]="from()"
            (input)="from.set($event.target.value)"
          />
        </div>
        <div class="field">
          <label for="range-to" i18n>To</label>
          <input
            id="range-to"
            class="input"
            type="datetime-local"
            required
            aria-describedby="range-hint"
            [value]="to()"
            (input)="to.set($event.target.value)"
          />
          @if (window() === null) {
            <span id="range-hint" class="error" role="alert" i18n
              >Two times, the later one below, at most three years apart.</span
            >
          } @else {
            <span id="range-hint" class="hint" i18n>In the time of this computer.</span>
          }
        </div>
      </mat-dialog-content>
      <mat-dialog-actions>
        <button type="button" class="btn" mat-dialog-close i18n>Cancel</button>
        <button type="submit" class="btn p" [disabled]="window() === null" i18n>Show</button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    mat-dialog-content {
      display: grid;
      gap: 14px;
    }
  `,
})
export class RangeDialog {
  private readonly dialog = inject<MatDialogRef<RangeDialog, TimeWindow>>(MatDialogRef);
  private readonly start = inject<TimeWindow>(MAT_DIALOG_DATA);

  protected readonly from = signal(localText(this.start.from));
  protected readonly to = signal(localText(this.start.to));
  protected readonly window = computed<TimeWindow | null>(() => {
    const window = { from: Date.parse(this.from()), to: Date.parse(this.to()) };
    return isUsable(window) ? window : null;
  });

  protected take(event: Event): void {
    event.preventDefault();
    const window = this.window();
    if (window) this.dialog.close(window);
  }
}

/** As a field for date and time wants it: `2026-11-22T14:30`, in the browser's time zone. */
function localText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
