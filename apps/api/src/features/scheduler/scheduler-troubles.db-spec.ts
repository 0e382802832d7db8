import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiProcess } from '../../../test/api-process.ts';
import { outagesOf, placeKinds, SchedulerPlace, tokenOf } from '../../../test/scheduler-place.ts';
import { SteppedClock } from '../../../test/stepped-clock.ts';

const isLong = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 1) > 10;
/** How long the lock's store is out of reach; ten seconds by `make torture`. */
const outageMs = isLong ? 10_000 : 3_000;
const times = isLong ? { heartbeatMs: 1_000, ttlMs: 24_000 } : { heartbeatMs: 500, ttlMs: 9_000 };
const hourMs = 3_600_000;
const timeout = isLong ? 300_000 : 90_000;

/** What was logged about the lock, and `task_finished` when the task that never ends by itself did. */
function eventsOf(api: ApiProcess, from: number): string[] {
  return [
    ...api.stdout.slice(from).matchAll(/"event":"(?:(scheduler_[a-z_]+)"|(task_finished)","task":"history_sync")/g),
  ].map(([, event, finished]) => event ?? finished ?? '');
}

/** Resolves once the process has renewed its lock so many more times. */
async function beats(api: ApiProcess, count: number): Promise<void> {
  for (let beat = 0; beat < count; beat += 1) {
    await api.logged(/"event":"scheduler_lock_heartbeat_updated"/, api.stdout.length);
  }
}

/** How far the wall clock of a process is from ours, as its answers tell. */
async function hoursWrong(api: ApiProcess): Promise<number> {
  const { headers } = await fetch(`${await api.url()}/api/health/live`);
  return (Date.parse(headers.get('Date') ?? '') - Date.now()) / hourMs;
}

// The pair is the same for all cases. The one that stands by at first has a clock of its own.
describe.each(placeKinds)('the scheduler lock in %s', (kind) => {
  let place: SchedulerPlace;
  let clock: SteppedClock;
  let wrong: ApiProcess;
  let right: ApiProcess;
  beforeAll(async () => {
    clock = await SteppedClock.make();
    place = await SchedulerPlace.make(kind, times);
    right = await place.startHolder('standby');
    wrong = await place.startStandby(clock);
  });
  afterAll(async () => {
    await place.remove();
    await clock.remove();
  });

  /** Does something, lets the heart beat on, and expects that nobody lost or got the lock and no task was stopped. */
  async function changesNothing(holder: ApiProcess, work: () => Promise<void>): Promise<void> {
    const standby = holder === right ? wrong : right;
    const [lines, otherLines] = [holder.stdout.length, standby.stdout.length];
    const token = await place.fence();
    await work();
    await beats(holder, 3);
    for (const event of ['scheduler_lock_heartbeat_lost', 'scheduler_lock_acquired', 'task_finished']) {
      expect(eventsOf(holder, lines)).not.toContain(event);
      expect(eventsOf(standby, otherLines)).not.toContain(event);
    }
    expect(await place.fence()).toBe(token);
  }

  it.each(outagesOf(kind))(
    'stays with its holder, whose tasks go on, while what keeps it %s',
    { timeout },
    async (how) => {
      await right.logged(/"event":"task_started","task":"history_sync"/);
      await beats(right, 1);
      await changesNothing(right, async () => {
        const end = await place.outage(how);
        const beganAt = performance.now();
        const lines = right.stdout.length;
        await expect
          .poll(() => performance.now() - beganAt, { timeout: 2 * outageMs, interval: 50 })
          .toBeGreaterThan(outageMs);
        // On a busy machine it takes longer until the first heartbeat is given up.
        await right.logged(/"event":"scheduler_lock_heartbeat_(failed|timeout)"/, lines);
        const seen = eventsOf(right, lines);
        await end();
        const isTrouble = (event: string): boolean => /^scheduler_lock_heartbeat_(failed|timeout)$/.test(event);
        const trouble = seen.filter(isTrouble);
        // What comes before the first of them was renewed before the outage, and told late.
        expect(seen.slice(seen.findIndex(isTrouble))).not.toContain('scheduler_lock_heartbeat_updated');
        console.log(`lock in ${kind} ${how} for ${outageMs} ms: ${trouble.length} heartbeats failed, none lost`);
      });
    },
  );

  async function steps(holder: ApiProcess): Promise<void> {
    for (const ms of [hourMs, -hourMs]) {
      await changesNothing(holder, async () => {
        await clock.step(ms);
        await expect.poll(() => hoursWrong(wrong), { timeout: 30_000 }).toBeCloseTo(ms / hourMs, 1);
      });
    }
  }

  it(
    'does not care for a wall clock that is an hour wrong and steps, of the standby or of the holder',
    { timeout },
    async () => {
      await steps(right);
      // Nor does a wrong clock put off the next holder, or make it one too early.
      const [lines, otherLines] = [right.stdout.length, wrong.stdout.length];
      const old = await place.fence();
      await beats(right, 1);
      right.kill('SIGSTOP');
      const stoppedAt = performance.now();
      expect(await tokenOf(wrong, 'scheduler_lock_acquired', otherLines)).toBeGreaterThan(old);
      const tookMs = performance.now() - stoppedAt;
      expect(tookMs).toBeGreaterThan(times.ttlMs - 2 * times.heartbeatMs);
      expect(tookMs).toBeLessThan(2 * times.ttlMs);
      right.kill('SIGCONT');
      await right.logged(/"event":"scheduler_standby"/, lines);
      await steps(wrong);
    },
  );
});
