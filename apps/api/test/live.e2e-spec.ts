import { connect } from 'node:net';
import { join } from 'node:path';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventBus } from '../src/core/events/event-bus.ts';
import { operationChanged } from '../src/core/operations/index.ts';
import { ApiClient } from './api-client.ts';
import { EventStream } from './event-stream.ts';
import { HistoryRepository } from '../src/features/history/index.ts';
import { HistorySync } from '../src/features/history/sync/index.ts';
import { eventually, type Fail2banApi, startFail2banApi, toolSettings } from './fail2ban-api.ts';
import { adminCredentials, startApi } from './harness.ts';
import { operate } from './operate.ts';

describe('the event stream', () => {
  let api: Fail2banApi;

  beforeAll(async () => {
    api = await startFail2banApi();
  });
  afterAll(() => api.stop());

  const signedIn = async (): Promise<ApiClient> => {
    const client = new ApiClient(api.url);
    await client.signIn(adminCredentials);
    return client;
  };

  it('begins with hello and how things are', async () => {
    const stream = await EventStream.open(api.admin);
    await stream.next('jails');
    expect(stream.events.slice(0, 3).map(({ event }) => event)).toEqual(['hello', 'server', 'jails']);
    expect(stream.events[0]?.data).toMatchObject({ version: '0.1.0' });
    expect(stream.events[1]?.data).toMatchObject({ online: true, version: '1.0.2', reason: null });
    expect((stream.events[2]?.data['items'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'manual',
      'ssh',
      'web',
    ]);
    expect(stream.response.headers['content-type']).toContain('text/event-stream');
    expect(stream.response.headers['x-accel-buffering']).toBe('no');
    expect(stream.response.headers['cache-control']).toContain('no-transform');
    expect(stream.response.headers['x-request-id']).toBeTruthy();
    stream.close();
  });

  it.each(['header', 'query'])('replays what was missed, nothing twice, by the last id in the %s', async (place) => {
    const first = await EventStream.open(api.admin);
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.1');
    await first.next('ban');
    const { lastId } = first;
    first.close();
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.2');
    await eventually(async () => expect((await api.admin.get<{ total: number }>('/api/v1/bans')).body.total).toBe(2));
    const again = await (place === 'header'
      ? EventStream.open(api.admin, { 'Last-Event-ID': lastId })
      : EventStream.open(api.admin, {}, `?lastEventId=${lastId}`));
    await again.next('jails');
    await again.next('ban');
    expect(again.all('ban').map(({ address }) => address)).toEqual(['203.0.113.2']);
    expect(again.all('resync')).toEqual([]);
    again.close();
    await api.admin.post('/api/v1/bans/unban-all');
    await eventually(async () => expect((await api.admin.get<{ total: number }>('/api/v1/bans')).body.total).toBe(0));
  });

  it('can be resumed from hello, before anything has happened', async () => {
    const first = await EventStream.open(api.admin);
    const { id } = await first.next('hello');
    first.close();
    const again = await EventStream.open(api.admin, { 'Last-Event-ID': id ?? '' });
    await again.next('jails');
    expect(again.all('resync')).toEqual([]);
    again.close();
  });

  it.each(['nosuch-1', 'x', '1-1', '%0Aevent: ban'])(
    'asks to read everything again after the unknown id %s',
    async (id) => {
      const stream = await EventStream.open(api.admin, {}, `?lastEventId=${encodeURIComponent(id)}`);
      await stream.next('resync');
      await stream.next('jails');
      stream.close();
    },
  );

  it('is for signed-in administrators only', async () => {
    expect((await api.anonymous.get('/api/v1/events')).status).toBe(401);
  });

  it('ends with its session, and says so', async () => {
    const client = await signedIn();
    const stream = await EventStream.open(client);
    const other = await EventStream.open(api.admin);
    await client.post('/api/v1/auth/logout');
    await stream.next('session-ended');
    await eventually(() => expect(stream.hasEnded).toBe(true));
    expect(other.hasEnded).toBe(false);
    other.close();
  });

  it('is refused beyond eight of one session, and possible again when one is closed', async () => {
    const client = await signedIn();
    const streams: EventStream[] = [];
    for (let count = 0; count < 8; count += 1) streams.push(await EventStream.open(client));
    const answer = await client.get<{ code: string }>('/api/v1/events');
    expect(answer.status).toBe(429);
    expect(answer.body.code).toBe('too-many-streams');
    streams[0]?.close();
    const again = await eventually(() => EventStream.open(client));
    for (const stream of [...streams, again]) stream.close();
  });

  it('drops a client that does not read, and nobody else', async () => {
    const reader = await EventStream.open(api.admin);
    const { port } = new URL(api.url);
    const sleeper = connect(Number(port), '127.0.0.1');
    sleeper.on('error', () => undefined);
    sleeper.pause();
    sleeper.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${api.admin.cookie ?? ''}\r\n\r\n`);
    const events = api.app.get(EventBus);
    const large = 'x'.repeat(100_000);
    await eventually(() => {
      events.emit(operationChanged, {
        id: 'large',
        kind: 'prove',
        status: 'succeeded',
        startedAt: 0,
        finishedAt: 0,
        progress: null,
        subject: null,
        outcome: { large },
        error: null,
      });
      if (!api.logs().some((line) => line.includes('event_stream_dropped'))) throw new Error('It is still open.');
    });
    await reader.next('operation');
    expect(reader.hasEnded).toBe(false);
    reader.close();
    sleeper.destroy();
  });

  it('tells many changes of a jail at once as one event', async () => {
    const stream = await EventStream.open(api.admin);
    const history = api.app.get(HistoryRepository, { strict: false });
    const before = (await history.idSpan()).last;
    const addresses = Array.from({ length: 3_000 }, (_, index) => `10.7.${index >> 8}.${index & 255}`);
    const answer = await operate(api.admin, '/api/v1/bans', { jail: 'manual', addresses });
    expect(answer.body.outcome).toMatchObject({ banned: 3_000 });
    // The log may have told some of them one by one already.
    const event = await stream.next('bans-changed', ({ added }) => Number(added) > 200);
    expect(event.data).toMatchObject({ jail: 'manual', removed: 0 });
    stream.close();
    // What the next test bans is not to wait behind them.
    await eventually(async () => expect((await history.idSpan()).last).toBeGreaterThanOrEqual(before + 3_000), 40_000);
  });

  it('tells no ban and no end of one before the list of bans knows it', async () => {
    const stream = await EventStream.open(api.admin);
    const listed = async (address: string): Promise<number> =>
      (await api.admin.get<{ total: number }>(`/api/v1/bans?q=${address}`)).body.total;
    const found: [string, number, number][] = [];
    for (let host = 10; host < 18; host += 1) {
      const address = `203.0.113.${host}`;
      const isIt = (data: Record<string, unknown>): boolean => data['address'] === address;
      const banned = stream.next('ban', isIt).then(() => listed(address));
      await api.fail2ban.client('set', 'web', 'banip', address);
      const whenBanned = await banned;
      const lifted = stream.next('unban', isIt).then(() => listed(address));
      await api.fail2ban.client('set', 'web', 'unbanip', address);
      found.push([address, whenBanned, await lifted]);
    }
    expect(found).toEqual(found.map(([address]) => [address, 1, 0]));
    stream.close();
  });

  it('tells that a list has changed when it has, after its jail was stopped', async () => {
    const stream = await EventStream.open(api.admin);
    await api.fail2ban.client('set', 'web', 'banip', '203.0.113.30');
    await stream.next('ban', ({ address }) => address === '203.0.113.30');
    const stopped = api.fail2ban.client('stop', 'web');
    let told = 0;
    let total = 1;
    // What a client knows that reads the list whenever it is told to.
    await eventually(async () => {
      const now = stream.all('bans-changed').filter(({ jail }) => jail === 'web').length;
      if (now > told) total = (await api.admin.get<{ total: number }>('/api/v1/bans?jail=web')).body.total;
      told = now;
      expect(total).toBe(0);
    });
    await stopped;
    stream.close();
  });

  it('ends when BanGUI stops', async () => {
    const other = await startFail2banApi();
    const stream = await EventStream.open(other.admin);
    await stream.next('jails');
    await other.stop();
    await eventually(() => expect(stream.hasEnded).toBe(true));
  });
});

describe('the event stream of a process that stands by on the same SQLite database', () => {
  it('tells each ban once, while another one feeds the archive and after it has taken over', async () => {
    const fail2ban = await PrivateFail2ban.start();
    const holder = await startApi({ fail2ban, env: toolSettings() });
    await eventually(() => expect(holder.app.get(HistorySync, { strict: false }).isBeginning).toBe(false));
    const standby = await startApi({
      fail2ban,
      env: {
        ...toolSettings(),
        BANGUI_DATABASE_PATH: join(holder.dir, 'bangui.sqlite3'),
        BANGUI_SCHEDULER_ROLE: 'standby',
        BANGUI_SCHEDULER_HEARTBEAT_SECONDS: '0.3',
        BANGUI_SCHEDULER_LOCK_TTL_SECONDS: '3.6',
      },
    });
    try {
      const stream = await EventStream.open(standby.admin);
      await fail2ban.client('set', 'manual', 'banip', '203.0.113.1');
      await stream.next('ban', ({ address }) => address === '203.0.113.1');
      await holder.app.close();
      await fail2ban.client('set', 'manual', 'banip', '203.0.113.2');
      await stream.next('ban', ({ address }) => address === '203.0.113.2');
      expect(stream.all('ban').map(({ address }) => address)).toEqual(['203.0.113.1', '203.0.113.2']);
      stream.close();
    } finally {
      await standby.stop();
      await holder.stop();
      await fail2ban[Symbol.asyncDispose]();
    }
  });
});
