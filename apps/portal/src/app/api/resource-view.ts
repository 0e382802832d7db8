import { linkedSignal, type Resource, type Signal } from '@angular/core';
import { type Problem, problemOf } from './problem';

/** The states a view draws. `empty` is a matter of the content and so of the view. */
export type ResourceView<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly value: T; readonly problem: Problem | null };

/**
 * What to draw for a resource. A reload that fails keeps the last good value and tells the problem beside it,
 * so that a short outage does not wipe the page. A new request starts again with `loading`.
 */
export function viewOf<T>(resource: Resource<T | undefined>): Signal<ResourceView<T>> {
  return linkedSignal<ReturnType<typeof observed<T>>, ResourceView<T>>({
    source: () => observed(resource),
    computation: (now, previous) => {
      if (now.value !== undefined) return { kind: 'ready', value: now.value, problem: null };
      const last = previous?.value.kind === 'ready' ? previous.value : undefined;
      if (now.status === 'error') {
        const problem = problemOf(now.error);
        return last ? { ...last, problem } : { kind: 'failed', problem };
      }
      return now.status === 'reloading' && previous ? previous.value : { kind: 'loading' };
    },
  }).asReadonly();
}

function observed<T>(resource: Resource<T | undefined>): { status: string; error: unknown; value: T | undefined } {
  return {
    status: resource.status(),
    error: resource.error(),
    value: resource.hasValue() ? resource.value() : undefined,
  };
}
