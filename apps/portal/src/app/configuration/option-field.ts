import { Component, computed, input, output } from '@angular/core';
import { HostileText } from '../ui/hostile-text';
import { BACKENDS, type JailField } from './jail-fields';
import { type OptionDraft, type OptionState, valueOfOthers } from './option-draft';
import { OptionOrigin } from './option-origin';
import { problemOfValue } from './value-check';

/** The usual words for yes and no; fail2ban knows more. */
const YES_NO = ['true', 'false'] as const;
/** Rows of a field for several lines, at least and at most. */
const FEWEST_ROWS = 2;
const MOST_ROWS = 12;

/** One option of a jail: its value, where that comes from, and what to do about it. */
@Component({
  selector: 'bangui-option-field',
  imports: [HostileText, OptionOrigin],
  templateUrl: './option-field.html',
  styleUrl: './option-field.css',
})
export class OptionField {
  readonly field = input.required<JailField>();
  readonly state = input.required<OptionState>();
  /** The file in which BanGUI changes the jail. */
  readonly path = input.required<string>();
  /** The draft there should be; undefined for none. */
  readonly drafted = output<OptionDraft | undefined>();

  protected readonly id = computed(() => `option-${this.field().option.replaceAll(/[^\w-]/g, '-')}`);
  /** Choices of a list; null for a field that is typed into. */
  protected readonly choices = computed<readonly string[] | null>(() => {
    const { kind } = this.field();
    const usual = kind === 'yes-no' ? YES_NO : kind === 'backend' ? BACKENDS : null;
    if (usual === null) return null;
    const known: readonly string[] = usual;
    const inUse = [this.state().shown, this.state().option?.raw ?? ''].filter((value) => !known.includes(value));
    return [...new Set([...inUse, ...known])];
  });
  protected readonly isLong = computed(() => {
    const { kind } = this.field();
    const { shown, option } = this.state();
    return kind === 'lines' || kind === 'addresses' || `${shown}${option?.raw ?? ''}`.includes('\n');
  });
  protected readonly rows = computed(() =>
    Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, this.state().shown.split('\n').length)),
  );
  protected readonly problem = computed(() => {
    const { draft, option, shown } = this.state();
    return draft?.kind === 'set' ? problemOfValue(this.field().kind, shown) : (option?.problem ?? null);
  });
  /** What the value comes to with everything put in, where that is something else. */
  protected readonly meaning = computed(() => {
    const { draft, option } = this.state();
    return draft || option === undefined || option.value === null || option.value === option.raw ? null : option.value;
  });
  protected readonly others = computed(() => valueOfOthers(this.state().option, this.path()));
  /** Whether there is something of BanGUI's, saved or typed, that can be taken back. */
  protected readonly canUnset = computed(() => {
    const { draft, isSetHere } = this.state();
    return draft?.kind !== 'unset' && (isSetHere || draft !== undefined);
  });
  protected readonly canSet = computed(() => {
    const { draft, isSetHere, option } = this.state();
    return draft === undefined && !isSetHere && option !== undefined;
  });

  protected type(value: string): void {
    const { option, isSetHere } = this.state();
    // What is typed back to what is saved is no change.
    this.drafted.emit(isSetHere && option?.raw === value ? undefined : { kind: 'set', value });
  }

  protected setHere(): void {
    this.drafted.emit({ kind: 'set', value: this.state().shown });
  }

  protected unset(): void {
    this.drafted.emit(this.state().isSetHere ? { kind: 'unset' } : undefined);
  }

  protected forget(): void {
    this.drafted.emit(undefined);
  }
}
