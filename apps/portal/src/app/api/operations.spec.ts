import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { Toasts } from '../ui/toasts';
import { type Operation } from './generated/models';
import { type LiveEvent } from './live/events';
import { Live } from './live/live';
import { Operations } from './operations';
import { problemOf } from './problem';

const operation = (change: Partial<Operation>): Operation => ({
  id: 'o1',
  kind: 'ban',
  status: 'running',
  startedAt: 1,
  finishedAt: null,
  progress: { done: 0, total: 10 },
  subject: 'web',
  outcome: null,
  error: null,
  ...change,
});

describe('Operations', () => {
  function start() {
    const events = new Subject<LiveEvent>();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), { provide: Live, useValue: { events } }],
    });
    return {
      events,
      operations: TestBed.inject(Operations),
      toasts: TestBed.inject(Toasts),
      http: TestBed.inject(HttpTestingController),
    };
  }

  it('gives a quick one as it is, without a toast', async () => {
    const { operations, toasts } = start();
    const done = operation({ status: 'succeeded', outcome: { banned: 1 } });
    expect(await operations.run(Promise.resolve(done), 'Banning…')).toBe(done);
    expect(toasts.shown()).toEqual([]);
  });

  it('shows how far a long one is, and takes that away when it is done', async () => {
    const { operations, events, toasts } = start();
    const result = operations.run(Promise.resolve(operation({})), 'Banning…');
    await Promise.resolve();
    events.next({ name: 'operation', data: operation({ progress: { done: 5, total: 10 } }) });
    events.next({ name: 'operation', data: operation({ id: 'another', status: 'failed' }) });
    expect(toasts.shown()).toMatchObject([{ text: 'Banning…', progress: 0.5 }]);
    events.next({ name: 'operation', data: operation({ status: 'succeeded', outcome: { banned: 10 } }) });
    expect((await result).outcome).toEqual({ banned: 10 });
    expect(toasts.shown()).toEqual([]);
  });

  it('fails with what the operation failed with, as if the request had waited for it', async () => {
    const { operations, events } = start();
    const result = operations.run(Promise.resolve(operation({})), 'Banning…');
    await Promise.resolve();
    events.next({
      name: 'operation',
      data: operation({
        status: 'failed',
        error: {
          ...{ code: 'change-refused', detail: 'no', status: 422, retryAfter: 5, extras: {} },
          errors: [{ field: 'web.maxretry', message: 'is none', code: 'no-number', params: { limits: [1] } }],
        },
      }),
    });
    await expect(result.catch(problemOf)).resolves.toEqual({
      ...{ code: 'change-refused', detail: 'no', status: 422, retryAfter: 5 },
      errors: [{ field: 'web.maxretry', message: 'is none', code: 'no-number', limits: [1], value: null }],
    });
  });

  it('looks by itself when the event stream is silent', async () => {
    vi.useFakeTimers();
    try {
      const { operations, http } = start();
      const result = operations.run(Promise.resolve(operation({})), 'Banning…');
      await vi.advanceTimersByTimeAsync(2000);
      http.expectOne('/api/v1/operations/o1').flush(operation({ status: 'succeeded' }));
      await vi.advanceTimersByTimeAsync(0);
      expect((await result).status).toBe('succeeded');
    } finally {
      vi.useRealTimers();
    }
  });
});
