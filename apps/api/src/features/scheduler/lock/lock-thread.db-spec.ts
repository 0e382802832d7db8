import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisServer } from '../../../../test/redis-server.ts';
import { placeKinds, type PlaceKind } from '../../../../test/scheduler-place.ts';
import { Stalls } from '../../../../test/stalls.ts';
import { emptyDatabase } from '../../../../test/test-database.ts';
import { entities } from '../../../app.module.ts';
import { openDatabase } from '../../../core/database/open-database.ts';
import { type LockReport } from './lock-keeper.ts';
import { LockThread } from './lock-thread.ts';
import { ownIdentity } from '../../../core/instances/process-identity.ts';

/** How long the event loop is loaded; a minute by `make torture`. */
const loadMs = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 60_000 : 6_000;
const intervalMs = 1_000;
/** The event loop turns once after so many milliseconds of work. */
const busyMs = 90;
const load = 0.91;

/** A heart with the times at which its reports were heard, which is up to {@link busyMs} after they were made. */
interface Heart {
  readonly kind: PlaceKind;
  readonly thread: LockThread;
  readonly reports: { readonly report: LockReport; readonly at: number }[];
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function heartOn(kind: PlaceKind): Promise<Heart> {
  const redis = kind === 'redis' ? await RedisServer.start() : undefined;
  if (redis) cleanUps.push(() => redis.stop());
  const empty = await emptyDatabase(kind === 'postgres' ? 'postgres' : 'sqlite');
  cleanUps.push(() => empty.remove());
  const database = await openDatabase(empty, entities);
  cleanUps.push(() => database.close());
  const reports: Heart['reports'] = [];
  const thread = new LockThread(
    {
      own: ownIdentity(),
      ttlMs: intervalMs * 12,
      limitMs: intervalMs * 3,
      intervalMs,
      isCandidate: true,
      sqlitePath: empty.databasePath,
      postgresUrl: empty.databaseUrl,
      redisUrl: redis?.url,
    },
    (report) => reports.push({ report, at: performance.now() }),
  );
  cleanUps.push(() => thread.end());
  // What keeps the lock may be too busy for the first attempt.
  await expect.poll(() => reports.at(-1)?.report.kind, { timeout: 60_000 }).toMatch(/acquired|updated/);
  reports.length = 0;
  return { kind, thread, reports };
}

/** Keeps the event loop busy for {@link loadMs}; resolves to the part of the time it was. */
async function keepBusy(): Promise<number> {
  const begin = performance.now();
  let busy = 0;
  // Until then, and on to the end of a moment in which a busy machine did not let it work.
  while (performance.now() - begin < loadMs || busy / (performance.now() - begin) < 0.9) {
    const from = performance.now();
    while (performance.now() - from < busyMs);
    busy += performance.now() - from;
    do await nextTurn();
    while (busy / (performance.now() - begin) > load);
  }
  return busy / (performance.now() - begin);
}

describe('the heart in its thread', () => {
  it(
    'misses no beat in SQLite, PostgreSQL or Redis while the event loop of the process is loaded to 90 percent',
    { timeout: loadMs + 60_000 },
    async () => {
      const hearts = await Promise.all(placeKinds.map(heartOn));
      await using stalls = await Stalls.watch();
      const begin = performance.now();
      const share = await keepBusy();
      const end = performance.now();
      const stalledMs = stalls.totalMs;
      expect(share).toBeGreaterThanOrEqual(0.9);
      for (const { kind, reports } of hearts) {
        // Whatever is no heartbeat is a failure, a time-out or a loss.
        expect(reports.filter(({ report }) => report.kind !== 'updated')).toEqual([]);
        const beats = reports.map(({ at }) => at).filter((at) => at >= begin && at <= end);
        const gaps = [...beats, end].map((at, index) => at - (beats[index - 1] ?? begin));
        const longest = Math.max(...gaps);
        console.log(
          `load ${Math.round(share * 100)} %, ${kind}: ${beats.length} beats in ${Math.round(end - begin)} ms, longest gap ${Math.round(longest)} ms`,
        );
        // One that was left out would make a gap of two intervals.
        expect(longest, `longest gap in ${kind}`).toBeLessThan(2 * intervalMs + stalledMs);
        const possible = Math.floor((end - begin - stalledMs) / intervalMs);
        expect(beats.length).toBeGreaterThanOrEqual(possible - 1 - loadMs / 30_000);
      }
    },
  );
});
