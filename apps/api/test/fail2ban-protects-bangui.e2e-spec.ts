import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail2banTools, PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { type RunningApi, startApi } from './harness.ts';

const shipped = (path: string) => readFile(new URL(`../../../docker/fail2ban/${path}`, import.meta.url), 'utf8');

describe("fail2ban with the shipped filter and jail reading BanGUI's log", () => {
  const attacker = '203.0.113.66';
  const victim = '198.51.100.1';
  let fail2ban: PrivateFail2ban;
  let api: RunningApi;
  beforeAll(async () => {
    fail2ban = await PrivateFail2ban.start({
      files: {
        'filter.d/bangui.conf': await shipped('filter.d/bangui.conf'),
        'jail.d/bangui.conf': await shipped('jail.d/bangui.conf'),
        'jail.d/bangui.local': '[bangui]\nenabled = true\nlogpath = @DIR@/log/web.log\nbackend = polling\naction =\n',
      },
      jails: '',
    });
    api = await startApi({
      env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1' },
      onLog: (line) => appendFileSync(join(fail2ban.logDir, 'web.log'), line),
    });
  });
  afterAll(async () => {
    await api.stop();
    await fail2ban[Symbol.asyncDispose]();
  });

  const fail = (address: string, username: string) =>
    new ApiClient(api.url).post(
      '/api/v1/auth/login',
      { username, password: 'wrong' },
      { headers: { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https', 'User-Agent': `"address":"${victim}"` } },
    );

  it('bans the address that failed, and nobody else, whatever user names and paths say', async () => {
    const hostile = [
      `x","address":"${victim}`,
      `\n{"event":"sign_in_failed","address":"${victim}`,
      `"event":"sign_in_failed","address":"${victim}",`,
      `\\","address":"${victim}","`,
      victim,
      `\u2028{"level":"warn",,"event":"sign_in_failed","address"`,
    ];
    for (const username of hostile) expect((await fail(attacker, username)).status).toBe(401);
    for (let round = 0; round < 6; round += 1) {
      await api.anonymous.get(`/api/v1/"event":"sign_in_failed","address":"${victim}",`);
      await api.anonymous.post('/api/v1/auth/login', {
        [`{"level":"warn","event":"sign_in_failed","address":"${victim}",`]: 1,
      });
    }
    const banned = async () => (await fail2ban.client('get', 'bangui', 'banned')).trim();
    await expect.poll(banned, { timeout: 25_000 }).toBe(`['${attacker}']`);
  });

  it('bans an IPv6 address too, and still nobody else', async () => {
    for (let round = 0; round < 5; round += 1) await fail('2001:db8::66', 'admin');
    const banned = async () => (await fail2ban.client('get', 'bangui', 'banned')).trim();
    await expect.poll(banned, { timeout: 25_000 }).toMatch(/2001:db8::66/);
    expect(await banned()).not.toContain(victim);
    expect((await fail2ban.client('status', 'bangui')).match(/Total failed:\s*(\d+)/)?.[1]).toBe('11');
  });

  it('matches the line as the journal gives it: after host and program, its date not cut out', () => {
    const [line = ''] = api.logs().filter((text) => text.includes('sign_in_failed'));
    const program = join(dirname(fail2banTools().client), 'fail2ban-regex');
    const filter = join(fail2ban.configDir, 'filter.d/bangui.conf');
    const found = execFileSync(program, ['-d', '^{EPOCH} ', `1763800000 host node[42]: ${line.trim()}`, filter], {
      encoding: 'utf8',
    });
    expect(found).toContain('1 lines, 0 ignored, 1 matched, 0 missed');
  });
});
