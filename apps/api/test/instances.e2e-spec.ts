import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { EventStream } from './event-stream.ts';
import { eventually } from './fail2ban-api.ts';
import { adminCredentials } from './harness.ts';
import { isConnected, startTwoInstances, type TwoInstances } from './instances.ts';
import { operate } from './operate.ts';
import { redisPassword, RedisServer } from './redis-server.ts';

interface Bans {
  readonly items: { readonly address: string }[];
}
interface Operation {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly outcome: unknown;
}
interface Jail {
  readonly name: string;
  readonly state: string;
  readonly armed: { readonly status: string };
}

/** What the slow polls would take at least, in milliseconds: what comes sooner was told. */
const told = 10_000;

/** The administrator's session at one instance, used at the other as a browser behind a proxy does. */
function at(url: string, { cookie }: ApiClient): ApiClient {
  const client = new ApiClient(url);
  client.cookie = cookie;
  return client;
}

describe.each(['PostgreSQL', 'Redis'])('two instances on one PostgreSQL that hear of each other by %s', (way) => {
  let redis: RedisServer | undefined;
  let two: TwoInstances;

  beforeAll(async () => {
    redis = way === 'Redis' ? await RedisServer.start() : undefined;
    two = await startTwoInstances({}, { ...(redis && { redis }), env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1' } });
  }, 120_000);
  afterAll(async () => {
    await two.stop();
    await redis?.stop();
  });

  const signedIn = async (): Promise<ApiClient> => {
    const client = new ApiClient(two.a.url);
    await client.signIn(adminCredentials);
    return client;
  };
  const ban = (address: string) => operate(two.a.admin, '/api/v1/bans', { jail: 'manual', addresses: [address] });
  const jailAt = async (url: string, name: string): Promise<Jail | undefined> => {
    const { body } = await at(url, two.a.admin).get<{ items: Jail[] }>('/api/v1/jails');
    return body.items.find((jail) => jail.name === name);
  };

  it('take the session that the other one opened', async () => {
    const client = await signedIn();
    expect((await at(two.b.url, client).get('/api/v1/auth/session')).status).toBe(200);
  });

  it('show a ban made through one to a browser at the other, each way, once and with its maker', async () => {
    const streams = [await EventStream.open(two.a.admin), await EventStream.open(two.b.admin)];
    await ban('203.0.113.1');
    await two.b.admin.post('/api/v1/bans', { jail: 'manual', addresses: ['203.0.113.2'] });
    for (const stream of streams) {
      await stream.next('ban', ({ address, actor }) => address === '203.0.113.1' && actor === 'admin', told);
      await stream.next('ban', ({ address, actor }) => address === '203.0.113.2' && actor === 'admin', told);
      expect(stream.all('ban')).toHaveLength(2);
      stream.close();
    }
  });

  it('have the same bans in force and the same history', async () => {
    await ban('203.0.113.3');
    for (const client of [two.a.admin, two.b.admin]) {
      await eventually(async () => {
        const { body } = await client.get<Bans>('/api/v1/bans?q=203.0.113.3');
        expect(body.items.map(({ address }) => address)).toEqual(['203.0.113.3']);
        const history = await client.get<Bans>('/api/v1/history?network=203.0.113.3');
        expect(history.body.items).toHaveLength(1);
      });
    }
  });

  it('let a browser go on at the other one where it was, and tell it what it missed', async () => {
    const first = await EventStream.open(two.a.admin);
    const elsewhere = await EventStream.open(two.b.admin);
    await ban('203.0.113.4');
    // The other one, too, must have heard of what the browser has seen: otherwise it asks it to read everything again.
    for (const stream of [elsewhere, first]) {
      await stream.next('ban', ({ address }) => address === '203.0.113.4');
      stream.close();
    }
    const { lastId } = first;
    await ban('203.0.113.5');
    const again = await EventStream.open(two.b.admin, { 'Last-Event-ID': lastId });
    await again.next('ban', ({ address }) => address === '203.0.113.5');
    expect(again.all('ban').map(({ address }) => address)).toEqual(['203.0.113.5']);
    expect(again.all('resync')).toEqual([]);
    again.close();
  });

  it('end the stream at one when its session is signed out at the other, and let nobody in', async () => {
    const client = await signedIn();
    const elsewhere = at(two.b.url, client);
    const stream = await EventStream.open(elsewhere);
    await stream.next('jails');
    expect((await elsewhere.get('/api/v1/jails')).status).toBe(200);
    await client.post('/api/v1/auth/logout');
    expect((await elsewhere.get('/api/v1/jails')).status).toBe(401);
    await stream.next('session-ended', undefined, told);
    await eventually(() => expect(stream.hasEnded).toBe(true));
  });

  it('end the other sessions of an account at both when its password changes, and keep its own', async () => {
    await two.a.admin.post('/api/v1/administrators', { username: 'second', password: 'a long first password' });
    const second = { username: 'second', password: 'a long first password' };
    const [kept, ended] = [new ApiClient(two.a.url), new ApiClient(two.b.url)];
    await kept.signIn(second);
    await ended.signIn(second);
    const [keptStream, endedStream] = [
      await EventStream.open(at(two.b.url, kept)),
      await EventStream.open(at(two.b.url, ended)),
    ];
    const answer = await kept.post('/api/v1/auth/password', {
      currentPassword: second.password,
      newPassword: 'a long second password',
    });
    expect(answer.status).toBeLessThan(300);
    await endedStream.next('session-ended', undefined, told);
    expect((await ended.get('/api/v1/jails')).status).toBe(401);
    expect((await at(two.b.url, kept).get('/api/v1/jails')).status).toBe(200);
    expect(keptStream.hasEnded).toBe(false);
    keptStream.close();
  });

  it('keep the limits on wrong passwords together', async () => {
    const from = (address: string) => ({
      headers: { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' },
    });
    const guess = (url: string, address: string) =>
      new ApiClient(url).post('/api/v1/auth/login', { username: 'nobody', password: 'x' }, from(address));
    for (let round = 0; round < 10; round += 1) {
      expect((await guess(round % 2 === 0 ? two.a.url : two.b.url, '198.51.100.7')).status).toBe(401);
    }
    expect((await guess(two.a.url, '198.51.100.7')).status).toBe(429);
    expect((await guess(two.b.url, '198.51.100.7')).status).toBe(429);
    expect((await guess(two.b.url, '198.51.100.8')).status).toBe(401);
  });

  it('tell the operations of the other one, live and when asked', async () => {
    const stream = await EventStream.open(two.b.admin);
    const { body } = await ban('203.0.113.6');
    await stream.next('operation', ({ id, status }) => id === body.id && status === 'succeeded', told);
    const read = await two.b.admin.get<Operation>(`/api/v1/operations/${body.id}`);
    expect(read.body).toEqual(body);
    const { body: list } = await two.b.admin.get<{ items: Operation[] }>('/api/v1/operations');
    expect(list.items[0]).toEqual(body);
    expect((await two.b.admin.get('/api/v1/operations/nosuch')).status).toBe(404);
    stream.close();
  });

  it('agree on which jails rest and are armed, whoever was asked', async () => {
    expect(await jailAt(two.b.url, 'web')).toMatchObject({ state: 'running' });
    await two.a.admin.post('/api/v1/jails/web/idle');
    await eventually(async () => {
      expect(await jailAt(two.b.url, 'web')).toMatchObject({ state: 'idle', armed: { status: 'not-armed' } });
    }, told);
    await two.b.admin.post('/api/v1/jails/web/start');
    await eventually(async () => {
      expect(await jailAt(two.a.url, 'web')).toMatchObject({ state: 'running', armed: { status: 'armed' } });
    }, told);
    // Read back once a minute by itself: what comes sooner was told.
    await two.a.admin.send('PATCH', '/api/v1/jails/web/parameters', { body: { maxretry: 77 } });
    await eventually(async () => {
      expect(await jailAt(two.b.url, 'web')).toMatchObject({ armed: { status: 'not-armed' } });
    }, told);
    await two.b.admin.post('/api/v1/jails/web/reload');
    await eventually(async () => {
      expect(await jailAt(two.a.url, 'web')).toMatchObject({ armed: { status: 'armed' } });
    }, told);
  });

  it('keep the password of Redis to themselves', () => {
    expect([...two.a.logs(), ...two.b.logs()].join('')).not.toContain(redisPassword);
  });

  it('lose nothing while they do not hear of each other, and hear again by themselves', async () => {
    const stream = await EventStream.open(two.b.admin);
    const client = await signedIn();
    const elsewhere = at(two.b.url, client);
    const ended = await EventStream.open(elsewhere);
    await ended.next('jails');
    if (redis) await redis.kill();
    else {
      const cut = await two.database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bangui-instances'",
      );
      expect(cut).toHaveLength(2);
    }
    await ban('203.0.113.7');
    await client.post('/api/v1/auth/logout');
    const { body } = await ban('203.0.113.8');
    await stream.next('ban', ({ address }) => address === '203.0.113.7');
    await stream.next('ban', ({ address }) => address === '203.0.113.8');
    // Stored a moment after whoever asked for it was answered.
    await eventually(async () => {
      expect((await two.b.admin.get<Operation>(`/api/v1/operations/${body.id}`)).body.status).toBe('succeeded');
    });
    expect((await elsewhere.get('/api/v1/jails')).status).toBe(401);
    if (redis) await redis.restart();
    await eventually(() => expect([isConnected(two.a), isConnected(two.b)]).toEqual([true, true]));
    await ended.next('session-ended');
    await ban('203.0.113.9');
    await stream.next('ban', ({ address }) => address === '203.0.113.9', told);
    const addresses = stream.all('ban').map(({ address }) => address);
    expect(addresses).toEqual(['203.0.113.7', '203.0.113.8', '203.0.113.9']);
    stream.close();
  });
});
