import { type HttpResourceRef } from '@angular/common/http';
import {
  computed,
  DestroyRef,
  effect,
  inject,
  linkedSignal,
  type Signal,
  untracked,
  type WritableSignal,
} from '@angular/core';
import { type ResourceView, viewOf } from './resource-view';

/** Between two looks at what no event tells, milliseconds. */
const LOOK_EVERY_MS = 5000;

/**
 * Something that is read once and then kept up to date by live events. An event that comes while a read is under way may
 * be newer than its answer, so it is read again afterwards. Must be made where `inject` may be called.
 */
export class LiveValue<T extends object> {
  /** What to draw. */
  readonly view: Signal<ResourceView<T>>;
  /** The value as of now; undefined before the first answer. */
  readonly value: Signal<T | undefined>;
  private readonly changed: WritableSignal<T | undefined>;
  private isOutrun = false;

  constructor(private readonly resource: HttpResourceRef<T | undefined>) {
    const read = viewOf(resource);
    // Only another answer, not another state of the same one, takes back what events have changed.
    const answer = computed(() => {
      const view = read();
      return view.kind === 'ready' ? view.value : undefined;
    });
    this.changed = linkedSignal(answer);
    this.value = this.changed.asReadonly();
    this.view = computed(() => {
      const view = read();
      const value = this.changed();
      return view.kind === 'ready' && value !== undefined ? { ...view, value } : view;
    });
    effect(() => {
      if (resource.isLoading() || !this.isOutrun) return;
      this.isOutrun = false;
      untracked(() => resource.reload());
    });
  }

  /** Applies an event. */
  change(apply: (value: T) => T): void {
    if (untracked(this.resource.isLoading)) this.isOutrun = true;
    this.changed.update((value) => (value === undefined ? value : apply(value)));
  }

  /** Reads again; what is shown stays until the answer is there. */
  reload(): void {
    if (!this.resource.reload()) this.isOutrun = untracked(this.resource.isLoading);
  }

  /** Reads again every few seconds while the caller lives and the page is seen. Needs an injection context. */
  follow(): void {
    this.reload();
    const timer = setInterval(() => {
      if (!document.hidden) this.reload();
    }, LOOK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
