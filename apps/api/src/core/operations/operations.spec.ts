import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../clock.ts';
import { EventBus } from '../events/event-bus.ts';
import { AppError } from '../http/app-error.ts';
import { Log } from '../logging/log.ts';
import { NoTracing } from '../tracing/index.ts';
import { type Operation } from './operation.dto.ts';
import { operationChanged } from './operation-changed.ts';
import { Operations, OperationUnknown, TooManyOperations } from './operations.ts';

class Refused extends AppError {
  readonly code = 'refused';
  readonly status = 409;
}

describe('Operations', () => {
  let operations: Operations;
  let told: Operation[];
  let stored: Map<string, Operation>;
  // The fakes have the members that are used.
  const repository = {
    save: (changed: readonly Operation[]) => {
      for (const operation of changed) stored.set(operation.id, operation);
      return Promise.resolve();
    },
    find: (id: string) => Promise.resolve(stored.get(id)),
    latest: () => Promise.resolve([]),
  };
  const shared = { tellStored: () => undefined, tellProgress: () => undefined, withProgress: (one: Operation) => one };

  beforeEach(async () => {
    vi.useFakeTimers();
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    const events = new EventBus(log);
    told = [];
    events.on(operationChanged, (operation) => told.push(operation));
    stored = new Map();
    operations = new Operations(repository as never, shared as never, new Clock(), events, new NoTracing(), log);
  });
  afterEach(() => vi.useRealTimers());

  const plan = (work: () => Promise<Record<string, unknown>>) => ({ kind: 'ban', subject: 'web', work }) as const;

  it('answers with the outcome of what is done in time', async () => {
    const operation = await operations.run(plan(() => Promise.resolve({ banned: 1 })));
    expect(operation).toMatchObject({ status: 'succeeded', outcome: { banned: 1 }, error: null });
    expect(told.map(({ status }) => status)).toEqual(['running', 'succeeded']);
    expect(await operations.get(operation.id)).toEqual(operation);
  });

  it('answers after four seconds with what is still running, and keeps how it ends', async () => {
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
    const answer = operations.run(plan(() => promise));
    await vi.advanceTimersByTimeAsync(3_999);
    expect(told).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    const { id, status } = await answer;
    expect(status).toBe('running');
    resolve({ banned: 5 });
    await vi.advanceTimersByTimeAsync(0);
    expect(await operations.get(id)).toMatchObject({ status: 'succeeded', outcome: { banned: 5 } });
  });

  it('throws a failure within that time as it is, and keeps a later one', async () => {
    await expect(operations.run(plan(() => Promise.reject(new Refused('no'))))).rejects.toThrow(Refused);
    const { promise, reject } = Promise.withResolvers<Record<string, unknown>>();
    const answer = operations.run(plan(() => promise));
    await vi.advanceTimersByTimeAsync(4_000);
    const { id } = await answer;
    const errors = [{ field: 'web.maxretry', message: 'is none', code: 'no-number', params: { limits: [1, 9] } }];
    reject(new Refused('not any more', { errors, extras: { isRestored: true }, headers: { 'Retry-After': '5' } }));
    await vi.advanceTimersByTimeAsync(0);
    expect(await operations.get(id)).toMatchObject({ status: 'failed' });
    expect((await operations.get(id)).error).toEqual({
      ...{ code: 'refused', detail: 'not any more', status: 409, errors, retryAfter: 5, extras: { isRestored: true } },
    });
  });

  it('tells nothing of a mistake of ours but that it was one', async () => {
    await expect(operations.run(plan(() => Promise.reject(new Error('secret path'))))).rejects.toThrow();
    expect(JSON.stringify(await operations.latest(1))).not.toContain('secret');
    expect((await operations.latest(1))[0]?.error?.code).toBe('internal-error');
  });

  it('tells progress four times a second at most, and knows the latest', async () => {
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
    let progress: (done: number, total: number) => void = () => undefined;
    const answer = operations.run({
      kind: 'ban',
      subject: null,
      work: (tell) => {
        progress = tell;
        return promise;
      },
    });
    for (let done = 1; done <= 100; done += 1) progress(done, 100);
    expect(told).toHaveLength(2);
    expect((await operations.latest(1))[0]?.progress).toEqual({ done: 100, total: 100 });
    await vi.advanceTimersByTimeAsync(300);
    progress(100, 100);
    expect(told).toHaveLength(3);
    resolve({});
    await answer;
  });

  it('keeps the latest 200 that have ended, and all that run', async () => {
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
    const running = operations.run(plan(() => promise));
    const first = await operations.run(plan(() => Promise.resolve({})));
    for (let count = 0; count < 250; count += 1) await operations.run(plan(() => Promise.resolve({ count })));
    expect(await operations.latest(1_000)).toHaveLength(200);
    expect((await operations.latest(1))[0]?.outcome).toEqual({ count: 249 });
    stored.clear();
    await expect(operations.get(first.id)).rejects.toThrow(OperationUnknown);
    resolve({});
    await expect(running).resolves.toMatchObject({ status: 'succeeded' });
  });

  it('refuses more than fifty at once', async () => {
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
    const all = Array.from({ length: 50 }, () => operations.run(plan(() => promise)));
    await expect(operations.run(plan(() => promise))).rejects.toThrow(TooManyOperations);
    resolve({});
    await Promise.all(all);
    await expect(operations.run(plan(() => Promise.resolve({})))).resolves.toBeDefined();
  });
});
