import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TaskInfo, type TaskList, type TaskRunPage } from '../src/features/scheduler/tasks.dto.ts';
import { EventStream } from './event-stream.ts';
import { type RunningApi, startApi } from './harness.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const taskOf = async (id: string): Promise<TaskInfo | undefined> =>
  (await api.admin.get<TaskList>('/api/v1/tasks')).body.items.find((task) => task.id === id);

describe('the tasks', () => {
  it('are all there, with who runs them', async () => {
    const { body } = await api.admin.get<TaskList>('/api/v1/tasks');
    expect(body.items.map(({ id }) => id)).toEqual([
      'allowlist_clean_up',
      'blocklist_clean_up',
      'blocklist_import',
      'geo_cache_clean_up',
      'history_retention',
      'history_roll_up_repair',
      'history_sync',
      'session_clean_up',
    ]);
    expect(body.scheduler).toMatchObject({
      role: 'required',
      state: 'holding',
      lock: 'database',
      heartbeatSeconds: 5,
      lockTtlSeconds: 60,
      holder: { pid: process.pid, instanceId: body.scheduler.instanceId },
    });
    await expect.poll(async () => (await taskOf('history_sync'))?.state, { timeout: 10_000 }).toBe('running');
    // What never ran is begun two minutes after the lock was acquired.
    const { acquiredAt } = body.scheduler.holder ?? { acquiredAt: 0 };
    expect(body.items.find(({ id }) => id === 'geo_cache_clean_up')).toMatchObject({
      schedule: { kind: 'interval' },
      lastRun: null,
      nextRunAt: acquiredAt + 120_000,
    });
  });

  it('are for those who are signed in', async () => {
    expect((await api.anonymous.get('/api/v1/tasks')).status).toBe(401);
    expect((await api.anonymous.post('/api/v1/tasks/history_retention/run')).status).toBe(401);
  });

  it('run when asked to, which the stream tells and the audit log keeps', async () => {
    const stream = await EventStream.open(api.admin);
    expect((await api.admin.post('/api/v1/tasks/history_retention/run')).status).toBe(202);
    await stream.next(
      'task',
      ({ id, lastRun }) =>
        id === 'history_retention' && (lastRun as { outcome: string } | null)?.outcome === 'succeeded',
      15_000,
    );
    stream.close();
    const { body } = await api.admin.get<TaskRunPage>('/api/v1/tasks/history_retention/runs');
    expect(body.items).toMatchObject([
      { trigger: 'by-hand', outcome: 'succeeded', requestedBy: 'admin', result: { events: 0 }, token: 1 },
    ]);
    const audit = await api.admin.get<{ items: { action: string; subject: string }[] }>('/api/v1/audit');
    expect(audit.body.items[0]).toMatchObject({ action: 'task.run', subject: 'history_retention', actor: 'admin' });
  });

  it('go by another schedule, or by none', async () => {
    const path = '/api/v1/tasks/geo_cache_clean_up';
    const every = await api.admin.send<TaskInfo>('PATCH', path, {
      body: { schedule: { kind: 'interval', everySeconds: 90 } },
    });
    expect(every.body.schedule).toEqual({ kind: 'interval', cron: null, everySeconds: 90 });
    const cron = await api.admin.send<TaskInfo>('PATCH', path, {
      body: { schedule: { kind: 'cron', cron: '5 4 * * *' } },
    });
    expect(new Date(cron.body.nextRunAt ?? 0).toISOString()).toMatch(/T04:05:00\.000Z$/);
    const paused = await api.admin.send<TaskInfo>('PATCH', path, { body: { isPaused: true } });
    expect(paused.body).toMatchObject({ isPaused: true, nextRunAt: null });
    const back = await api.admin.send<TaskInfo>('PATCH', path, { body: { schedule: null, isPaused: false } });
    expect(back.body.schedule).toEqual(back.body.defaultSchedule);
    const audit = await api.admin.get<{ items: unknown[] }>('/api/v1/audit');
    expect(audit.body.items[0]).toMatchObject({
      action: 'task.change',
      before: { isPaused: true },
      after: { isPaused: false },
    });
  });

  it.each([
    [{ schedule: { kind: 'cron', cron: '0 0 30 2 *' } }, 422],
    [{ schedule: { kind: 'cron', cron: '@daily' } }, 422],
    [{ schedule: { kind: 'interval', everySeconds: 1 } }, 422],
    [{ schedule: { kind: 'interval' } }, 422],
    [{ schedule: { kind: 'continuous' } }, 422],
    [{ isPaused: 'yes' }, 422],
  ])('refuse %j', async (body, status) => {
    const answer = await api.admin.send('PATCH', '/api/v1/tasks/geo_cache_clean_up', { body });
    // What the DTO refuses is a bad request, as everywhere.
    expect([400, status]).toContain(answer.status);
  });

  it('that always run can be paused and resumed, and nothing else', async () => {
    const path = '/api/v1/tasks/history_sync';
    const body = { schedule: { kind: 'interval', everySeconds: 90 } };
    expect((await api.admin.send('PATCH', path, { body })).status).toBe(409);
    await api.admin.send('PATCH', path, { body: { isPaused: true } });
    await expect.poll(async () => (await taskOf('history_sync'))?.state, { timeout: 10_000 }).toBe('idle');
    expect((await taskOf('history_sync'))?.lastRun?.outcome).toBe('stopped');
    await api.admin.send('PATCH', path, { body: { isPaused: false } });
    await expect.poll(async () => (await taskOf('history_sync'))?.state, { timeout: 10_000 }).toBe('running');
  });

  it('are part of being ready', async () => {
    const { body } = await api.anonymous.get('/api/health/ready');
    expect(body).toMatchObject({ scheduler: { status: 'holding' } });
  });
});
