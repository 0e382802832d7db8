import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Operation } from '../src/core/operations/index.ts';
import { type JailList } from '../src/features/jails/index.ts';
import { EventStream } from './event-stream.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { isWritten } from './fail2ban-rows.ts';
import { startApi } from './harness.ts';
import { operate } from './operate.ts';
import { Stopwatch } from './stopwatch.ts';

interface Problem {
  code: string;
  detail: string;
}
interface Server {
  online: boolean;
  reason: string | null;
  reasonCode: string | null;
  jails: number;
}

/** The portal must know within 3 s; the rest is for the polling and the measuring. */
const noticeMs = 3_700;

describe('when fail2ban has trouble', () => {
  let api: Fail2banApi;
  let stream: EventStream;

  beforeEach(async () => {
    api = await startFail2banApi();
    stream = await EventStream.open(api.admin);
    await operate(api.admin, '/api/v1/bans', { jail: 'manual', addresses: ['203.0.113.1', '203.0.113.2'] });
    await stream.next('ban', ({ address }) => address === '203.0.113.2');
    // Otherwise a fail2ban that is killed has them no more.
    for (const address of ['203.0.113.1', '203.0.113.2'])
      await eventually(() => expect(isWritten(api.fail2ban, 'manual', address)).toBe(true));
    await eventually(async () => {
      const { items } = (await api.admin.get<JailList>('/api/v1/jails')).body;
      expect(items.every(({ armed }) => armed.status === 'armed')).toBe(true);
    });
  });
  afterEach(async () => {
    stream.close();
    api.fail2ban.resume();
    await api.stop();
  });

  /** Waits until the stream says offline and why, and proves that it said so in time. */
  const offlineBecause = async (reasonCode: string): Promise<void> => {
    const watch = new Stopwatch();
    await stream.next('server', ({ online }) => online === false);
    expect(watch.stop()).toBeLessThan(noticeMs);
    // A server that is going down is first seen to close the connection.
    await eventually(() => expect(stream.all('server').at(-1)).toMatchObject({ online: false, reasonCode }));
  };
  const online = (): Promise<unknown> =>
    eventually(() => expect(stream.all('server').at(-1)).toMatchObject({ online: true }));

  /** What every part of the API says while there is no fail2ban, and how fast. */
  async function expectHonesty(): Promise<void> {
    const health = await api.anonymous.get('/api/health');
    expect(health.status).toBe(503);
    expect(health.text).toBe('{"status":"unavailable","fail2ban":"offline"}');
    const server = await api.admin.get<Server>('/api/v1/server');
    expect(server.body.online).toBe(false);
    const jails = await api.admin.get<JailList>('/api/v1/jails');
    expect(jails.body.items.map(({ name, armed }) => [name, armed.status])).toEqual([
      ['manual', 'unknown'],
      ['ssh', 'unknown'],
      ['web', 'unknown'],
    ]);
    expect(server.body.reasonCode).not.toBeNull();
    expect(jails.body.items.map(({ armed }) => armed.reasonCode)).toEqual(Array(3).fill(server.body.reasonCode));
    expect((await api.admin.get<{ total: number }>('/api/v1/bans')).body.total).toBe(2);
    for (const answer of [
      await api.admin.get<Problem>('/api/v1/jails/web'),
      await api.admin.post<Problem>('/api/v1/bans', { jail: 'manual', addresses: ['203.0.113.9'] }),
      await api.admin.post<Problem>('/api/v1/bans/unban-all'),
      await api.admin.post<Problem>('/api/v1/jails/reload'),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.body.code).toBe('fail2ban-offline');
    }
  }

  /** Bans that were there before are there again, and nobody was told that they had ended. */
  async function expectNothingLost(): Promise<void> {
    await eventually(async () => {
      const { items } = (await api.admin.get<JailList>('/api/v1/jails')).body;
      expect(items.map(({ name, armed }) => [name, armed.status])).toEqual([
        ['manual', 'armed'],
        ['ssh', 'armed'],
        ['web', 'armed'],
      ]);
      expect(items[0]?.currentlyBanned).toBe(2);
    });
    expect((await api.admin.get<{ total: number }>('/api/v1/bans')).body.total).toBe(2);
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.77');
    await stream.next('ban', ({ address }) => address === '203.0.113.77');
    expect(stream.all('unban')).toEqual([]);
    expect(stream.all('ban')).toHaveLength(3);
    expect((await api.anonymous.get('/api/health')).status).toBe(200);
  }

  it('says so when it is stopped, and recovers when it is started', async () => {
    await api.fail2ban.stop();
    await offlineBecause('socket-missing');
    expect(stream.all('server').at(-1)).toMatchObject({
      reason: expect.stringContaining('no socket') as unknown,
      reasonParams: { path: api.fail2ban.socketPath },
    });
    await expectHonesty();
    await api.fail2ban.restart();
    await online();
    await expectNothingLost();
  });

  it('says so when it is killed', async () => {
    await api.fail2ban.kill();
    await offlineBecause('socket-dead');
    expect(stream.all('server').at(-1)?.['reason']).toContain('without cleaning up');
    await expectHonesty();
    await api.fail2ban.restart();
    await online();
    await expectNothingLost();
  });

  it('says so when it hangs, lets no request wait, and recovers', async () => {
    api.fail2ban.suspend();
    await offlineBecause('no-answer');
    expect(stream.all('server').at(-1)?.['reason']).toContain('does not answer');
    await expectHonesty();
    api.fail2ban.resume();
    await online();
    await expectNothingLost();
  });

  it('answers a read in time although fail2ban hangs since just now', async () => {
    api.fail2ban.suspend();
    const answers = await Promise.all([
      api.admin.get<Problem>('/api/v1/jails/web'),
      api.anonymous.get('/api/health'),
      api.admin.get('/api/v1/bans'),
    ]);
    expect([503, 504]).toContain(answers[0].status);
    expect(['fail2ban-timeout', 'fail2ban-offline']).toContain(answers[0].body.code);
    expect(answers[2].status).toBe(200);
  });

  it('notices nothing but the restart when it is restarted quickly', async () => {
    await api.fail2ban.restart();
    await expectNothingLost();
  });
});

describe('without fail2ban', () => {
  it('starts, says why, and finds it later', async () => {
    const donor = await startFail2banApi();
    await donor.fail2ban.stop();
    const api = await startApi({ fail2ban: donor.fail2ban });
    try {
      await eventually(async () => {
        const { body } = await api.admin.get<Server>('/api/v1/server');
        expect(body).toMatchObject({ online: false, jails: 0 });
        expect(body.reason).toContain('no socket');
      });
      await donor.fail2ban.restart();
      await eventually(async () => {
        const { body } = await api.admin.get<Server>('/api/v1/server');
        expect(body).toMatchObject({ online: true, jails: 3, reason: null, reasonCode: null, reasonParams: null });
      });
    } finally {
      await api.stop();
      await donor.stop();
    }
  });

  it('survives something else at the socket that answers nonsense', async () => {
    const donor = await startFail2banApi();
    await donor.fail2ban.stop();
    const socketPath = join(donor.fail2ban.dir, 'run', 'nonsense.sock');
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () =>
        socket.write(Buffer.concat([Buffer.from('\x80\x05cposix\nsystem\n'), Buffer.alloc(1_000, 0xff)])),
      );
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const api = await startApi({ env: { BANGUI_FAIL2BAN_SOCKET: socketPath } });
    try {
      await eventually(async () => {
        const { body } = await api.admin.get<Server>('/api/v1/server');
        expect(body.online).toBe(false);
        expect(body).toMatchObject({ reasonCode: 'not-understood', reasonParams: null });
        expect(body.reason).toContain('does not understand');
      });
      expect((await api.anonymous.get('/api/health')).status).toBe(503);
      expect((await api.anonymous.get('/api/health/live')).status).toBe(200);
    } finally {
      await api.stop();
      server.close();
      await rm(socketPath, { force: true });
      await donor.stop();
    }
  });
});

describe('a long operation', () => {
  it('answers 202, tells its progress, and keeps everything else answering', async () => {
    const slow = '[Definition]\nactionban = sleep 0.03\nactionunban =\nactionstart =\nactionstop =\nactioncheck =\n';
    const api = await startFail2banApi({
      files: { 'action.d/slow.conf': slow },
      jails: '[slow]\nenabled = true\nfilter =\naction = slow\nbantime = 3600\n',
    });
    const stream = await EventStream.open(api.admin);
    try {
      const addresses = Array.from({ length: 200 }, (_, index) => `10.8.${index >> 8}.${index & 255}`);
      const answer = await api.admin.post<Operation>('/api/v1/bans', { jail: 'slow', addresses });
      expect(answer.status).toBe(202);
      expect(answer.body).toMatchObject({ kind: 'ban', status: 'running', finishedAt: null, outcome: null });
      expect(answer.headers.get('location')).toBe(`/api/v1/operations/${answer.body.id}`);
      // fail2ban works for us, so it is there, although it answers nobody at this moment.
      expect((await api.anonymous.get('/api/health')).status).toBe(200);
      expect((await api.admin.get<Server>('/api/v1/server')).body.online).toBe(true);
      const isEnd = ({ id, status }: Record<string, unknown>): boolean => id === answer.body.id && status !== 'running';
      // Two hundred processes, one after the other: on a busy machine that takes its time.
      const end = await stream.next('operation', isEnd, 45_000);
      expect(end.data).toMatchObject({ status: 'succeeded', outcome: { requested: 200, banned: 200 } });
      const progress = stream.all('operation').flatMap((one) => (one['progress'] ? [one['progress']] : []));
      expect(progress).toContainEqual({ done: 100, total: 200 });
      const read = await api.admin.get<Operation>(answer.headers.get('location') ?? '');
      expect(read.body).toMatchObject({ status: 'succeeded', progress: { done: 200, total: 200 } });
      expect((await api.admin.get<{ items: Operation[] }>('/api/v1/operations')).body.items[0]?.id).toBe(
        answer.body.id,
      );
      expect(stream.all('server').every(({ online }) => online === true)).toBe(true);
      expect((await api.admin.get<Problem>('/api/v1/operations/nosuch')).body.code).toBe('operation-unknown');
    } finally {
      stream.close();
      await api.stop();
    }
  });
});
