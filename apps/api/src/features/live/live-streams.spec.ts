import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { type Requester } from '../../core/http/requester.ts';
import { InstanceBus, NoTransport } from '../../core/instances/index.ts';
import { Lifecycle } from '../../core/lifecycle/lifecycle.ts';
import { Log } from '../../core/logging/log.ts';
import { EventRing } from './event-ring.ts';
import { LiveStreams, TooManyStreams } from './live-streams.ts';

class GivenResponse extends EventEmitter {
  text = '';
  writableLength = 0;
  hasEnded = false;
  isDestroyed = false;
  setHeader(): void {
    // Not looked at here.
  }
  writeHead(): void {
    // Not looked at here.
  }
  write(text: string): void {
    this.text += text;
  }
  end(text: string): void {
    this.text += text;
    this.hasEnded = true;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
}

describe('LiveStreams', () => {
  let streams: LiveStreams;
  let lifecycle: Lifecycle;
  let expiresAt: number | undefined;
  let subscribers: Set<(frame: string) => void>;

  beforeEach(async () => {
    vi.useFakeTimers();
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    lifecycle = new Lifecycle(log);
    subscribers = new Set();
    const feed = {
      ring: new EventRing('run'),
      currentServer: () => ({}),
      currentJails: () => ({}),
      subscribe: (subscriber: (frame: string) => void) => {
        subscribers.add(subscriber);
        return () => subscribers.delete(subscriber);
      },
    };
    expiresAt = Date.now() + 60_000;
    const sessions = { expiryOf: () => Promise.resolve(expiresAt) };
    // The fakes have the members that are used.
    const bus = new InstanceBus(new NoTransport(), log);
    streams = new LiveStreams(feed as never, sessions as never, lifecycle, new EventBus(log), bus, new Clock(), log);
    streams.onModuleInit();
  });
  afterEach(() => {
    streams.onModuleDestroy();
    vi.useRealTimers();
  });

  function open(sessionId = 'one'): GivenResponse {
    const raw = new GivenResponse();
    const reply = { raw, hijack: () => undefined, getHeaders: () => ({}) };
    streams.open(reply as never, { sessionId } as Requester, undefined);
    return raw;
  }

  it('ends a stream when its session expires, and not before', async () => {
    const response = open();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(response.hasEnded).toBe(false);
    expiresAt = undefined;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(response.text).toContain('event: session-ended');
    expect(response.hasEnded).toBe(true);
    expect(subscribers.size).toBe(0);
  });

  it('goes on while the session is used', async () => {
    const response = open();
    for (let minute = 0; minute < 10; minute += 1) {
      expiresAt = Date.now() + 90_000;
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(response.hasEnded).toBe(false);
  });

  it('sends a comment every 15 seconds', async () => {
    const response = open();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(response.text.split('\n').filter((line) => line === ':')).toHaveLength(3);
  });

  it('drops a client that does not read, telling it to read everything again', () => {
    const response = open();
    const other = open('two');
    response.writableLength = 1024 * 1024 + 1;
    for (const subscriber of [...subscribers]) subscriber('event: ban\ndata: {}\n\n');
    expect(response.text.endsWith('event: resync\ndata: {}\n\n')).toBe(true);
    expect(response.hasEnded).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(response.isDestroyed).toBe(true);
    expect(other.hasEnded).toBe(false);
  });

  it('ends all streams when BanGUI is about to stop', async () => {
    const responses = [open(), open('two')];
    await lifecycle.beginStop();
    expect(responses.map(({ hasEnded }) => hasEnded)).toEqual([true, true]);
  });

  it('refuses a ninth stream of a session and a 65th of all', () => {
    const first = open();
    for (let count = 1; count < 8; count += 1) open();
    expect(() => open()).toThrow(TooManyStreams);
    first.emit('close');
    open();
    for (let session = 0; session < 56; session += 1) open(`session-${session}`);
    expect(() => open('another')).toThrow(TooManyStreams);
  });
});
