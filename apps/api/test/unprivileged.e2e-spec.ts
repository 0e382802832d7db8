import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfiguredJailDetail, type ConfiguredServer } from '../src/features/configuration/configuration.dto.ts';
import { type JailList } from '../src/features/jails/index.ts';
import { ApiClient } from './api-client.ts';
import { ApiProcess } from './api-process.ts';
import { eventually, toolSettings } from './fail2ban-api.ts';
import { adminCredentials } from './harness.ts';
import { operate, type OperationAnswer } from './operate.ts';

const grantSocket = resolve(import.meta.dirname, '../../../packaging/systemd/grant-socket');
/** Debian's nobody and nogroup. Who is not root has no more rights than they have, and takes its own. */
const isRoot = process.getuid?.() === 0;
const user = isRoot ? { uid: 65_534, gid: 65_534 } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

describe('BanGUI as a user without rights, after what the guide for bare metal says', () => {
  let dir: string;
  let fail2ban: PrivateFail2ban;
  let api: ApiProcess;
  let admin: ApiClient;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-unprivileged-'));
    await chown(dir, user.uid, user.gid);
    fail2ban = await PrivateFail2ban.start();
    // As Debian has it: the configuration may be read, the log belongs to a group, the rest is fail2ban's.
    await chmod(fail2ban.dir, 0o755);
    for (const name of ['jail.d', 'filter.d', 'action.d', 'fail2ban.d']) {
      const folder = join(fail2ban.configDir, name);
      await mkdir(folder, { recursive: true });
      await chown(folder, -1, user.gid);
      await chmod(folder, 0o2775);
    }
    const log = join(fail2ban.logDir, 'fail2ban.log');
    await chown(log, -1, user.gid);
    await chmod(log, 0o640);
    const database = join(fail2ban.dir, 'run/f2b.sqlite3');
    await promisify(execFile)(grantSocket, [fail2ban.socketPath, database, String(user.gid)]);
    api = ApiProcess.start(
      {
        ...toolSettings(),
        PATH: '/usr/bin:/bin',
        BANGUI_PORT: '0',
        BANGUI_DATABASE_PATH: join(dir, 'data/bangui.sqlite3'),
        BANGUI_PLUGINS_DIR: join(dir, 'data/plugins'),
        BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
        BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
        BANGUI_ADMIN_USERNAME: adminCredentials.username,
        BANGUI_ADMIN_PASSWORD: adminCredentials.password,
      },
      [],
      user,
    );
    admin = new ApiClient(await api.url());
    await admin.signIn(adminCredentials);
  });

  afterAll(async () => {
    api.kill('SIGKILL');
    await api.exit;
    await fail2ban[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  it('is not root', async () => {
    const status = await readFile(`/proc/${api.child.pid}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\\t${user.uid}\\t${user.uid}`, 'm'));
    if (isRoot) expect(status).toMatch(/^CapEff:\t0+$/m);
  });

  it('proves every jail armed', () =>
    eventually(async () => {
      const { items } = (await admin.get<JailList>('/api/v1/jails')).body;
      expect(items.map(({ name, armed }) => [name, armed.status])).toEqual([
        ['manual', 'armed'],
        ['ssh', 'armed'],
        ['web', 'armed'],
      ]);
    }));

  it('bans', async () => {
    expect((await operate(admin, '/api/v1/bans', { jail: 'manual', addresses: ['203.0.113.7'] })).status).toBe(200);
    expect(await fail2ban.client('get', 'manual', 'banip')).toContain('203.0.113.7');
  });

  it('changes the configuration in files of its own, which fail2ban reads', async () => {
    const { file } = (await admin.get<ConfiguredJailDetail>('/api/v1/configuration/jails/web')).body;
    const jails = [{ jail: 'web', set: [{ option: 'maxretry', value: '9' }], etag: file.etag }];
    expect((await operate(admin, '/api/v1/configuration/changes', { jails })).status).toBe(200);
    expect(await fail2ban.client('get', 'web', 'maxretry')).toBe('9');
    expect((await stat(join(fail2ban.configDir, file.path))).uid).toBe(user.uid);
  });

  const keep = async (value: string): Promise<{ path: string; answer: OperationAnswer }> => {
    const { file } = (await admin.get<ConfiguredServer>('/api/v1/configuration/server')).body;
    const server = { set: [{ option: 'dbmaxmatches', value }], unset: [], etag: file.etag };
    return { path: file.path, answer: await operate(admin, '/api/v1/configuration/changes', { server }) };
  };

  it('says that it cannot keep settings of the server where it may not write', async () => {
    const folder = join(fail2ban.configDir, 'fail2ban.d');
    await chmod(folder, 0o555);
    const { path, answer } = await keep('5');
    await chmod(folder, 0o2775);
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'configuration-unwritable', detail: expect.stringContaining('EACCES') as string },
    });
    await expect(stat(join(fail2ban.configDir, path))).rejects.toThrow('ENOENT');
  });

  it('keeps settings of the server in a file of its own, which another fail2ban reads', async () => {
    const { path, answer } = await keep('5');
    expect(answer.status).toBe(200);
    expect(await fail2ban.client('get', 'dbmaxmatches')).toContain('5');
    expect((await stat(join(fail2ban.configDir, path))).uid).toBe(user.uid);
    await fail2ban.restart();
    expect(await fail2ban.client('get', 'dbmaxmatches')).toContain('5');
  });

  it('keeps its database to itself', async () => {
    expect((await stat(join(dir, 'data'))).mode & 0o077).toBe(0);
  });
});
