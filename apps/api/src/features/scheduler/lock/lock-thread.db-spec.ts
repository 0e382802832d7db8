import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { databaseKinds, emptyDatabase } from '../../../../test/test-database.ts';
import { entities } from '../../../app.module.ts';
import { openDatabase } from '../../../core/database/open-database.ts';
import { type LockReport } from './lock-keeper.ts';
import { LockThread } from './lock-thread.ts';
import { ownIdentity } from './process-identity.ts';

/** How long the event loop is loaded; a minute by `make torture`. */
const loadMs = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 60_000 : 5_000;
const intervalMs = 200;

describe.each(databaseKinds)('the heart in its thread on %s', (kind) => {
  it(
    'misses no beat while the event loop of the process is loaded to 90 percent',
    { timeout: loadMs + 60_000 },
    async () => {
      const empty = await emptyDatabase(kind);
      const database = await openDatabase(empty, entities);
      const reports: LockReport[] = [];
      const thread = new LockThread(
        {
          own: ownIdentity(),
          ttlMs: intervalMs * 12,
          limitMs: intervalMs * 3,
          intervalMs,
          isCandidate: true,
          sqlitePath: empty.databasePath,
          postgresUrl: empty.databaseUrl,
          redisUrl: undefined,
        },
        (report) => reports.push(report),
      );
      await expect.poll(() => reports[0]?.kind, { timeout: 10_000 }).toBe('acquired');
      const end = performance.now() + loadMs;
      while (performance.now() < end) {
        const busyUntil = performance.now() + 90;
        while (performance.now() < busyUntil);
        const restUntil = performance.now() + 10;
        while (performance.now() < restUntil) await nextTurn();
      }
      await thread.release();
      await thread.end();
      await database.close();
      await empty.remove();
      // Nothing but heartbeats that came, and as many as fit into the time, save those that a busy machine delayed.
      expect(new Set(reports.slice(1).map((report) => report.kind))).toEqual(new Set(['updated']));
      expect(reports.length - 1).toBeGreaterThan((loadMs / intervalMs) * 0.5);
    },
  );
});
