import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lifecycle } from '../src/core/lifecycle/lifecycle.ts';
import { type RunningApi, startApi } from './harness.ts';
import { Stopwatch } from './stopwatch.ts';

const online = '{"status":"ok","fail2ban":"online"}';
const offline = '{"status":"unavailable","fail2ban":"offline"}';

describe('health', () => {
  let fail2ban: PrivateFail2ban;
  let api: RunningApi;
  beforeAll(async () => {
    fail2ban = await PrivateFail2ban.start();
    api = await startApi({ fail2ban });
  });
  afterAll(async () => {
    await api.stop();
    await fail2ban[Symbol.asyncDispose]();
  });

  it('is 200 with exactly the specified members while fail2ban answers, without a sign-in', async () => {
    const answer = await api.anonymous.get('/api/health');
    expect([answer.status, answer.text]).toEqual([200, online]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('measures what it needs to be ready', async () => {
    const answer = await api.anonymous.get('/api/health/ready');
    const latency = { latencyMs: expect.any(Number) as unknown };
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'ok', database: { status: 'ok', ...latency }, fail2ban: { status: 'online' } },
    });
  });

  it('is 503 in time while fail2ban hangs, and 200 again when it goes on', async () => {
    fail2ban.suspend();
    try {
      const watch = new Stopwatch();
      // What was asked when it began to hang may still count as under way for a moment.
      await expect
        .poll(
          async () => {
            const answer = await api.anonymous.get('/api/health');
            return [answer.status, answer.text];
          },
          { timeout: 25_000 },
        )
        .toEqual([503, offline]);
      // Docker's own limit is 10 s; ours is 3 s.
      expect(watch.stop()).toBeLessThan(6_000);
      expect((await api.anonymous.get('/api/health/live')).status).toBe(200);
    } finally {
      fail2ban.resume();
    }
    await expect.poll(async () => (await api.anonymous.get('/api/health')).text, { timeout: 25_000 }).toBe(online);
  });

  it('is 503 while fail2ban is gone, alive all the same, and 200 again when it is back', async () => {
    await fail2ban.kill();
    const watch = new Stopwatch();
    // What was asked when it died may still count as under way for a moment.
    await expect.poll(async () => (await api.anonymous.get('/api/health')).text, { timeout: 25_000 }).toBe(offline);
    expect(watch.stop()).toBeLessThan(3_700);
    expect((await api.anonymous.get('/api/health/live')).text).toBe('{"status":"ok"}');
    expect(await api.anonymous.get('/api/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', database: { status: 'ok' }, fail2ban: { status: 'offline', latencyMs: null } },
    });
    await fail2ban.restart();
    await expect.poll(async () => (await api.anonymous.get('/api/health')).text, { timeout: 25_000 }).toBe(online);
  });

  it('is not ready, but alive, from the moment it is asked to stop', async () => {
    await api.app.get(Lifecycle).beginStop();
    expect(await api.anonymous.get('/api/health/ready')).toMatchObject({ status: 503, body: { status: 'stopping' } });
    expect((await api.anonymous.get('/api/health/live')).status).toBe(200);
  });
});

describe('health without a fail2ban socket', () => {
  it('is 503 with exactly the specified members', async () => {
    const api = await startApi();
    const answer = await api.anonymous.get('/api/health');
    await api.stop();
    expect([answer.status, answer.text]).toEqual([503, offline]);
  });
});
