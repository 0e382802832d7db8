import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Operation } from '../src/core/operations/index.ts';
import {
  type ConfigurationOverview,
  type ConfiguredJailDetail,
} from '../src/features/configuration/configuration.dto.ts';
import { type JailList } from '../src/features/jails/index.ts';
import { eventually, toolSettings } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';

const base = '/api/v1/configuration';
const endOfCommand = '<F2B_END_COMMAND>';

let fail2ban: PrivateFail2ban;
let meddler: Server;
let api: RunningApi;
/** Disarms a jail after each reload, before whoever asked for the reload hears of it. */
let isMeddling = false;

const onDisk = (): string => {
  try {
    return readFileSync(join(fail2ban.configDir, 'jail.d/zz-bangui-jail-web.local'), 'utf8');
  } catch {
    // There is no such file.
    return '';
  }
};

beforeAll(async () => {
  fail2ban = await PrivateFail2ban.start();
  const socketPath = join(fail2ban.dir, 'run', 'meddler.sock');
  meddler = createServer((client) => {
    const server = connect(fail2ban.socketPath);
    let isReload = false;
    client.on('data', (bytes) => {
      isReload ||= bytes.includes('reload');
      server.write(bytes);
    });
    let answer = Buffer.alloc(0);
    server.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (!answer.subarray(-endOfCommand.length).equals(Buffer.from(endOfCommand))) return;
      const whole = answer;
      answer = Buffer.alloc(0);
      const meddled = isReload && isMeddling ? fail2ban.client('set', 'web', 'delfailregex', '0') : Promise.resolve('');
      isReload = false;
      void meddled.finally(() => client.write(whole));
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((listening) => meddler.listen(socketPath, listening));
  api = await startApi({ fail2ban, env: { ...toolSettings(), BANGUI_FAIL2BAN_SOCKET: socketPath } });
});
afterAll(async () => {
  await api.stop();
  await new Promise((closed) => meddler.close(closed));
  await fail2ban[Symbol.asyncDispose]();
});

const armed = async (): Promise<Record<string, string>> => {
  const { items } = (await api.admin.get<JailList>('/api/v1/jails')).body;
  return Object.fromEntries(items.map(({ name, armed: { status } }) => [name, status]));
};
const allArmed = { manual: 'armed', ssh: 'armed', web: 'armed' };

it('undoes a change after which a jail is not as it is meant, arms all again, and says what happened', async () => {
  await eventually(async () => expect(await armed()).toEqual(allArmed));
  const { file } = (await api.admin.get<ConfiguredJailDetail>(`${base}/jails/web`)).body;
  const jails = [{ jail: 'web', set: [{ option: 'maxretry', value: '9' }], etag: file.etag }];
  isMeddling = true;
  const asked = api.admin.post<Operation>(`${base}/changes`, { jails });
  // It stops as soon as the files are back: then nothing is in the way of arming the jail.
  await eventually(() => expect(onDisk()).toContain('maxretry = 9'));
  await eventually(() => expect(onDisk()).toBe(''));
  isMeddling = false;
  const { body } = await asked;
  const operation = await eventually(async () => {
    const now = await api.admin.get<{ items: Operation[] }>('/api/v1/operations');
    const found = now.body.items.find(({ kind }) => kind === 'configure');
    expect(found?.status).toBe('failed');
    return found;
  });
  expect(operation?.error).toMatchObject({ code: 'change-undone', status: 409, extras: { isRestored: true } });
  expect(operation?.error?.detail).toContain('web (failRegexes)');
  expect(body).toBeDefined();
  expect(await armed()).toEqual(allArmed);
  expect(await fail2ban.client('get', 'web', 'maxretry')).toBe('3');
  const overview = (await api.admin.get<ConfigurationOverview>(base)).body;
  expect(overview).toMatchObject({ version: null, change: null });
  // Bans are lifted and restored by that, and the log of fail2ban says so.
  expect(fail2ban.serverLog()).toMatch(/Jail 'web' stopped/);
});
