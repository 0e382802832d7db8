import { httpResource } from '@angular/common/http';
import { computed, effect, linkedSignal, signal, type Signal, type WritableSignal } from '@angular/core';
import { type Problem, problemOf } from './problem';

/** Values for a query string; empty ones are left out. */
export type Filters = Readonly<Record<string, string | undefined>>;

interface KeysetPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A list read page by page with the API's cursor. */
export interface KeysetList<T, P extends KeysetPage<T>> {
  /** Everything read so far, in order. Writable, so that live events can change it until the next read. */
  readonly items: WritableSignal<readonly T[]>;
  /** The page that was read last. */
  readonly page: Signal<P | undefined>;
  readonly isLoading: Signal<boolean>;
  readonly isLoadingFirst: Signal<boolean>;
  readonly isLoadingMore: Signal<boolean>;
  readonly hasMore: Signal<boolean>;
  readonly problem: Signal<Problem | null>;
  /** Reads the next page, if there is one and none is being read. */
  readMore(): void;
  /** Reads from the top again, after what is being read, and keeps what is shown until the answer is there. */
  refresh(): void;
}

/** Number of rows a request asks for; the API allows up to 200. */
const PAGE_SIZE = '100';

/** Must be called where `inject` may be. A change of `url` or `filters` starts the list anew. */
export function keysetList<T, P extends KeysetPage<T>>(url: () => string, filters: () => Filters): KeysetList<T, P> {
  const query = computed(() => JSON.stringify([url(), defined(filters())]));
  const cursor = linkedSignal<string, string | null>({ source: query, computation: () => null });
  const resource = httpResource<P>(() => ({
    url: url(),
    params: { ...defined(filters()), limit: PAGE_SIZE, ...(cursor() === null ? {} : { cursor: cursor() ?? '' }) },
  }));
  const page = computed(() => (resource.hasValue() ? resource.value() : undefined));
  const lastPage = linkedSignal<{ page: P | undefined; query: string }, P | undefined>({
    source: () => ({ page: page(), query: query() }),
    computation: (now, previous) => now.page ?? (previous?.source.query === now.query ? previous.value : undefined),
  });
  const items = linkedSignal<{ page: P | undefined; query: string; cursor: string | null }, readonly T[]>({
    source: () => ({ page: page(), query: query(), cursor: cursor() }),
    computation: (now, previous) => {
      const kept = previous?.source.query === now.query ? previous.value : [];
      if (now.page === undefined) return kept;
      return now.cursor === null ? now.page.items : [...kept, ...now.page.items];
    },
  });
  // A read that is under way cannot be begun anew, and its answer may be older than what asks for another.
  const isOutrun = signal(false);
  effect(() => {
    if (!isOutrun() || resource.isLoading()) return;
    isOutrun.set(false);
    resource.reload();
  });
  return {
    items,
    page: lastPage.asReadonly(),
    isLoading: resource.isLoading,
    isLoadingFirst: computed(() => resource.isLoading() && items().length === 0 && lastPage() === undefined),
    isLoadingMore: computed(() => resource.isLoading() && cursor() !== null),
    hasMore: computed(() => (lastPage()?.nextCursor ?? null) !== null),
    problem: computed(() => (resource.status() === 'error' ? problemOf(resource.error()) : null)),
    readMore: () => {
      const next = lastPage()?.nextCursor ?? null;
      if (next === null || resource.isLoading() || resource.status() === 'error') return;
      cursor.set(next);
    },
    refresh: () => {
      if (cursor() !== null) cursor.set(null);
      else if (!resource.reload()) isOutrun.set(resource.isLoading());
    },
  };
}

/** Without the members that say nothing. */
export function defined(values: Filters): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '') result[name] = value;
  return result;
}
