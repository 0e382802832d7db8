import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../test/api-client.ts';
import { type ApiProcess } from '../../../test/api-process.ts';
import { placeKinds, SchedulerPlace, shortTimes, tokenOf } from '../../../test/scheduler-place.ts';
import { slowCleanUp } from '../../../test/slow-clean-up.ts';
import { Stopwatch } from '../../../test/stopwatch.ts';
import { type TaskList, type TaskRunPage } from './tasks.dto.ts';

const wanted = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 1);
const isLong = wanted > 10;
/** Two starts at once in each of so many rounds; 50 by `make torture`. */
const startRounds = isLong ? 50 : 2;
/** Holders that are stopped or killed; 10 by `make torture`. */
const faultRounds = isLong ? Array.from({ length: 10 }, (_, index) => index + 1) : [1];
const timeout = isLong ? 900_000 : 90_000;

async function signedIn(api: ApiProcess): Promise<ApiClient> {
  const client = new ApiClient(await api.url());
  await client.signIn({ username: 'admin', password: 'correct horse battery' });
  return client;
}

/** What becomes of one that starts: it has the lock, or it ends. */
async function fateOf(api: ApiProcess): Promise<string> {
  const held = api.logged(/"event":"scheduler_lock_acquired"/).then(() => 'holds');
  return held.catch(async () => `status ${(await api.exit).code}`);
}

async function runsOf(client: ApiClient, task: string): Promise<TaskRunPage['items']> {
  return (await client.get<TaskRunPage>(`/api/v1/tasks/${task}/runs`)).body.items;
}

// Processes are used again by the next case where that needs the same of them.
describe.each(placeKinds)('BanGUI processes with the scheduler lock in %s', (kind) => {
  let place: SchedulerPlace;
  const takeOvers: number[] = [];
  beforeAll(async () => {
    place = await SchedulerPlace.make(kind);
  });
  afterAll(async () => {
    console.log(`lock in ${kind}: ${startRounds} times two at once; take-overs after ${takeOvers.join(', ')} ms`);
    await place.remove();
  });

  it(
    'start at once and exactly one holds the lock; the other refuses with status 75 and names it',
    { timeout },
    async () => {
      for (let round = 0; round < startRounds; round += 1) {
        const pair = [place.start(), place.start()];
        const fates = await Promise.all(pair.map(fateOf));
        expect([...fates].sort(), pair.map(({ stderr }) => stderr).join('')).toEqual(['holds', 'status 75']);
        const [winner, loser] = fates[0] === 'holds' ? pair : pair.toReversed();
        if (!winner || !loser) throw new Error('A pair is of two.');
        expect(loser.stderr).toContain(`bangui: The scheduler lock is held by process ${winner.child.pid}`);
        expect(loser.stderr).toContain('BANGUI_SCHEDULER_ROLE=standby');
        expect(loser.stdout).toContain('"event":"scheduler_lock_held_by_other_instance"');
        expect(loser.stdout).not.toContain('scheduler_lock_acquired');
        expect(winner.stdout.match(/"scheduler_lock_acquired"/g)).toHaveLength(1);
        if (round === startRounds - 1) {
          await winner.url();
          break;
        }
        // The next two find what is left of a process that was killed: nothing that counts.
        winner.kill('SIGKILL');
        await winner.exit;
      }
    },
  );

  it.each(faultRounds.flatMap((round) => [[round, 'required'] as const, [round, 'standby'] as const]))(
    'write nothing after a pause beyond the time to live, %i, in role %s',
    { timeout },
    async (_, role) => {
      const { holder, standby } = await place.pair(role);
      const [lines, otherLines] = [holder.stdout.length, standby.stdout.length];
      const old = await place.fence();
      holder.kill('SIGSTOP');
      const stoppedAt = performance.now();
      const token = await tokenOf(standby, 'scheduler_lock_acquired', otherLines);
      takeOvers.push(Math.round(performance.now() - stoppedAt));
      await standby.logged(/"event":"task_started","task":"history_sync"/, otherLines);
      holder.kill('SIGCONT');
      expect(await tokenOf(holder, 'scheduler_lock_heartbeat_lost', lines)).toBe(old);
      if (role === 'required') expect((await holder.exit).code).toBe(75);
      else await holder.logged(/"event":"scheduler_standby"/, lines);
      const runs = await place.query<{ outcome: string; token: number | string }>(
        `SELECT outcome, token FROM task_run WHERE task = 'history_sync' AND token >= ${old} ORDER BY token`,
      );
      expect(runs.map((run) => [run.outcome, Number(run.token)])).toEqual([
        ['interrupted', old],
        ['running', token],
      ]);
    },
  );

  it('pass on what is asked of one that does not hold the lock', { timeout }, async () => {
    const { holder, standby } = await place.pair();
    const lines = holder.stdout.length;
    const client = await signedIn(standby);
    expect((await client.post('/api/v1/tasks/session_clean_up/run')).status).toBe(202);
    await holder.logged(/"event":"task_finished","task":"session_clean_up","outcome":"succeeded"/, lines);
    expect((await runsOf(client, 'session_clean_up'))[0]).toMatchObject({ trigger: 'by-hand', requestedBy: 'admin' });
    expect((await client.post('/api/v1/tasks/history_sync/run')).status).toBe(409);
    expect((await client.post('/api/v1/tasks/nothing/run')).status).toBe(404);
  });

  it('stop every task when the lock is taken away, and give a higher token to the next', { timeout }, async () => {
    const { holder, standby } = await place.pair();
    const [lines, otherLines] = [holder.stdout.length, standby.stdout.length];
    const old = await place.fence();
    await place.clearLock();
    expect(await tokenOf(holder, 'scheduler_lock_heartbeat_lost', lines)).toBe(old);
    await holder.logged(/"event":"task_finished","task":"history_sync","outcome":"stopped"/, lines);
    const next = await Promise.any([
      tokenOf(holder, 'scheduler_lock_acquired', lines),
      tokenOf(standby, 'scheduler_lock_acquired', otherLines),
    ]);
    expect(next).toBeGreaterThan(old);
  });

  it.each(faultRounds)(
    'take over from a holder that was killed in the middle of a task, and run that once more, %i',
    { timeout },
    async () => {
      const { holder, standby } = await place.pair();
      const lines = standby.stdout.length;
      const old = await place.fence();
      const work = await slowCleanUp(place, old);
      const client = await signedIn(standby);
      const before = await runsOf(client, work.task);
      expect((await client.post(`/api/v1/tasks/${work.task}/run`)).status).toBe(202);
      await expect.poll(() => work.left(), { timeout: 60_000, interval: 10 }).toBeLessThan(work.all);
      holder.kill('SIGKILL');
      const killedAt = performance.now();
      await holder.exit;
      expect(await work.left()).toBeGreaterThan(0);
      expect(holder.stdout.slice(-2_000)).not.toContain(`"event":"task_finished","task":"${work.task}"`);
      const token = await tokenOf(standby, 'scheduler_lock_acquired', lines);
      takeOvers.push(Math.round(performance.now() - killedAt));
      expect(token).toBeGreaterThan(old);
      await standby.logged(new RegExp(`"event":"task_finished","task":"${work.task}"`), lines);
      expect(await work.left()).toBe(0);
      // It has looked at all tasks again once this one is run.
      await client.post('/api/v1/tasks/session_clean_up/run');
      await standby.logged(/"event":"task_finished","task":"session_clean_up"/, lines);
      const runs = (await runsOf(client, work.task)).slice(0, -before.length || undefined);
      expect(runs.map((run) => [run.trigger, run.outcome, run.token])).toEqual([
        ['catch-up', 'succeeded', token],
        ['by-hand', 'interrupted', old],
      ]);
      const { body } = await client.get<TaskList>('/api/v1/tasks');
      expect(body.scheduler).toMatchObject({ state: 'holding', holder: { pid: standby.child.pid, token } });
    },
  );

  it('hand the lock over at once when the holder stops in order', { timeout }, async () => {
    const { holder, standby } = await place.pair();
    const [lines, otherLines] = [holder.stdout.length, standby.stdout.length];
    holder.kill('SIGTERM');
    await holder.logged(/"event":"scheduler_lock_released"/, lines);
    const stopwatch = new Stopwatch();
    await standby.logged(/"event":"scheduler_lock_acquired"/, otherLines);
    // Far sooner than it would have expired.
    expect(stopwatch.stop()).toBeLessThan(shortTimes.ttlMs - 2 * shortTimes.heartbeatMs);
  });
});
