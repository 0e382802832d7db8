import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InstanceBus } from '../instances/index.ts';
import { LinkedTransport } from '../instances/testing/linked-transport.ts';
import { Log } from '../logging/log.ts';
import { Fail2banWork } from './fail2ban-work.ts';

describe('Fail2banWork of two instances', () => {
  let link: Set<LinkedTransport>;
  let stops: (() => unknown)[];
  beforeEach(() => {
    vi.useFakeTimers();
    link = new Set();
    stops = [];
  });
  afterEach(async () => {
    for (const stop of stops) await stop();
    vi.useRealTimers();
  });

  async function instance() {
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    const transport = new LinkedTransport(link);
    const bus = new InstanceBus(transport, log);
    const client = { inFlight: undefined as { startedAt: number; limitMs: number } | undefined };
    // The fake has the member that is used.
    const work = new Fail2banWork(client as never, bus);
    work.onModuleInit();
    bus.onApplicationBootstrap();
    stops.push(
      () => work.beforeApplicationShutdown(),
      () => bus.onApplicationShutdown(),
    );
    return { client, work, transport };
  }

  it('knows of a long command of the other one while it is within its limit, and soon when it has ended', async () => {
    const [a, b] = [await instance(), await instance()];
    a.client.inFlight = { startedAt: performance.now(), limitMs: 20_000 };
    await vi.advanceTimersByTimeAsync(600);
    for (let second = 0; second < 15; second += 1) {
      expect([a.work.isOurs, a.work.isOfOthers, b.work.isOurs, b.work.isOfOthers]).toEqual([true, false, false, true]);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    a.client.inFlight = undefined;
    await vi.advanceTimersByTimeAsync(1_500);
    expect([a.work.isOurs, b.work.isOfOthers]).toEqual([false, false]);
  });

  it('does not take a command for work beyond its limit, here or there', async () => {
    const [a, b] = [await instance(), await instance()];
    a.client.inFlight = { startedAt: performance.now(), limitMs: 5_000 };
    await vi.advanceTimersByTimeAsync(5_001);
    expect([a.work.isOurs, b.work.isOfOthers]).toEqual([false, false]);
  });

  it('does not take the waiting of the other one for work, or both would wait for a hung server for ever', async () => {
    const [a, b] = [await instance(), await instance()];
    a.client.inFlight = { startedAt: performance.now(), limitMs: 2_900 };
    await vi.advanceTimersByTimeAsync(2_000);
    expect(b.work.isOfOthers).toBe(false);
  });

  it('believes nobody for longer than a second and a half', async () => {
    const { work, transport } = await instance();
    transport.deliver('{"from":"x","topic":"fail2ban-work","payload":{"leftMs":1e300}}');
    expect(work.isOfOthers).toBe(true);
    await vi.advanceTimersByTimeAsync(1_501);
    expect(work.isOfOthers).toBe(false);
    transport.deliver('{"from":"x","topic":"fail2ban-work","payload":{"leftMs":"5"}}');
    expect(work.isOfOthers).toBe(false);
  });
});
