import { httpResource, provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { LiveValue } from './live-value';

interface Counter {
  readonly count: number;
}

describe('LiveValue', () => {
  function start() {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    const live = TestBed.runInInjectionContext(() => new LiveValue(httpResource<Counter>(() => '/counter')));
    const http = TestBed.inject(HttpTestingController);
    const answer = async (count: number): Promise<void> => {
      TestBed.tick();
      http.expectOne('/counter').flush({ count });
      await Promise.resolve();
      TestBed.tick();
    };
    return { live, answer, http };
  }

  it('is what was read, then what events made of it', async () => {
    const { live, answer, http } = start();
    expect(live.view().kind).toBe('loading');
    await answer(1);
    live.change(({ count }) => ({ count: count + 1 }));
    expect([live.value(), live.view()]).toMatchObject([{ count: 2 }, { kind: 'ready', value: { count: 2 } }]);
    TestBed.tick();
    http.expectNone('/counter');
  });

  it('keeps what events said while it reads again, until the answer is there', async () => {
    const { live, answer } = start();
    await answer(1);
    live.change(() => ({ count: 5 }));
    live.reload();
    TestBed.tick();
    expect(live.value()).toEqual({ count: 5 });
    await answer(6);
    expect(live.value()).toEqual({ count: 6 });
  });

  it('does not lose a read because an event came meanwhile, and reads again because of it', async () => {
    const { live, answer } = start();
    TestBed.tick();
    live.change(() => ({ count: 9 }));
    await answer(1);
    expect(live.view().kind).toBe('ready');
    await answer(9);
    expect(live.value()).toEqual({ count: 9 });
  });
});
