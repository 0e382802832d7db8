import { Component, input, model, signal } from '@angular/core';
import { type FormValueControl } from '@angular/forms/signals';
import { Icon } from './icon';

/** A password with a button that shows it. */
@Component({
  selector: 'bangui-password-field',
  imports: [Icon],
  template: `
    <span class="input">
      <input
        [id]="inputId()"
        [type]="isShown() ? 'text' : 'password'"
        [attr.autocomplete]="autocomplete()"
        [attr.aria-describedby]="describedBy() || null"
        spellcheck="false"
        [value]="value()"
        (input)="value.set($event.target.value)"
        (blur)="touched.set(true)"
      />
      <button
        type="button"
        class="btn ic s t q"
        [attr.aria-pressed]="isShown()"
        aria-label="Show password"
        i18n-aria-label
        (click)="isShown.set(!isShown())"
      >
        <bangui-icon name="eye" />
      </button>
    </span>
  `,
  styles: `
    .input {
      padding-right: 4px;
      height: 38px;
      font-size: var(--fs-14);
    }
    .btn[aria-pressed='true'] {
      color: var(--accent);
    }
  `,
})
export class PasswordField implements FormValueControl<string> {
  readonly value = model('');
  readonly touched = model(false);
  readonly inputId = input.required<string>();
  readonly autocomplete = input<'current-password' | 'new-password'>('current-password');
  readonly describedBy = input('');
  protected readonly isShown = signal(false);
}
