import { type BanInForce, Fail2banTimeout, type JailCounters } from '@bangui/fail2ban';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { jailsCounted, serverChanged, ServerZone } from '../server/index.ts';
import { bansChanged, BansSnapshot } from './bans-snapshot.ts';
import { BansWatcher } from './bans-watcher.ts';
import { type ToldChange } from './told-bans.ts';

const banOf = (address: string): BanInForce => ({ address, bannedAt: 1_700_000_000, duration: -1, expiresAt: null });

/** fail2ban as far as reading bans goes. */
class GivenFail2ban {
  bans = new Map<string, string[]>();
  reads: string[] = [];
  limits: (number | undefined)[] = [];
  /** Milliseconds that reading a list takes. */
  tookMs = 0;
  failure: Error | undefined;

  async bansWithTimes(jail: string, { timeoutMs }: { timeoutMs?: number } = {}): Promise<BanInForce[]> {
    this.reads.push(jail);
    this.limits.push(timeoutMs);
    if (this.tookMs > 0) await new Promise((resolve) => setTimeout(resolve, this.tookMs));
    if (this.failure) throw this.failure;
    return (this.bans.get(jail) ?? []).map(banOf);
  }
}

class GivenServer {
  state = { isOnline: true };
  jails = new Map<string, JailCounters>();
  reported: unknown[] = [];
  report(error: unknown): void {
    this.reported.push(error);
  }
}

describe('BansWatcher', () => {
  let fail2ban: GivenFail2ban;
  let server: GivenServer;
  let snapshot: BansSnapshot;
  let watcher: BansWatcher;
  let events: EventBus;
  let told: { added: string[]; removed: string[] }[];

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    events = new EventBus(await Log.open({ level: 'error', format: 'json', write: () => undefined }));
    fail2ban = new GivenFail2ban();
    server = new GivenServer();
    snapshot = new BansSnapshot(events);
    told = [];
    events.on(bansChanged, ({ added, removed }) =>
      told.push({ added: added.map(({ address }) => address), removed: removed.map(({ address }) => address) }),
    );
    // The fakes have the members that are used.
    watcher = new BansWatcher(fail2ban as never, server as never, snapshot, new Clock(), events, new ServerZone());
    watcher.onModuleInit();
  });
  afterEach(async () => {
    const stopped = watcher.beforeApplicationShutdown();
    await pass(10_000);
    await stopped;
    vi.useRealTimers();
  });

  /** fail2ban has these bans now, and a poll sees its counters. */
  async function counted(
    jail: string,
    addresses: string[],
    totalBanned: number,
    isNewGeneration = false,
  ): Promise<void> {
    fail2ban.bans.set(jail, addresses);
    const figures = { currentlyFailed: 0, totalFailed: 0, currentlyBanned: addresses.length, totalBanned };
    server.jails.set(jail, figures);
    events.emit(jailsCounted, { generation: 1, isNewGeneration, changed: new Map([[jail, figures]]), gone: [] });
    await pass(0);
  }

  /** Lets time pass in small steps, and the work that it starts end. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 100) {
      await vi.advanceTimersByTimeAsync(Math.min(left, 100));
      // The snapshot lets the event loop turn, which is not part of the chosen time.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('reads a list when its figures change, and not when only failures do', async () => {
    await counted('web', ['192.0.2.1'], 1);
    await counted('web', ['192.0.2.1'], 1);
    expect(fail2ban.reads).toEqual(['web']);
    await counted('web', ['192.0.2.2'], 2);
    expect(told).toEqual([
      { added: ['192.0.2.1'], removed: [] },
      { added: ['192.0.2.2'], removed: ['192.0.2.1'] },
    ]);
  });

  it('reads a list again after a minute, whatever the figures say', async () => {
    await counted('web', ['192.0.2.1'], 1);
    fail2ban.bans.set('web', ['192.0.2.9']);
    await pass(59_000);
    expect(fail2ban.reads).toHaveLength(1);
    await pass(1_500);
    expect(fail2ban.reads).toHaveLength(2);
    expect(snapshot.newestFirst()).toMatchObject([{ address: '192.0.2.9' }]);
  });

  it('rests ten times as long as reading took, half a minute at most', async () => {
    fail2ban.tookMs = 200;
    await counted('web', ['192.0.2.1'], 1);
    await pass(200);
    await counted('web', ['192.0.2.1', '192.0.2.2'], 2);
    await pass(1_900);
    expect(fail2ban.reads).toHaveLength(1);
    await pass(400);
    expect(fail2ban.reads).toHaveLength(2);
    fail2ban.tookMs = 8_000;
    await pass(2_000);
    await counted('web', ['192.0.2.1'], 3);
    await pass(8_000);
    await counted('web', [], 4);
    await pass(29_000);
    expect(fail2ban.reads).toHaveLength(3);
    await pass(1_500);
    expect(fail2ban.reads).toHaveLength(4);
  });

  it('reads at once for somebody who waits, resting or not', async () => {
    fail2ban.tookMs = 1_000;
    await counted('web', [], 0);
    await pass(1_000);
    fail2ban.bans.set('web', ['192.0.2.1']);
    const refreshed = watcher.refresh(['web']);
    await vi.advanceTimersByTimeAsync(1_000);
    await refreshed;
    expect(snapshot.newestFirst()).toHaveLength(1);
  });

  it('takes bans that a restarted server has not restored yet for still in force, and ends them later if they stay away', async () => {
    await counted('web', ['192.0.2.1', '192.0.2.2'], 2, true);
    await pass(10_000);
    await counted('web', [], 0, true);
    await pass(1_000);
    await counted('web', ['192.0.2.2'], 1);
    await pass(4_000);
    expect(told).toHaveLength(1);
    await pass(6_000);
    expect(told[1]).toEqual({ added: [], removed: ['192.0.2.1'] });
  });

  it('ends the bans of a jail that was stopped, at once', async () => {
    await counted('web', ['192.0.2.1'], 1);
    server.jails.delete('web');
    events.emit(jailsCounted, { generation: 1, isNewGeneration: false, changed: new Map(), gone: ['web'] });
    await pass(1);
    await pass(1);
    expect(told[1]).toEqual({ added: [], removed: ['192.0.2.1'] });
  });

  it('keeps the bans of a jail that a restarted server loads a moment later', async () => {
    await counted('web', ['192.0.2.1'], 1);
    server.jails.delete('web');
    events.emit(jailsCounted, { generation: 2, isNewGeneration: true, changed: new Map(), gone: ['web'] });
    await pass(1_000);
    await counted('web', ['192.0.2.1'], 1);
    await pass(20_000);
    expect(told).toHaveLength(1);
  });

  it('keeps a ban that is told of a jail which appears a moment later, and forgets one of a jail that does not', async () => {
    const at = Date.now();
    const begun = (jail: string): ToldChange => ({
      name: 'ban',
      data: { jail, address: '192.0.2.1', at, bannedAt: at - 100, duration: -1, expiresAt: null },
    });
    await watcher.learn([begun('web'), begun('gone')]);
    expect(snapshot.newestFirst().map(({ jail }) => jail)).toEqual(['gone', 'web']);
    await counted('web', ['192.0.2.1'], 1);
    await pass(6_000);
    expect(snapshot.newestFirst().map(({ jail }) => jail)).toEqual(['web']);
  });

  it('reports silence, tries again, and reads nothing while fail2ban is offline', async () => {
    fail2ban.failure = new Fail2banTimeout('get web banip', 2_500, true);
    await counted('web', ['192.0.2.1'], 1);
    expect(server.reported).toHaveLength(1);
    server.state.isOnline = false;
    await pass(10_000);
    const reads = fail2ban.reads.length;
    await pass(60_000);
    expect(fail2ban.reads).toHaveLength(reads);
    fail2ban.failure = undefined;
    server.state.isOnline = true;
    events.emit(serverChanged, {
      isOnline: true,
      since: 0,
      version: '1',
      startedAt: null,
      reason: null,
      reasonCode: null,
      reasonParams: null,
    });
    await pass(1);
    expect(snapshot.newestFirst()).toHaveLength(1);
  });

  it('gives a long list the time it needs, and a short one only the time in which silence must be noticed', async () => {
    await counted('web', ['192.0.2.1'], 1);
    server.jails.set('big', { currentlyFailed: 0, totalFailed: 0, currentlyBanned: 100_000, totalBanned: 100_000 });
    await watcher.refresh(['big']);
    expect(fail2ban.limits[0]).toBeLessThan(3_000);
    expect(fail2ban.limits[1]).toBeGreaterThan(5_000);
  });
});
