import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scheduler1764000000000 } from '../../../core/database/migrations/1764000000000-scheduler.ts';
import { holderAgain, neverTwoWriters, World } from './testing/simulated-world.ts';
import { simulationDatabase, type SimulationDatabase } from './testing/simulation-database.ts';

const runs = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 10_000 : 1_500;

describe('the scheduler lock in a simulated world', () => {
  let database: SimulationDatabase;
  beforeEach(async () => {
    database = await simulationDatabase(Scheduler1764000000000);
  });
  afterEach(() => database.close());

  it('never lets two instances write, whatever happens in whatever order', { timeout: 600_000 }, async () => {
    await neverTwoWriters(database, runs);
  });

  it('has a holder again within the time to live and one interval after a crash', { timeout: 600_000 }, async () => {
    await holderAgain(database, runs, { hasClock: false });
  });

  it('keeps the holder through steps of the wall clock', async () => {
    await database.reset();
    const world = new World(database);
    await world.wait(1);
    const holder = world.crew.findIndex(({ believed }) => believed !== undefined);
    for (const ms of [3_600_000, -7_200_000, 3_600_000]) {
      database.stepClock(ms);
      await world.wait(30_000);
    }
    expect(world.given).toHaveLength(1);
    expect(await world.write(holder)).toBe(true);
  });

  it('is free at once after a reboot, although less time has passed since then than before', async () => {
    await database.reset();
    const world = new World(database);
    await world.wait(1);
    await world.take({ kind: 'reboot' });
    await world.wait(1);
    expect(world.given).toEqual([1, 2]);
  });
});
