import { linkedSignal, type Resource, type Signal } from '@angular/core';
import { type Problem, problemOf } from './problem';

/** The states a view draws. `empty` is a matter of the content and so of the view. */
export type ResourceView<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly value: T; readonly problem: Problem | null };

/**
 * What to draw for a resource. A reload that fails keeps the last good value and tells the problem beside it,
 * so that a short outage does not wipe the page. A new request starts again with `loading`, unless `question` is given
 * and stays the same: then it is the old question asked again (the last 24 hours, a minute later), and what is shown
 * stays until the answer is there.
 */
export function viewOf<T>(resource: Resource<T | undefined>, question?: () => string): Signal<ResourceView<T>> {
  return linkedSignal<ReturnType<typeof observed<T>>, ResourceView<T>>({
    source: () => observed(resource, question?.()),
    computation: (now, previous) => {
      if (now.value !== undefined) return { kind: 'ready', value: now.value, problem: null };
      const before = now.question === previous?.source.question ? previous?.value : undefined;
      const last = before?.kind === 'ready' ? before : undefined;
      if (now.status === 'error') {
        const problem = problemOf(now.error);
        return last ? { ...last, problem } : { kind: 'failed', problem };
      }
      const isAskedAgain = now.status === 'reloading' || question !== undefined;
      return isAskedAgain && before ? before : { kind: 'loading' };
    },
  }).asReadonly();
}

function observed<T>(
  resource: Resource<T | undefined>,
  question: string | undefined,
): { status: string; error: unknown; value: T | undefined; question: string | undefined } {
  return {
    question,
    status: resource.status(),
    error: resource.error(),
    value: resource.hasValue() ? resource.value() : undefined,
  };
}
