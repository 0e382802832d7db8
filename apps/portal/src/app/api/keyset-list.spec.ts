import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { keysetList } from './keyset-list';

interface Page {
  readonly items: readonly string[];
  readonly nextCursor: string | null;
}

describe('keysetList', () => {
  function start() {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    const filters = signal<Record<string, string | undefined>>({ jail: undefined });
    const list = TestBed.runInInjectionContext(() => keysetList<string, Page>(() => '/list', filters));
    const http = TestBed.inject(HttpTestingController);
    const answer = async (query: Record<string, string>, page: Page): Promise<void> => {
      TestBed.tick();
      const request = http.expectOne((candidate) => candidate.url === '/list');
      const { params } = request.request;
      const asked = Object.fromEntries(
        params
          .keys()
          .filter((key) => key !== 'limit')
          .map((key) => [key, params.get(key)]),
      );
      expect(asked).toEqual(query);
      request.flush(page);
      await Promise.resolve();
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      TestBed.tick();
    };
    return { filters, list, answer };
  }

  it('adds page after page, until there is none', async () => {
    const { list, answer } = start();
    expect([list.isLoadingFirst(), list.items()]).toEqual([true, []]);
    await answer({}, { items: ['a', 'b'], nextCursor: 'x' });
    expect([list.items(), list.hasMore()]).toEqual([['a', 'b'], true]);
    list.readMore();
    TestBed.tick();
    expect([list.items(), list.isLoadingMore()]).toEqual([['a', 'b'], true]);
    await answer({ cursor: 'x' }, { items: ['c'], nextCursor: null });
    expect([list.items(), list.hasMore()]).toEqual([['a', 'b', 'c'], false]);
  });

  it('starts anew with other filters', async () => {
    const { filters, list, answer } = start();
    await answer({}, { items: ['a'], nextCursor: 'x' });
    expect(list.items()).toEqual(['a']);
    filters.set({ jail: 'sshd' });
    TestBed.tick();
    expect(list.items()).toEqual([]);
    await answer({ jail: 'sshd' }, { items: ['d'], nextCursor: null });
    expect(list.items()).toEqual(['d']);
  });

  it('shows what a live event added until the next read', async () => {
    const { list, answer } = start();
    await answer({}, { items: ['a'], nextCursor: null });
    list.items.update((items) => ['new', ...items]);
    expect(list.items()).toEqual(['new', 'a']);
    list.refresh();
    await answer({}, { items: ['new', 'a', 'b'], nextCursor: null });
    expect(list.items()).toEqual(['new', 'a', 'b']);
  });

  it('reads once more when a refresh is asked for during a read, whose answer may be older', async () => {
    const { list, answer } = start();
    TestBed.tick();
    expect(list.isLoading()).toBe(true);
    list.refresh();
    list.refresh();
    await answer({}, { items: [], nextCursor: null });
    await answer({}, { items: ['new'], nextCursor: null });
    expect(list.items()).toEqual(['new']);
    TestBed.tick();
    expect(list.isLoading()).toBe(false);
  });
});
