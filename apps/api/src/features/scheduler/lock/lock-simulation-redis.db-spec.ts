import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer } from '../../../../test/redis-server.ts';
import { Scheduler1764000000000 } from '../../../core/database/migrations/1764000000000-scheduler.ts';
import { holderAgain, neverTwoWriters, World } from './testing/simulated-world.ts';
import { simulationDatabase, type SimulationDatabase } from './testing/simulation-database.ts';
import { simulationRedis, type SimulationRedis } from './testing/simulation-redis.ts';

const runs = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 1_000 : 100;

describe('the scheduler lock of a real Redis in a simulated world', () => {
  let redis: RedisServer;
  let database: SimulationDatabase;
  let store: SimulationRedis;
  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await simulationDatabase(Scheduler1764000000000);
    store = await simulationRedis(redis.url, database);
  });
  afterAll(async () => {
    await store.close();
    database.close();
    await redis.stop();
  });

  it('never lets two instances write, whatever happens in whatever order', { timeout: 900_000 }, async () => {
    await neverTwoWriters(store, runs);
  });

  it('has a holder again within the time to live and one interval after a crash', { timeout: 900_000 }, async () => {
    await holderAgain(store, runs, { hasClock: true });
  });

  it('expires by the clock of Redis when the time to live is over, and not before', async () => {
    await store.reset();
    const world = new World(store);
    await world.wait(1);
    const holder = world.crew.findIndex(({ believed }) => believed !== undefined);
    await world.take({ kind: 'crash', who: holder });
    await world.wait(55_000);
    expect(world.given).toEqual([1]);
    await world.wait(10_000);
    expect(world.given).toEqual([1, 2]);
  });
});
