import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ConfigurationOverview,
  type ConfigurationVersionDetail,
  type ConfiguredJailDetail,
  type VersionPage,
} from '../src/features/configuration/configuration.dto.ts';
import { type JailList } from '../src/features/jails/index.ts';
import { ApiClient } from './api-client.ts';
import { ApiProcess } from './api-process.ts';
import { configurationClient } from './configuration-client.ts';
import { eventually, toolSettings } from './fail2ban-api.ts';
import { adminCredentials, testSecretKey } from './harness.ts';
import { type OperationAnswer } from './operate.ts';

/** Kills; more with BANGUI_TEST_ROUNDS, at most 100. */
const rounds = Math.min(100, Number(process.env['BANGUI_TEST_ROUNDS'] ?? 4));
const seed = Number(process.env['BANGUI_TEST_SEED'] ?? Date.now() % 1_000_000);
const base = '/api/v1/configuration';

let dir: string;
let fail2ban: PrivateFail2ban;
let api: ApiProcess;
let admin: ApiClient;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-config-crash-'));
  fail2ban = await PrivateFail2ban.start();
  await start();
});
afterEach(async () => {
  api.kill('SIGKILL');
  await api.exit;
  await fail2ban[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  api = ApiProcess.start({
    ...toolSettings(),
    BANGUI_PORT: '0',
    BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
    BANGUI_SECRET_KEY: testSecretKey,
    BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
    BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
    BANGUI_ADMIN_USERNAME: adminCredentials.username,
    BANGUI_ADMIN_PASSWORD: adminCredentials.password,
  });
  admin = new ApiClient(await api.url());
  await admin.signIn(adminCredentials);
}

const own = 'jail.d/zz-bangui-jail-web.local';
const onDisk = (): Promise<string | null> => readFile(join(fail2ban.configDir, own), 'utf8').catch(() => null);

const { change, set } = configurationClient(() => admin);

/** Asks for a change without waiting longer than the request does: who is to be killed cannot be asked again. */
async function ask(maxretry: number): Promise<OperationAnswer> {
  const { file } = (await admin.get<ConfiguredJailDetail>(`${base}/jails/web`)).body;
  const jails = [{ jail: 'web', set: [{ option: 'maxretry', value: String(maxretry) }], etag: file.etag }];
  return admin.post(`${base}/changes`, { jails });
}

/** Asks for it and waits for its end. */
const make = (maxretry: number): Promise<OperationAnswer> => set('web', { maxretry: String(maxretry) });

async function untilArmed(): Promise<void> {
  await eventually(async () => {
    const { items } = (await admin.get<JailList>('/api/v1/jails')).body;
    expect(items.map(({ name, armed }) => [name, armed.status])).toEqual([
      ['manual', 'armed'],
      ['ssh', 'armed'],
      ['web', 'armed'],
    ]);
  });
}

/** The files are what the newest version has, and fail2ban runs what the files mean. */
async function expectOneState(): Promise<void> {
  await eventually(async () => expect((await admin.get<ConfigurationOverview>(base)).body.change).toBeNull());
  await untilArmed();
  const [newest] = (await admin.get<VersionPage>(`${base}/versions`)).body.items;
  const detail = newest && (await admin.get<ConfigurationVersionDetail>(`${base}/versions/${newest.number}`)).body;
  const text = detail?.files.find(({ path }) => path === own)?.after ?? null;
  expect(await onDisk()).toBe(text);
  const wanted = /^maxretry = (\d+)$/m.exec(text ?? '')?.[1] ?? '3';
  expect(await fail2ban.client('get', 'web', 'maxretry')).toBe(wanted);
}

it(
  `has one state on disk, in fail2ban and in the history, whenever BanGUI is killed (seed ${seed})`,
  async () => {
    let random = seed;
    const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    await untilArmed();
    const beganAt = performance.now();
    expect((await make(4)).body).toMatchObject({ status: 'succeeded' });
    // From the request to a little after its end, however busy the machine is.
    const longestMs = (performance.now() - beganAt) * 1.1;
    let halfDone = 0;
    for (let round = 0; round < rounds; round += 1) {
      const before = await onDisk();
      const over = new AbortController();
      // The connection breaks with the process.
      const asked = ask(5 + round)
        .catch(() => undefined)
        .finally(() => over.abort());
      // Most of the time goes into the checks, so every other kill comes once the file is written.
      const isLate = round % 2 === 1;
      while (isLate && !over.signal.aborted && (await onDisk()) === before);
      await new Promise((resolve) => setTimeout(resolve, next() * longestMs * (isLate ? 0.3 : 1)));
      api.kill('SIGKILL');
      await api.exit;
      await asked;
      const left = await onDisk();
      await start();
      await expectOneState();
      if (left !== (await onDisk()) || left !== before) halfDone += 1;
    }
    if (rounds >= 100) expect(halfDone).toBeGreaterThan(rounds / 10);
  },
  60_000 + rounds * 30_000,
);

it('goes back to the state before when fail2ban is killed while it loads the change', async () => {
  for (let tries = 0; ; tries += 1) {
    await untilArmed();
    expect((await make(4)).body).toMatchObject({ status: 'succeeded' });
    const logged = fail2ban.serverLog().length;
    const asked = make(9);
    // The file is there: from now on fail2ban may be told at any moment.
    await eventually(async () => expect(await onDisk()).toContain('maxretry = 9'));
    await eventually(() => expect(fail2ban.serverLog().length).toBeGreaterThan(logged));
    await fail2ban.kill();
    const { body } = await asked;
    if (body.status !== 'succeeded') break;
    // It takes a third of a second: on a busy machine it may be over before the kill.
    expect(tries).toBeLessThan(5);
    await fail2ban.restart();
  }
  await eventually(async () => expect(await onDisk()).toContain('maxretry = 4'));
  await fail2ban.restart();
  await expectOneState();
  expect(await onDisk()).toContain('maxretry = 4');
}, 120_000);

it('changes nothing when the disk is full', async () => {
  await untilArmed();
  const folder = join(fail2ban.configDir, 'filter.d');
  const text = await readFile(join(folder, 'test.conf'), 'utf8');
  // A file system of one page, where root may not write more either.
  await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', folder]);
  try {
    await writeFile(join(folder, 'test.conf'), text);
    const file = { path: 'filter.d/own.local', text: `[Definition]\n${'# full\n'.repeat(2_000)}`, etag: null };
    const refused = await change({ files: [file] });
    expect([refused.status, refused.body.code]).toEqual([503, 'configuration-unwritable']);
    expect(refused.body.detail).toContain('ENOSPC');
    await expectOneState();
    await expect(readFile(join(folder, 'own.local'))).rejects.toThrow('ENOENT');
  } finally {
    await promisify(execFile)('umount', [folder]);
  }
});

it('leaves alone what somebody else wrote meanwhile, and does as it is told then', async () => {
  for (let tries = 0; ; tries += 1) {
    await untilArmed();
    expect((await make(4)).body).toMatchObject({ status: 'succeeded' });
    const asked = ask(9).catch(() => undefined);
    await eventually(async () => expect(await onDisk()).toContain('maxretry = 9'));
    api.kill('SIGKILL');
    await api.exit;
    const answer = await asked;
    if (answer?.body.status !== 'succeeded') break;
    // It was over before the kill.
    expect(tries).toBeLessThan(5);
    await start();
  }
  await writeFile(join(fail2ban.configDir, own), '[web]\nmaxretry = 6\n');
  await start();
  await eventually(async () => {
    const { change } = (await admin.get<ConfigurationOverview>(base)).body;
    expect(change).toMatchObject({ state: 'stuck', paths: [own], problem: expect.stringContaining(own) as string });
  });
  expect((await make(7)).body.code).toBe('configuration-stuck');
  expect((await admin.post(`${base}/resolve`, { how: 'keep' })).status).toBe(204);
  expect(await onDisk()).toBe('[web]\nmaxretry = 6\n');
  expect((await make(7)).body).toMatchObject({ status: 'succeeded' });
  await expectOneState();
}, 120_000);
