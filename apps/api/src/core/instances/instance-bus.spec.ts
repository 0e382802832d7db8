import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Log } from '../logging/log.ts';
import { InstanceBus } from './instance-bus.ts';
import { maxMessageBytes } from './instance-message.ts';
import { defineTopic, membersOf } from './topic.ts';
import { LinkedTransport } from './testing/linked-transport.ts';

const counted = defineTopic<{ readonly count: number; readonly text: string }>('counted', (payload) => {
  const { count, text } = membersOf(payload);
  return typeof count === 'number' && typeof text === 'string' ? { count, text } : undefined;
});

describe('InstanceBus', () => {
  let log: Log;
  let link: Set<LinkedTransport>;
  let lines: string[];
  const buses: InstanceBus[] = [];

  beforeEach(async () => {
    vi.useFakeTimers();
    lines = [];
    link = new Set();
    log = await Log.open({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
  });
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.onApplicationShutdown();
    vi.useRealTimers();
  });

  async function instance() {
    const transport = new LinkedTransport(link);
    const bus = new InstanceBus(transport, log);
    const taken: { count: number; text: string }[] = [];
    const again = vi.fn<() => void>();
    bus.on(counted, { take: (payload) => taken.push(payload), readAgain: again });
    bus.onApplicationBootstrap();
    buses.push(bus);
    // What was said before it came may be lost.
    await vi.advanceTimersByTimeAsync(100);
    expect(again).toHaveBeenCalledTimes(1);
    again.mockClear();
    return { transport, bus, taken, again };
  }

  it('tells the others and never the one who speaks', async () => {
    const [a, b, c] = [await instance(), await instance(), await instance()];
    a.bus.publish(counted, { count: 1, text: 'x\u0000\ud800' });
    await vi.advanceTimersByTimeAsync(0);
    expect([a.taken, b.taken, c.taken]).toEqual([
      [],
      [{ count: 1, text: 'x\u0000\ud800' }],
      [{ count: 1, text: 'x\u0000\ud800' }],
    ]);
  });

  it('makes of a payload that is too big the request to read again', async () => {
    const [a, b] = [await instance(), await instance()];
    a.bus.publish(counted, { count: 1, text: '\u{1f600}'.repeat(2_000) });
    await vi.advanceTimersByTimeAsync(100);
    expect(b.taken).toEqual([]);
    expect(b.again).toHaveBeenCalledTimes(1);
    for (const text of a.transport.sent) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxMessageBytes);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"from":1,"topic":"counted","payload":{}}',
    '{"from":"x","topic":"counted","payload":{"count":"1","text":"x"}}',
    '{"from":"x","topic":"counted","payload":null}',
    '{"from":"x","topic":"nosuch","payload":{}}',
    '{"from":"x","topic":"__proto__","payload":{}}',
    `{"from":"x","topic":"counted","payload":{"count":1,"text":"${'x'.repeat(maxMessageBytes)}"}}`,
    '{"from":"x"',
  ])('takes nothing of what is no message of ours: %.60s', async (text) => {
    const { transport, taken, again, bus } = await instance();
    transport.deliver(text);
    await vi.advanceTimersByTimeAsync(100);
    expect(taken).toEqual([]);
    expect(again).not.toHaveBeenCalled();
    // It goes on.
    transport.deliver('{"from":"x","topic":"counted","payload":{"count":1,"text":"x"}}');
    expect(taken).toEqual([{ count: 1, text: 'x' }]);
    expect(bus.isConnected).toBe(true);
  });

  it('lets others read again what it could not send, as soon as it can', async () => {
    const [a, b] = [await instance(), await instance()];
    a.transport.cut();
    expect(a.bus.isConnected).toBe(false);
    a.bus.publish(counted, { count: 1, text: '' });
    a.bus.publish(counted, { count: 2, text: '' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(b.again).not.toHaveBeenCalled();
    a.transport.mend();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(b.taken).toEqual([]);
    expect(b.again).toHaveBeenCalledTimes(1);
    // It missed what others said meanwhile, too.
    expect(a.again).toHaveBeenCalledTimes(1);
  });

  it('reads again once for many requests at the same time', async () => {
    const { transport, again } = await instance();
    for (let count = 0; count < 10_000; count += 1) transport.deliver('{"from":"x","topic":"counted"}');
    await vi.advanceTimersByTimeAsync(100);
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('keeps a listener that throws from the others', async () => {
    const { transport, taken, bus } = await instance();
    const end = bus.on(counted, {
      take: () => {
        throw new Error('mistake');
      },
      readAgain: () => undefined,
    });
    transport.deliver('{"from":"x","topic":"counted","payload":{"count":1,"text":""}}');
    expect(taken).toHaveLength(1);
    expect(lines.filter((line) => line.includes('listener_failed'))).toHaveLength(1);
    end();
    transport.deliver('{"from":"x","topic":"counted","payload":{"count":2,"text":""}}');
    expect(lines.filter((line) => line.includes('listener_failed'))).toHaveLength(1);
  });

  it('says once that it hears nothing, and that it does again', async () => {
    const { transport } = await instance();
    transport.cut();
    transport.cut();
    transport.mend();
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(['instances_connected', 'instances_lost', 'instances_connected']);
  });
});
