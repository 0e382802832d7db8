import { Component, input, model } from '@angular/core';
import { HostileText } from '../ui/hostile-text';
import { PasswordField } from '../ui/password-field';
import { type FieldValue, type FieldValues, type SchemaField } from './schema-fields';

/** The settings of a source, drawn from its plugin's schema. */
@Component({
  selector: 'bangui-settings-form',
  imports: [HostileText, PasswordField],
  templateUrl: './settings-form.html',
  styles: `
    fieldset {
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0 0 6px;
      font-size: var(--fs-13);
      font-weight: 500;
    }
    .options {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
      gap: 6px 12px;
    }
  `,
})
export class SettingsForm {
  readonly fields = input.required<readonly SchemaField[]>();
  /** Names of the secrets that are stored. */
  readonly kept = input<readonly string[]>([]);
  readonly values = model.required<FieldValues>();

  protected text(key: string): string {
    const value = this.values()[key];
    return typeof value === 'string' ? value : '';
  }

  protected isOn(key: string): boolean {
    return this.values()[key] === true;
  }

  protected isRemoved(key: string): boolean {
    return this.values()[key] === null;
  }

  protected isChosen(key: string, option: string): boolean {
    const value = this.values()[key];
    return Array.isArray(value) && value.includes(option);
  }

  protected set(key: string, value: FieldValue): void {
    this.values.update((values) => ({ ...values, [key]: value }));
  }

  protected toggle({ key, options }: SchemaField, option: string): void {
    const isChosen = this.isChosen(key, option);
    this.set(
      key,
      options.filter((other) => (other === option ? !isChosen : this.isChosen(key, other))),
    );
  }
}
