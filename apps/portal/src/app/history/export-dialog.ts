import { Component, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { formatNumber } from '../ui/format';
import { type ExportFormat } from './history-api';

/** What is to be exported, in words. */
export interface ExportDraft {
  readonly what: string;
}

/** How it is to be exported. */
export interface ExportChoice {
  readonly format: ExportFormat;
  readonly maxRows: number;
}

/** As many rows as the API gives unless asked for more, and the most it gives. */
const USUAL_ROWS = 50_000;
const MOST_ROWS = 1_000_000;

/** Asks for the format of an export; closes with it. */
@Component({
  selector: 'bangui-export-dialog',
  imports: [MatDialogModule],
  template: `
    <h2 mat-dialog-title i18n>Export history</h2>
    <form (submit)="take($event)">
      <mat-dialog-content>
        <p>{{ draft.what }}</p>
        <fieldset>
          <legend i18n>Format</legend>
          @for (option of options; track option.format) {
            <label>
              <input
                type="radio"
                name="format"
                [checked]="option.format === format()"
                (change)="format.set(option.format)"
              />
              <span
                ><b class="strong">{{ option.name }}</b
                >&ngsp;<span class="muted">{{ option.hint }}</span></span
              >
            </label>
          }
        </fieldset>
        <div class="field">
          <label for="export-rows" i18n>At most</label>
          <select #rows id="export-rows" class="input" (change)="maxRows.set(+rows.value)">
            @for (count of counts; track count) {
              <option [value]="count" [selected]="count === maxRows()" i18n>{{ number(count) }} rows</option>
            }
          </select>
          <span class="hint" i18n>Newest first. If there are more, the file says at its end that it was cut.</span>
        </div>
      </mat-dialog-content>
      <mat-dialog-actions>
        <button type="button" class="btn" mat-dialog-close i18n>Cancel</button>
        <button type="submit" class="btn p" i18n>Export</button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    mat-dialog-content {
      display: grid;
      gap: 14px;
    }
    fieldset {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0 0 6px;
      font-size: var(--fs-13);
      font-weight: 500;
      color: var(--text-strong);
    }
    fieldset label {
      display: flex;
      gap: 10px;
      align-items: baseline;
      min-height: 24px;
      cursor: pointer;
    }
    input {
      accent-color: var(--accent);
      margin: 0;
      flex: none;
    }
  `,
})
export class ExportDialog {
  private readonly dialog = inject<MatDialogRef<ExportDialog, ExportChoice>>(MatDialogRef);
  protected readonly draft = inject<ExportDraft>(MAT_DIALOG_DATA);

  protected readonly options: readonly { format: ExportFormat; name: string; hint: string }[] = [
    { format: 'csv', name: 'CSV', hint: $localize`for a spreadsheet; formulas in log lines are made harmless` },
    { format: 'json', name: 'JSON', hint: $localize`one document` },
    { format: 'ndjson', name: 'NDJSON', hint: $localize`one event on each line, for programs` },
  ];
  protected readonly counts = [1000, USUAL_ROWS, MOST_ROWS];
  protected readonly number = formatNumber;
  protected readonly format = signal<ExportFormat>('csv');
  protected readonly maxRows = signal(USUAL_ROWS);

  protected take(event: Event): void {
    event.preventDefault();
    this.dialog.close({ format: this.format(), maxRows: this.maxRows() });
  }
}
