import { Component, computed, inject, input, linkedSignal, output, signal } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { type JailDetail } from '../api/generated/models';
import { fieldText } from '../api/field-text';
import { type Problem, problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ProblemNote } from '../ui/problem-note';
import { Toasts } from '../ui/toasts';
import { parameterLabel, parameterWords } from './jail-words';
import { JailsApi } from './jails-api';

const CHANGEABLE = ['maxretry', 'findtime', 'bantime'] as const;
type Changeable = (typeof CHANGEABLE)[number];

/** All parameters, configured beside what fail2ban has; three of them can be changed while the jail runs. */
@Component({
  selector: 'bangui-jail-parameters',
  imports: [Busy, FormField, HostileText, Icon, ProblemNote],
  templateUrl: './jail-parameters.html',
  styleUrl: './jail-parameters.css',
})
export class JailParameters {
  private readonly api = inject(JailsApi);
  private readonly toasts = inject(Toasts);
  readonly jail = input.required<JailDetail>();
  /** The running jail was changed; read it again. */
  readonly changed = output();

  protected readonly rows = computed(() =>
    this.jail().parameters.map((parameter) => ({
      ...parameter,
      label: parameterLabel(parameter.name),
      words: parameterWords(parameter),
    })),
  );
  private readonly actual = computed(
    () => ({
      maxretry: this.actualOf('maxretry'),
      findtime: this.actualOf('findtime'),
      bantime: this.actualOf('bantime'),
    }),
    { equal: (a, b) => CHANGEABLE.every((name) => a[name] === b[name]) },
  );
  protected readonly model = linkedSignal(() => this.actual());
  protected readonly fields = form(this.model);
  protected readonly inputs = CHANGEABLE.map((name) => ({ name, label: parameterLabel(name) }));
  protected readonly edited = computed(() =>
    CHANGEABLE.filter((name) => this.model()[name].trim() !== this.actual()[name]),
  );
  protected readonly isSaving = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly problemSentence = computed(() => {
    const problem = this.problem();
    return problem && problem.errors.length === 0 ? problemText(problem) : null;
  });

  protected before(name: Changeable): string {
    return this.actual()[name];
  }

  protected isEdited(name: Changeable): boolean {
    return this.edited().includes(name);
  }

  protected errorOf(name: Changeable): string | null {
    const error = this.problem()?.errors.find((one) => one.field === name);
    return error ? fieldText(error) : null;
  }

  protected discard(): void {
    this.model.set(this.actual());
    this.problem.set(null);
  }

  protected async apply(event: Event): Promise<void> {
    event.preventDefault();
    const { maxretry, findtime, bantime } = this.model();
    const edited = new Set<Changeable>(this.edited());
    if (edited.size === 0 || this.isSaving()) return;
    this.isSaving.set(true);
    this.problem.set(null);
    try {
      await this.api.changeParameters(this.jail().name, {
        ...(edited.has('maxretry') ? { maxretry: Number(maxretry) } : {}),
        ...(edited.has('findtime') ? { findtime: findtime.trim() } : {}),
        ...(edited.has('bantime') ? { bantime: bantime.trim() } : {}),
      });
      this.changed.emit();
      this.toasts.show($localize`The running jail was changed, until its next reload.`);
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.isSaving.set(false);
    }
  }

  private actualOf(name: Changeable): string {
    return this.jail().parameters.find((parameter) => parameter.name === name)?.actual ?? '';
  }
}
