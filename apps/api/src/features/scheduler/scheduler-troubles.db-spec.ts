import { afterEach, describe, expect, it } from 'vitest';
import { type ApiProcess } from '../../../test/api-process.ts';
import { outagesOf, placeKinds, SchedulerPlace, shortTimes, tokenOf } from '../../../test/scheduler-place.ts';
import { SteppedClock } from '../../../test/stepped-clock.ts';

const isLong = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 1) > 10;
/** How long the lock's store is out of reach; ten seconds by `make torture`. */
const outageMs = isLong ? 10_000 : 3_000;
const outageTimes = isLong ? { heartbeatMs: 1_000, ttlMs: 24_000 } : { heartbeatMs: 500, ttlMs: 8_000 };
const hourMs = 3_600_000;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function placeOf(...options: Parameters<typeof SchedulerPlace.make>): Promise<SchedulerPlace> {
  const place = await SchedulerPlace.make(...options);
  cleanUps.push(() => place.remove());
  return place;
}

async function clock(): Promise<SteppedClock> {
  const made = await SteppedClock.make();
  cleanUps.push(() => made.remove());
  return made;
}

function eventsOf(api: ApiProcess, from: number): string[] {
  return [...api.stdout.slice(from).matchAll(/"event":"(scheduler_[a-z_]+|task_finished)"/g)].map(
    ([, event]) => event ?? '',
  );
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

describe.each(placeKinds)('the scheduler lock in %s', (kind) => {
  it.each(outagesOf(kind))(
    'stays with its holder, whose tasks go on, while what keeps it %s',
    { timeout: 120_000 },
    async (how) => {
      const place = await placeOf(kind, outageTimes);
      const { holder, standby } = await place.pair();
      await holder.logged(/"event":"task_started","task":"history_sync"/);
      const old = await tokenOf(holder, 'scheduler_lock_acquired');
      await beats(holder, 1);
      const [lines, otherLines] = [holder.stdout.length, standby.stdout.length];
      const end = await place.outage(how);
      const beganAt = performance.now();
      await expect
        .poll(() => performance.now() - beganAt, { timeout: 2 * outageMs, interval: 50 })
        .toBeGreaterThan(outageMs);
      const seen = eventsOf(holder, lines);
      await end();
      await beats(holder, 3);
      const trouble = seen.filter((event) => /^scheduler_lock_heartbeat_(failed|timeout)$/.test(event));
      expect(trouble.length, `in ${outageMs} ms: ${seen.join()}`).toBeGreaterThanOrEqual(1);
      console.log(`lock in ${kind} ${how} for ${outageMs} ms: ${trouble.length} heartbeats failed, none lost`);
      // Whatever was renewed at the first moment of the outage counts as before it.
      expect(seen.slice(1)).not.toContain('scheduler_lock_heartbeat_updated');
      for (const event of ['scheduler_lock_heartbeat_lost', 'scheduler_lock_acquired', 'task_finished']) {
        expect(eventsOf(holder, lines)).not.toContain(event);
        expect(eventsOf(standby, otherLines)).not.toContain(event);
      }
      expect(await place.fence()).toBe(old);
    },
  );

  it.each(['holder', 'standby'] as const)(
    'does not care for a wall clock of the %s that is an hour wrong and steps',
    { timeout: 120_000 },
    async (who) => {
      const place = await placeOf(kind, shortTimes);
      const wrong = await clock();
      const holder = await place.startHolder('standby', who === 'holder' ? wrong : undefined);
      const standby = await place.startStandby(who === 'standby' ? wrong : undefined);
      const token = await tokenOf(holder, 'scheduler_lock_acquired');
      const [lines, otherLines] = [holder.stdout.length, standby.stdout.length];
      const stepped = who === 'holder' ? holder : standby;
      for (const ms of [hourMs, -hourMs]) {
        await wrong.step(ms);
        await expect.poll(() => hoursWrong(stepped), { timeout: 30_000 }).toBeCloseTo(ms / hourMs, 1);
        // Each of them is followed by at least one attempt of the other to take the lock.
        await beats(holder, 4);
      }
      for (const event of ['scheduler_lock_heartbeat_lost', 'scheduler_lock_acquired', 'task_finished']) {
        expect(eventsOf(holder, lines)).not.toContain(event);
        expect(eventsOf(standby, otherLines)).not.toContain(event);
      }
      expect(await place.fence()).toBe(token);
      // Nor does a wrong clock put off the next holder.
      holder.kill('SIGSTOP');
      const stoppedAt = performance.now();
      expect(await tokenOf(standby, 'scheduler_lock_acquired', otherLines)).toBeGreaterThan(token);
      expect(performance.now() - stoppedAt).toBeLessThan(3 * shortTimes.ttlMs);
    },
  );
});
