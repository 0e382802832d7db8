import { Component } from '@angular/core';
import { MatDialogModule } from '@angular/material/dialog';

/** The list of keys. */
@Component({
  selector: 'bangui-keys-help',
  imports: [MatDialogModule],
  template: `
    <h2 mat-dialog-title i18n>Keys</h2>
    <mat-dialog-content>
      <dl>
        <dt><kbd>Ctrl</kbd> <kbd>K</kbd></dt>
        <dd i18n>Command palette: go anywhere, look up, ban, unban</dd>
        <dt><kbd>/</kbd></dt>
        <dd i18n>Go to the filter of this page</dd>
        <dt><kbd>g</kbd> <kbd>o</kbd></dt>
        <dd i18n>Open Overview</dd>
        <dt><kbd>g</kbd> <kbd>b</kbd></dt>
        <dd i18n>Open Bans</dd>
        <dt><kbd>g</kbd> <kbd>h</kbd></dt>
        <dd i18n>Open History</dd>
        <dt><kbd>g</kbd> <kbd>m</kbd></dt>
        <dd i18n>Open Map</dd>
        <dt><kbd>g</kbd> <kbd>j</kbd></dt>
        <dd i18n>Open Jails</dd>
        <dt><kbd>g</kbd> <kbd>i</kbd></dt>
        <dd i18n>Open Blocklists</dd>
        <dt><kbd>g</kbd> <kbd>e</kbd></dt>
        <dd i18n>Open Enforcement</dd>
        <dt><kbd>g</kbd> <kbd>l</kbd></dt>
        <dd i18n>Open Allowlist</dd>
        <dt><kbd>g</kbd> <kbd>c</kbd></dt>
        <dd i18n>Open Configuration</dd>
        <dt><kbd>g</kbd> <kbd>x</kbd></dt>
        <dd i18n>Open Regex lab</dd>
        <dt><kbd>g</kbd> <kbd>f</kbd></dt>
        <dd i18n>Open Logs</dd>
        <dt><kbd>g</kbd> <kbd>s</kbd></dt>
        <dd i18n>Open Server</dd>
        <dt><kbd>g</kbd> <kbd>t</kbd></dt>
        <dd i18n>Open Tasks</dd>
        <dt><kbd>g</kbd> <kbd>a</kbd></dt>
        <dd i18n>Open Administration</dd>
        <dt><kbd>?</kbd></dt>
        <dd i18n>This list</dd>
        <dt><kbd>Esc</kbd></dt>
        <dd i18n>Close what is open</dd>
      </dl>
    </mat-dialog-content>
    <mat-dialog-actions><button type="button" class="btn" mat-dialog-close i18n>Close</button></mat-dialog-actions>
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 8px 20px;
      align-items: center;
      font-size: var(--fs-13);
    }
    dt {
      white-space: nowrap;
    }
  `,
})
export class KeysHelp {}
