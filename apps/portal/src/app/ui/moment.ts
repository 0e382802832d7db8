import { Component, computed, inject, input } from '@angular/core';
import { Clock } from './clock';
import { formatAge, formatExact, formatRelative } from './format';

/** A time as people say it, with the exact one on hover and for machines. */
@Component({
  selector: 'bangui-moment',
  template: `<time [attr.datetime]="iso()" [title]="exact()">{{ text() }}</time>`,
})
export class Moment {
  private readonly clock = inject(Clock);
  /** Epoch milliseconds. */
  readonly at = input.required<number>();
  /** `age` is the bare length of time (`4 s`), for narrow columns. */
  readonly form = input<'sentence' | 'age'>('sentence');

  protected readonly iso = computed(() => new Date(this.at()).toISOString());
  protected readonly exact = computed(() => formatExact(this.at()));
  protected readonly text = computed(() =>
    this.form() === 'age' ? formatAge(this.clock.now() - this.at()) : formatRelative(this.at(), this.clock.now()),
  );
}
