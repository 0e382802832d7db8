import {
  type CallOptions,
  Fail2banOffline,
  Fail2banRefused,
  Fail2banTimeout,
  type JailCounters,
} from '@bangui/fail2ban';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { InstanceBus, NoTransport } from '../../core/instances/index.ts';
import { ClientHealth, Fail2banWork } from '../../core/fail2ban/index.ts';
import { Log } from '../../core/logging/log.ts';
import { Fail2banWatcher } from './fail2ban-watcher.ts';
import { jailsCounted, type JailsCounted, serverChanged, type ServerState } from './server-events.ts';

const figures = (currentlyBanned = 0): JailCounters => ({
  currentlyFailed: 0,
  totalFailed: 0,
  currentlyBanned,
  totalBanned: currentlyBanned,
});

/** A client whose answers the test chooses. */
class GivenClient {
  inFlight: { command: string; startedAt: number; limitMs: number } | undefined;
  jails = new Map([['web', figures()]]);
  failure: Error | undefined;
  limits: number[] = [];
  private listener: (isConnected: boolean) => void = () => undefined;

  onConnectionChange(listener: (isConnected: boolean) => void): () => void {
    this.listener = listener;
    return () => undefined;
  }

  connect(): void {
    this.listener(true);
  }

  counters({ timeoutMs }: CallOptions): Promise<Map<string, JailCounters>> {
    this.limits.push(timeoutMs ?? 0);
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(new Map(this.jails));
  }

  version(): Promise<string> {
    return Promise.resolve('1.0.2');
  }

  ping(): Promise<void> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve();
  }
}

class GivenClock extends Clock {
  time = 1_000_000;
  override now(): number {
    return this.time;
  }
  override monotonic(): number {
    return this.time;
  }
}

describe('Fail2banWatcher', () => {
  let client: GivenClient;
  let clock: GivenClock;
  let watcher: Fail2banWatcher;
  let health: ClientHealth;
  let states: ServerState[];
  let counted: JailsCounted[];

  beforeEach(async () => {
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    const events = new EventBus(log);
    states = [];
    counted = [];
    events.on(serverChanged, (state) => states.push(state));
    events.on(jailsCounted, (change) => counted.push(change));
    client = new GivenClient();
    clock = new GivenClock();
    const settings = Object.assign(new Settings(), { fail2banSocket: '/nosuch/f2b.sock' });
    // The fake has the methods that are used.
    const bus = new InstanceBus(new NoTransport(), log);
    const work = new Fail2banWork(client as never, bus);
    health = new ClientHealth(client as never, work, clock);
    watcher = new Fail2banWatcher(client as never, health, work, settings, clock, events, bus, log);
    client.connect();
  });
  afterEach(() => vi.restoreAllMocks());

  it('tells that fail2ban is there and all of its jails, once', async () => {
    await watcher.refresh();
    await watcher.refresh();
    expect(states).toMatchObject([{ isOnline: true, version: '1.0.2', reason: null, since: 1_000_000 }]);
    expect(counted).toHaveLength(1);
    expect(counted[0]).toMatchObject({ isNewGeneration: true, gone: [] });
  });

  it('tells only the jails that changed, and those that are gone', async () => {
    client.jails.set('ssh', figures());
    await watcher.refresh();
    client.jails.set('web', figures(1));
    client.jails.delete('ssh');
    await watcher.refresh();
    expect([...(counted[1]?.changed.keys() ?? [])]).toEqual(['web']);
    expect(counted[1]?.gone).toEqual(['ssh']);
  });

  it('tells everything again after another connection, because it may be another server', async () => {
    await watcher.refresh();
    client.connect();
    await watcher.refresh();
    expect(counted[1]).toMatchObject({ isNewGeneration: true });
    expect([...(counted[1]?.changed.keys() ?? [])]).toEqual(['web']);
    expect(states).toHaveLength(1);
  });

  it('gives an idle fail2ban three seconds from its last answer on, whenever it is asked', async () => {
    await watcher.refresh();
    await watcher.refresh();
    clock.time += 500;
    await watcher.refresh();
    expect(client.limits).toEqual([2_900, 2_900, 2_400]);
  });

  it('says offline with the reason, once, keeps what it knew, and comes back', async () => {
    await watcher.refresh();
    clock.time += 5_000;
    client.failure = new Fail2banOffline('x', {
      reason: 'ENOENT',
      cause: Object.assign(new Error('x'), { code: 'ENOENT' }),
    });
    await watcher.refresh();
    await watcher.refresh();
    expect(states[1]).toMatchObject({ isOnline: false, since: 1_005_000, version: '1.0.2' });
    expect(states[1]?.reason).toContain('no socket');
    expect(states).toHaveLength(2);
    expect([...watcher.jails.keys()]).toEqual(['web']);
    expect(() => watcher.requireJail('web')).toThrow('no socket');
    client.failure = undefined;
    await watcher.refresh();
    expect(states[2]).toMatchObject({ isOnline: true });
    expect(counted.at(-1)).toMatchObject({ isNewGeneration: true });
  });

  it('stays online while a poll only waits behind a command of ours that is within its limit', async () => {
    await watcher.refresh();
    client.inFlight = { command: 'set web banip', startedAt: performance.now(), limitMs: 60_000 };
    client.failure = new Fail2banTimeout('stats', 2_900, false);
    await watcher.refresh();
    expect(watcher.state.isOnline).toBe(true);
    expect(await health.state()).toEqual({ online: true, latencyMs: null });
    client.inFlight = { command: 'set web banip', startedAt: performance.now() - 61_000, limitMs: 60_000 };
    await watcher.refresh();
    expect(watcher.state.isOnline).toBe(false);
  });

  it('stays online when a poll was sent when its time was as good as over, and asks again', async () => {
    await watcher.refresh();
    client.failure = new Fail2banTimeout('status', 250, true, 3);
    await watcher.refresh();
    expect(watcher.state.isOnline).toBe(true);
    client.failure = new Fail2banTimeout('status', 250, true, 249);
    await watcher.refresh();
    expect(watcher.state).toMatchObject({ isOnline: false, reasonCode: 'no-answer' });
  });

  it('is offline when the poll itself was sent and not answered', async () => {
    await watcher.refresh();
    client.inFlight = { command: 'get web banip', startedAt: performance.now(), limitMs: 60_000 };
    client.failure = new Fail2banTimeout('stats', 2_900, true);
    await watcher.refresh();
    expect(watcher.state.isOnline).toBe(false);
    // What is in flight after a silence proves nothing.
    expect((await health.state()).online).toBe(false);
  });

  it('is offline when another command of ours was not answered', async () => {
    await watcher.refresh();
    watcher.report(new Fail2banTimeout('get web banip', 2_500, true));
    expect(watcher.state.isOnline).toBe(false);
  });

  it('takes a refusal for an answer', async () => {
    await watcher.refresh();
    client.failure = new Fail2banRefused('status web', 'UnknownJailException', 'web');
    await watcher.refresh();
    expect(watcher.state.isOnline).toBe(true);
  });
});
