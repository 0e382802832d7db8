import { existsSync, statSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail2banTools, PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerSettingsNow } from '../src/features/server/control/index.ts';
import { eventually, type Fail2banApi, startFail2banApi, toolSettings } from './fail2ban-api.ts';
import { startApi } from './harness.ts';
import { operate } from './operate.ts';

interface Problem {
  code: string;
  detail: string;
  errors?: { field: string; code: string }[];
}
interface AuditPage {
  items: { action: string; outcome: string; before: unknown; after: unknown; detail: Record<string, unknown> }[];
}

describe('settings of the fail2ban server', () => {
  let api: Fail2banApi;
  beforeAll(async () => {
    api = await startFail2banApi();
  });
  afterAll(() => api.stop());

  const settings = async (): Promise<ServerSettingsNow> =>
    (await api.admin.get<ServerSettingsNow>('/api/v1/server/settings')).body;
  const change = (body: object) =>
    api.admin.send<ServerSettingsNow & Problem>('PATCH', '/api/v1/server/settings', { body });
  const lastAudit = async (action: string): Promise<AuditPage['items'][number] | undefined> =>
    (await api.admin.get<AuditPage>('/api/v1/audit?limit=20')).body.items.find((item) => item.action === action);

  it('are read from the server', async () => {
    expect(await settings()).toEqual({
      loglevel: 'INFO',
      logtarget: join(api.fail2ban.logDir, 'fail2ban.log'),
      syslogsocket: 'auto',
      dbfile: join(api.fail2ban.dir, 'run/f2b.sqlite3'),
      dbpurgeage: 86_400,
      dbmaxmatches: 10,
      socket: api.fail2ban.socketPath,
      restart: { isPossible: false, reason: expect.stringContaining('BANGUI_FAIL2BAN_RESTART') as string },
    });
  });

  it('are changed in the running server, read back and kept in the audit log', async () => {
    const target = join(api.fail2ban.logDir, 'other.log');
    const { status, body } = await change({ loglevel: 'DEBUG', logtarget: target, dbpurgeage: '2d', dbmaxmatches: 3 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ loglevel: 'DEBUG', logtarget: target, dbpurgeage: 172_800, dbmaxmatches: 3 });
    expect(await api.fail2ban.client('get', 'loglevel')).toContain('DEBUG');
    expect(await api.fail2ban.client('get', 'dbpurgeage')).toContain('172800');
    await api.fail2ban.client('status');
    await eventually(() => expect(existsSync(target)).toBe(true));
    expect(await lastAudit('server.settings')).toMatchObject({
      outcome: 'succeeded',
      before: { loglevel: 'INFO', dbmaxmatches: 10 },
      after: { loglevel: 'DEBUG', logtarget: target, dbpurgeage: 172_800, dbmaxmatches: 3 },
    });
    await change({ loglevel: 'INFO', logtarget: join(api.fail2ban.logDir, 'fail2ban.log') });
  });

  it.each<[object, string]>([
    [{ logtarget: '/etc/shadow' }, 'logtarget'],
    [{ logtarget: '/etc/cron.d/x.log' }, 'logtarget'],
    [{ logtarget: '@LOG@/../../etc/x.log' }, 'logtarget'],
    [{ logtarget: '@LOG@/x.conf' }, 'logtarget'],
    [{ logtarget: '@LOG@/x y.log' }, 'logtarget'],
    [{ logtarget: 'stdout' }, 'logtarget'],
    [{ logtarget: '' }, 'logtarget'],
    [{ dbpurgeage: 'soon' }, 'dbpurgeage'],
    [{ dbpurgeage: '-1' }, 'dbpurgeage'],
    [{ dbpurgeage: '10' }, 'dbpurgeage'],
  ])('refuse %j before anything is sent', async (body, field) => {
    const before = await settings();
    const text = JSON.stringify(body).replace('@LOG@', api.fail2ban.logDir);
    const answer = await change({ loglevel: 'ERROR', ...(JSON.parse(text) as object) });
    expect([answer.status, answer.body.code]).toEqual([422, 'parameter-invalid']);
    expect(answer.body.errors).toMatchObject([{ field }]);
    expect(await settings()).toEqual(before);
    expect(await lastAudit('server.settings')).toMatchObject({ outcome: 'refused' });
  });

  it.each<object>([
    { loglevel: 'LOUD' },
    { loglevel: 3 },
    { dbmaxmatches: -1 },
    { dbmaxmatches: 1.5 },
    { logtarget: '/var/log/a\n.log' },
    { dbfile: '/tmp/x' },
  ])('refuse the request %j', async (body) => {
    const answer = await change(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
  });

  it('open the log anew after a rotation', async () => {
    const log = join(api.fail2ban.logDir, 'fail2ban.log');
    await rename(log, `${log}.1`);
    const { status } = await api.admin.post('/api/v1/server/flush-logs');
    expect(status).toBe(204);
    await eventually(() => expect(statSync(log).size).toBeGreaterThan(0));
    expect(await lastAudit('server.flush-logs')).toMatchObject({ outcome: 'succeeded' });
  });

  it('say why there can be no restart', async () => {
    const { status, body } = await api.admin.post<Problem>('/api/v1/server/restart');
    expect([status, body.code]).toEqual([409, 'restart-not-possible']);
    expect(body.detail).toContain('systemctl restart fail2ban');
  });

  it('cannot be read while fail2ban is offline', async () => {
    await api.fail2ban.stop();
    await eventually(async () => {
      const { status, body } = await api.admin.get<Problem>('/api/v1/server/settings');
      expect([status, body.code]).toEqual([503, 'fail2ban-offline']);
    });
    expect((await change({ loglevel: 'INFO' })).status).toBe(503);
  });

  it('ask for a session', async () => {
    expect((await api.anonymous.get('/api/v1/server/settings')).status).toBe(401);
  });
});

describe('a restart of fail2ban', () => {
  /** The API with a program that restarts this fail2ban as a system does: stop, then start in the background. */
  async function start(script: (fail2ban: PrivateFail2ban) => string) {
    const fail2ban = await PrivateFail2ban.start();
    const program = join(fail2ban.dir, 'restart.sh');
    await writeFile(program, `#!/bin/sh\n${script(fail2ban)}\n`);
    await chmod(program, 0o755);
    const env = { ...toolSettings(), BANGUI_FAIL2BAN_RESTART: `${program} now` };
    const api = await startApi({ fail2ban, env });
    const status = async () =>
      (await api.admin.get<{ online: boolean; startedAt: number; jails: number }>('/api/v1/server')).body;
    await eventually(async () => expect(await status()).toMatchObject({ online: true, jails: 3 }));
    const restart = () => operate(api.admin, '/api/v1/server/restart', {}, {}, 60_000);
    return {
      api,
      fail2ban,
      status,
      restart,
      stop: async () => {
        await api.stop();
        // It may run in the background by now.
        await fail2ban.client('stop').catch(() => undefined);
        await fail2ban[Symbol.asyncDispose]();
      },
    };
  }
  const { client, server } = fail2banTools();

  it('goes by the program of the settings, and brings the jails back', async () => {
    const { fail2ban, status, restart, stop } = await start(
      ({ configDir }) =>
        `[ "$1" = now ] || exit 9\n${client} -c ${configDir} stop >/dev/null\n${server} -c ${configDir} -xb start >/dev/null 2>&1`,
    );
    try {
      const before = await status();
      await fail2ban.client('set', 'manual', 'banip', '203.0.113.1');
      const { body } = await restart();
      expect(body).toMatchObject({ kind: 'restart', status: 'succeeded', outcome: { missing: [] } });
      const after = await status();
      expect(after).toMatchObject({ online: true, jails: 3 });
      expect(after.startedAt).not.toBe(before.startedAt);
      // fail2ban is there before the bans of its database are in force again.
      await eventually(async () => expect(await fail2ban.client('get', 'manual', 'banip')).toContain('203.0.113.1'));
    } finally {
      await stop();
    }
  });

  it('is not begun with a configuration that would disarm jails, and tells when the program fails', async () => {
    const { api, fail2ban, restart, stop } = await start(() => 'echo "no such unit" >&2\nexit 5');
    try {
      const failed = await restart();
      expect(JSON.stringify(failed.body)).toContain('restart-failed');
      expect(JSON.stringify(failed.body)).toContain('no such unit');
      await fail2ban.writeConfig('jail.d/bad.local', '[web]\nbantime = nonsense\n');
      const refused = await api.admin.post<Problem>('/api/v1/server/restart');
      expect([refused.status, refused.body.code]).toEqual([422, 'configuration-broken']);
    } finally {
      await stop();
    }
  });
});
