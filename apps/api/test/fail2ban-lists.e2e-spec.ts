import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { manyAddresses } from '../../enforcer/src/testing/many-addresses.ts';
import { type EnforcementStatus } from '../src/features/enforcement/enforcement.dto.ts';
import { type EnforcementApi, removePlace, setOf, startEnforcementApi } from './enforcement-place.ts';
import { eventually, toolSettings } from './fail2ban-api.ts';

const action = 'echo-log[name=blocklist-import]';
let fail2ban: PrivateFail2ban;
let api: EnforcementApi | undefined;

beforeAll(async () => {
  fail2ban = await PrivateFail2ban.start({ logLevel: 'HEAVYDEBUG' });
});
afterAll(() => fail2ban[Symbol.asyncDispose]());
afterEach(async () => {
  if (!api) return;
  await api.stop();
  await removePlace(api.dir);
  api = undefined;
});

const file = (): string => join(fail2ban.configDir, 'jail.d', 'zz-bangui-blocklist.local');
const start = async (chosen = action): Promise<EnforcementApi> => {
  api = await startEnforcementApi({
    env: {
      ...toolSettings(),
      BANGUI_ENFORCEMENT: 'fail2ban',
      BANGUI_ENFORCEMENT_ACTION: chosen,
      BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
      BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
    },
  });
  return api;
};
const status = async ({ admin }: EnforcementApi): Promise<EnforcementStatus> =>
  (await admin.get<EnforcementStatus>('/api/v1/enforcement')).body;
const banned = async (): Promise<string[]> =>
  (await fail2ban.client('get', 'blocklist-import', 'banip')).split(/\s+/).filter(Boolean).sort();

it('puts everything back when the action is a wrong one', async () => {
  const running = await start('no-such-action');
  await eventually(async () => expect((await status(running)).enforcers).toMatchObject([{ standing: 'failed' }]));
  expect((await status(running)).enforcers[0]?.problem).toContain('is as it was');
  await expect(stat(file())).rejects.toThrow('ENOENT');
  expect(await fail2ban.client('status')).not.toContain('blocklist-import');
  expect(await fail2ban.client('status')).toContain('web');
});

it('provides the jails and makes them hold what lists block, by differences', async () => {
  const running = await start();
  const generation = running.lists.set(setOf('203.0.113.7', '198.51.100.0/24', '2001:db8::1'));
  await eventually(async () =>
    expect(await status(running)).toMatchObject({
      backend: 'fail2ban',
      enforcers: [{ id: 'fail2ban', standing: 'current', applied: { generation, blockedEntries: 3 } }],
      needsAttention: [],
    }),
  );
  expect(await banned()).toEqual(['198.51.100.0/24', '2001:db8::1', '203.0.113.7']);
  expect(await fail2ban.client('get', 'bangui-permanent', 'bantime')).toBe('-1');
  expect(await readFile(file(), 'utf8')).toContain(`action   = ${action}`);
  const actions = await readFile(join(fail2ban.logDir, 'actions.log'), 'utf8');
  expect(actions).toContain('ban blocklist-import 203.0.113.7 -1');
  running.lists.set(setOf('203.0.113.8', '2001:db8::1'));
  await eventually(async () => expect(await banned()).toEqual(['2001:db8::1', '203.0.113.8']));
  const orders = fail2ban
    .received()
    .split('\n')
    .filter((line) => line.includes("'banip', '2001:db8::1'"));
  expect(orders.length).toBeLessThanOrEqual(1);
});

it('refuses more than a jail bears, says why, and changes nothing', async () => {
  const running = await start();
  running.lists.set(setOf('203.0.113.9'));
  await eventually(async () => expect(await banned()).toEqual(['203.0.113.9']));
  running.lists.set(manyAddresses(5_001, 1));
  await eventually(async () => expect((await status(running)).enforcers).toMatchObject([{ standing: 'failed' }]));
  expect((await status(running)).needsAttention[0]?.detail).toContain('a jail bears 5,000');
  expect(await banned()).toEqual(['203.0.113.9']);
});

it('says so when it may not write the configuration', async () => {
  const folder = join(fail2ban.configDir, 'jail.d');
  await rm(folder, { recursive: true });
  const running = await start();
  await eventually(async () => expect((await status(running)).enforcers).toMatchObject([{ standing: 'failed' }]));
  expect((await status(running)).enforcers[0]?.problem).toContain('cannot be written');
  await mkdir(folder);
});
