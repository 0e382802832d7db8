import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../test/api-client.ts';
import { type ApiProcess } from '../../../test/api-process.ts';
import { heartbeatMs, placeKinds, SchedulerPlace, tokenOf, ttlMs } from '../../../test/scheduler-place.ts';
import { type TaskList, type TaskRunPage } from './tasks.dto.ts';

/** Two starts at once in each of so many rounds; 50 by `make torture`. */
const rounds = Math.min(50, Number(process.env['BANGUI_TEST_ROUNDS'] ?? 2));
const admin = { username: 'admin', password: 'correct horse battery' };

async function signedIn(api: ApiProcess): Promise<ApiClient> {
  const client = new ApiClient(await api.url());
  await client.signIn(admin);
  return client;
}

describe.each(placeKinds)('BanGUI processes with the scheduler lock in %s', (kind) => {
  let place: SchedulerPlace | undefined;
  afterEach(async () => {
    await place?.remove();
    place = undefined;
  });

  it(
    'start at once and exactly one holds the lock; the other refuses with status 75 and names it',
    { timeout: 600_000 },
    async () => {
      place = await SchedulerPlace.make(kind);
      for (let round = 0; round < rounds; round += 1) {
        const pair = [place.start(), place.start()];
        const loser = await Promise.any(
          pair.map(async (api) => ((await api.exit).code === 75 ? api : Promise.reject(new Error(api.stderr)))),
        );
        const winner = pair.find((api) => api !== loser);
        if (!winner) throw new Error('There is no other one.');
        await winner.url();
        expect(loser.stderr).toContain(`bangui: The scheduler lock is held by process ${winner.child.pid}`);
        expect(loser.stderr).toContain('BANGUI_SCHEDULER_ROLE=standby');
        expect(loser.stdout).toContain('"event":"scheduler_lock_held_by_other_instance"');
        expect(loser.stdout).not.toContain('scheduler_lock_acquired');
        // The next two find what is left of a process that was killed: nothing that counts.
        winner.kill('SIGKILL');
        await winner.exit;
      }
    },
  );

  it(
    'take over from a holder that was killed, and run once more what it was in the middle of',
    { timeout: 120_000 },
    async () => {
      place = await SchedulerPlace.make(kind);
      const holder = await place.startHolder();
      const standby = await place.startStandby();
      // As if it had been killed in the middle of this run.
      await place.query(
        `INSERT INTO task_run (id, task, trigger, outcome, started_at, token, instance_id)
       VALUES ('cut-short', 'session_clean_up', 'schedule', 'running', ${Date.now()}, ${await tokenOf(holder, 'scheduler_lock_acquired')}, 'gone')`,
      );
      holder.kill('SIGKILL');
      const token = await tokenOf(standby, 'scheduler_lock_acquired');
      expect(token).toBeGreaterThan(await tokenOf(holder, 'scheduler_lock_acquired'));
      const client = await signedIn(standby);
      await expect
        .poll(
          async () => {
            const { body } = await client.get<TaskRunPage>('/api/v1/tasks/session_clean_up/runs');
            return body.items.map(({ trigger, outcome }) => `${trigger} ${outcome}`);
          },
          { timeout: 20_000 },
        )
        .toEqual(['catch-up succeeded', 'schedule interrupted']);
      const { body } = await client.get<TaskList>('/api/v1/tasks');
      expect(body.scheduler).toMatchObject({ state: 'holding', holder: { pid: standby.child.pid, token } });
    },
  );

  it.each(['standby', 'required'])(
    'write nothing after a pause beyond the time to live, in role %s',
    { timeout: 120_000 },
    async (role) => {
      place = await SchedulerPlace.make(kind);
      // One that stands by from the start would log this before it holds anything.
      const holder = await place.startHolder({ BANGUI_SCHEDULER_ROLE: role });
      const old = await tokenOf(holder, 'scheduler_lock_acquired');
      const standby = await place.startStandby();
      holder.kill('SIGSTOP');
      const token = await tokenOf(standby, 'scheduler_lock_acquired');
      await standby.logged(/"event":"task_started","task":"history_sync"/);
      holder.kill('SIGCONT');
      expect(await tokenOf(holder, 'scheduler_lock_heartbeat_lost')).toBe(old);
      if (role === 'required') expect((await holder.exit).code).toBe(75);
      else await holder.logged(/"event":"scheduler_standby"/);
      const runs = await place.query<{ outcome: string; token: number | string }>(
        `SELECT outcome, token FROM task_run WHERE task = 'history_sync' ORDER BY token`,
      );
      expect(runs.map((run) => [run.outcome, Number(run.token)])).toEqual([
        ['interrupted', old],
        ['running', token],
      ]);
    },
  );

  it(
    'stop every task when the lock is taken away, and give a higher token to the next',
    { timeout: 120_000 },
    async () => {
      place = await SchedulerPlace.make(kind);
      const holder = await place.startHolder({ BANGUI_SCHEDULER_ROLE: 'standby' });
      const old = await tokenOf(holder, 'scheduler_lock_acquired');
      const [before] = await place.query<{ token: number | string }>('SELECT token FROM scheduler_fence');
      expect(Number(before?.token)).toBe(old);
      await place.clearLock();
      expect(await tokenOf(holder, 'scheduler_lock_heartbeat_lost')).toBe(old);
      await holder.logged(/"event":"task_finished","task":"history_sync","outcome":"stopped"/);
      const again = await holder.logged(new RegExp(`"event":"scheduler_lock_acquired","token":(?!${old},)(\\d+)`));
      expect(Number(again[1])).toBeGreaterThan(old);
    },
  );

  it('keep the lock while its store is out of reach for less than the time to live', { timeout: 120_000 }, async () => {
    place = await SchedulerPlace.make(kind);
    const holder = await place.startHolder();
    const trouble = /"event":"scheduler_lock_heartbeat_(failed|timeout)"/;
    if (place.redis) {
      place.redis.pause();
      await holder.logged(trouble);
      place.redis.resume();
    } else {
      const free = await place.blockLock();
      await holder.logged(trouble);
      await free();
    }
    const seen = holder.stdout.length;
    await expect
      .poll(() => holder.stdout.slice(seen), { timeout: 10_000 })
      .toContain('scheduler_lock_heartbeat_updated');
    expect(holder.stdout).not.toContain('scheduler_lock_heartbeat_lost');
  });

  it('hand the lock over at once when the holder stops in order', { timeout: 120_000 }, async () => {
    place = await SchedulerPlace.make(kind);
    const holder = await place.startHolder();
    const standby = await place.startStandby();
    holder.kill('SIGTERM');
    await holder.logged(/"event":"scheduler_lock_released"/);
    const releasedAt = performance.now();
    await standby.logged(/"event":"scheduler_lock_acquired"/);
    // Far sooner than it would have expired.
    expect(performance.now() - releasedAt).toBeLessThan(ttlMs - 2 * heartbeatMs);
  });

  it('pass on what is asked of one that does not hold the lock', { timeout: 120_000 }, async () => {
    place = await SchedulerPlace.make(kind);
    const holder = await place.startHolder();
    const standby = await place.startStandby();
    const client = await signedIn(standby);
    expect((await client.post('/api/v1/tasks/session_clean_up/run')).status).toBe(202);
    await holder.logged(/"event":"task_finished","task":"session_clean_up","outcome":"succeeded"/);
    const { body } = await client.get<TaskRunPage>('/api/v1/tasks/session_clean_up/runs');
    expect(body.items[0]).toMatchObject({ trigger: 'by-hand', requestedBy: 'admin' });
    expect((await client.post('/api/v1/tasks/history_sync/run')).status).toBe(409);
    expect((await client.post('/api/v1/tasks/nothing/run')).status).toBe(404);
  });
});
