import { afterEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../../test/test-clock.ts';
import { type RunningApi, startApi } from '../../../test/harness.ts';
import { Database } from '../../core/database/database.ts';
import { TaskRunEntity, type RunOutcome } from './task-run.entity.ts';
import { type TaskRun, type TaskRunPage } from './tasks.dto.ts';
import { keptRuns, TasksRepository } from './tasks.repository.ts';

let apis: RunningApi[] = [];
afterEach(async () => {
  for (const api of apis.reverse()) await api.stop();
  apis = [];
});

async function started(options: Parameters<typeof startApi>[0] = {}): Promise<RunningApi> {
  const api = await startApi(options);
  apis.push(api);
  return api;
}

function run(id: string, startedAt: number, outcome: RunOutcome, token = 0): TaskRunEntity {
  return Object.assign(new TaskRunEntity(), {
    id,
    task: 'history_retention',
    trigger: 'schedule' as const,
    outcome,
    startedAt,
    durationMs: null,
    error: null,
    result: null,
    progress: null,
    token,
    instanceId: 'another',
    requestedBy: null,
  });
}

const runsOf = async (api: RunningApi, query = ''): Promise<TaskRun[]> =>
  (await api.admin.get<TaskRunPage>(`/api/v1/tasks/history_retention/runs${query}`)).body.items;
const hour = 3_600_000;

describe('whoever takes over', () => {
  it('runs once what was missed, however often', async () => {
    const first = await started({ env: { BANGUI_SCHEDULER_ROLE: 'off' } });
    const now = Date.now();
    await first.app.get(TasksRepository).begin(run('long-ago', now - 50 * hour, 'succeeded'));
    const second = await started({ env: { BANGUI_DATABASE_PATH: `${first.dir}/bangui.sqlite3` } });
    await expect
      .poll(async () => (await runsOf(second)).map(({ trigger, outcome }) => [trigger, outcome]), { timeout: 15_000 })
      .toEqual([
        ['catch-up', 'succeeded'],
        ['schedule', 'succeeded'],
      ]);
  });

  it('does not run what is not due yet', async () => {
    const clock = new TestClock();
    const first = await started({ clock, env: { BANGUI_SCHEDULER_ROLE: 'off' } });
    await first.app.get(TasksRepository).begin(run('just-now', clock.now() - 1_000, 'succeeded'));
    const second = await started({ clock, env: { BANGUI_DATABASE_PATH: `${first.dir}/bangui.sqlite3` } });
    // It has looked at all tasks once this one is run.
    await second.admin.post('/api/v1/tasks/session_clean_up/run');
    await expect
      .poll(() => second.logs().join(''), { timeout: 15_000 })
      .toContain('"task":"session_clean_up","outcome"');
    expect(await runsOf(second)).toHaveLength(1);
  });

  it('does not run for ever what ends every holder', async () => {
    const first = await started({ env: { BANGUI_SCHEDULER_ROLE: 'off' } });
    const poison = { ...run('again', Date.now() - 1_000, 'running'), trigger: 'catch-up' as const };
    await first.app.get(TasksRepository).begin(poison);
    const second = await started({ env: { BANGUI_DATABASE_PATH: `${first.dir}/bangui.sqlite3` } });
    await second.admin.post('/api/v1/tasks/session_clean_up/run');
    await expect
      .poll(() => second.logs().join(''), { timeout: 15_000 })
      .toContain('"task":"session_clean_up","outcome"');
    expect((await runsOf(second)).map(({ outcome }) => outcome)).toEqual(['interrupted']);
  });
});

describe('the runs of a task', () => {
  it('are kept for the latest hundred, read in pages, and found by an index', async () => {
    const api = await started({ env: { BANGUI_SCHEDULER_ROLE: 'off' } });
    const repository = api.app.get(TasksRepository);
    const now = Date.now();
    for (let index = 0; index < keptRuns + 20; index += 1) {
      await repository.begin(run(`run-${index}`, now - index * 1_000, 'succeeded'));
    }
    await repository.end(
      run('run-0', now, 'running'),
      { outcome: 'failed', durationMs: 5, error: 'x', result: null },
      now,
    );
    const runs = await runsOf(api, '?limit=200');
    expect(runs).toHaveLength(keptRuns);
    expect(runs[0]).toMatchObject({ id: 'run-0', outcome: 'failed', durationMs: 5, error: 'x' });
    const { body } = await api.admin.get<TaskRunPage>('/api/v1/tasks/history_retention/runs?limit=60');
    const rest = await runsOf(api, `?limit=60&cursor=${body.nextCursor ?? ''}`);
    expect([...body.items, ...rest].map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
    const plan = await api.app
      .get(Database)
      .read.query<{ detail: string }[]>(
        `EXPLAIN QUERY PLAN SELECT * FROM task_run WHERE task = 'x' AND (started_at, id) < (1, 'y') ORDER BY started_at DESC, id DESC LIMIT 50`,
      );
    expect(plan.map(({ detail }) => detail).join()).toContain('ix_task_run_task');
  });
});
