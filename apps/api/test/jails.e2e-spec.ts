import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JailDetail, type JailList, type JailSummary } from '../src/features/jails/index.ts';
import { EventStream } from './event-stream.ts';
import { eventually, type Fail2banApi, startFail2banApi, toolSettings } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';
import { operate, type OperationAnswer } from './operate.ts';

interface Problem {
  code: string;
  errors?: { field: string; message: string }[];
}
interface AuditPage {
  items: { action: string; subject: string; outcome: string; before: unknown; after: unknown }[];
}

describe('jails', () => {
  let api: Fail2banApi;

  beforeAll(async () => {
    api = await startFail2banApi({ logLevel: 'HEAVYDEBUG' });
    await allArmed();
  });
  afterAll(() => api.stop());

  const list = async (): Promise<JailSummary[]> => (await api.admin.get<JailList>('/api/v1/jails')).body.items;
  const jail = async (name: string): Promise<JailSummary | undefined> =>
    (await list()).find((one) => one.name === name);
  const detail = async (name: string): Promise<JailDetail> =>
    (await api.admin.get<JailDetail>(`/api/v1/jails/${name}`)).body;
  /** Steers a jail and waits for the end. */
  const steer = (path: string): Promise<OperationAnswer> => operate(api.admin, `/api/v1/jails/${path}`);
  const allArmed = (): Promise<void> =>
    eventually(async () => {
      const items = await list();
      expect(items.map(({ name, armed }) => [name, armed.status])).toEqual([
        ['manual', 'armed'],
        ['ssh', 'armed'],
        ['web', 'armed'],
      ]);
    });

  it('lists every jail with state, figures, source and colour', async () => {
    await api.fail2ban.log('ssh', 'FAIL from 203.0.113.90');
    await eventually(async () => expect(await jail('ssh')).toMatchObject({ currentlyFailed: 1, totalFailed: 1 }));
    const items = await eventually(async () => {
      const found = await list();
      // Stored a moment after the jails were found.
      expect(new Set(found.map(({ colour }) => colour)).size).toBe(3);
      return found;
    });
    expect(items).toMatchObject([
      { name: 'manual', state: 'running', source: 'none', filter: null, inConfiguration: true },
      { name: 'ssh', state: 'running', source: 'log', filter: 'test', backend: 'polling' },
      { name: 'web', state: 'running', source: 'log', filter: 'test' },
    ]);
    for (const { colour } of items) expect(colour).toBeGreaterThanOrEqual(1);
  });

  it('shows everything about a jail, with the proof that it is what the configuration means', async () => {
    const ssh = await detail('ssh');
    expect(ssh).toMatchObject({
      name: 'ssh',
      armed: { status: 'armed', missing: [] },
      logPaths: [`${api.fail2ban.logDir}/ssh.log`],
      actions: ['echo-log'],
      ignoreSelf: false,
    });
    expect(ssh.ignoreList.toSorted()).toEqual(['127.0.0.0/8', '192.0.2.0/24', '::1']);
    expect(ssh.failRegexes[0]).toContain('FAIL from');
    expect(ssh.parameters).toContainEqual({ name: 'bantime', configured: '3600', actual: '3600', equal: true });
    expect(ssh.parameters).toContainEqual({
      name: 'bantime.increment',
      configured: 'true',
      actual: 'true',
      equal: true,
    });
    expect(ssh.proof?.parts.map(({ part, equal }) => [part, equal])).toEqual([
      ['failRegexes', true],
      ['ignoreRegexes', true],
      ['logSource', true],
      ['actions', true],
      ['ignoreList', true],
      ['parameters', true],
    ]);
  });

  it.each<[string, string[], string, string[]]>([
    ['its only regex', ['set', 'web', 'delfailregex', '0'], 'web', ['failRegexes']],
    ['its log', ['set', 'web', 'dellogpath', '@LOG@/web.log'], 'web', ['logSource']],
    ['its action', ['set', 'web', 'delaction', 'echo-log'], 'web', ['actions']],
    ['its length of bans', ['set', 'web', 'bantime', '1'], 'web', ['parameters']],
    ['what it ignores', ['set', 'web', 'addignoreip', '10.0.0.0/8'], 'web', ['ignoreList']],
  ])(
    'sees that a jail was disarmed by hand in %s, and arms it again by a reload',
    async (_what, command, name, missing) => {
      await api.fail2ban.client(...command.map((word) => word.replace('@LOG@', api.fail2ban.logDir)));
      const proof = await steer(`${name}/prove`);
      expect(proof.body).toMatchObject({
        kind: 'prove',
        status: 'succeeded',
        outcome: { armed: 'not-armed', missing },
      });
      expect(await jail(name)).toMatchObject({ armed: { status: 'not-armed', missing } });
      const reload = await steer(`${name}/reload`);
      expect(reload.status).toBe(200);
      expect(reload.body).toMatchObject({ outcome: { armed: true } });
      expect(await jail(name)).toMatchObject({ armed: { status: 'armed', missing: [] } });
    },
  );

  it('lets a jail rest and wakes it, and tells it over the stream', async () => {
    const stream = await EventStream.open(api.admin);
    const told = (state: string): Promise<unknown> =>
      stream.next('jails', ({ items }) =>
        (items as JailSummary[]).some((one) => one.name === 'web' && one.state === state),
      );
    expect((await steer('web/idle')).body.outcome).toMatchObject({
      armed: false,
      jails: { web: { state: 'idle', missing: ['idle'] } },
    });
    expect(await jail('web')).toMatchObject({
      state: 'idle',
      armed: { status: 'not-armed', missing: ['idle'], reasonCode: 'idle' },
    });
    await told('idle');
    expect((await steer('web/start')).body.outcome).toMatchObject({
      armed: true,
      jails: { web: { state: 'running' } },
    });
    stream.close();
  });

  it('stops a jail, still lists it, and starts it from the configuration', async () => {
    const stopped = await steer('web/stop');
    expect(stopped.body.outcome).toMatchObject({ jails: { web: { state: 'stopped' } } });
    expect(await jail('web')).toMatchObject({
      state: 'stopped',
      armed: { status: 'not-armed', missing: ['jail'], reasonCode: 'jail-missing' },
    });
    expect(await api.fail2ban.client('status')).not.toContain('web');
    expect(await detail('web')).toMatchObject({ state: 'stopped', actions: ['echo-log'], proof: null });
    expect((await steer('web/stop')).body.code).toBe('jail-unknown');

    const started = await steer('web/start');
    expect(started.status).toBe(200);
    expect(started.body.outcome).toMatchObject({ armed: true, jails: { web: { state: 'running', armed: 'armed' } } });
    const audit = await api.admin.get<AuditPage>('/api/v1/audit');
    expect(audit.body.items[0]).toMatchObject({
      action: 'jail.start',
      subject: 'web',
      outcome: 'succeeded',
      before: { jails: { web: { state: 'stopped' } } },
      after: { jails: { web: { state: 'running' } } },
    });
  });

  it('reloads all jails, keeps their bans and says that all are armed', async () => {
    await operate(api.admin, '/api/v1/bans', { jail: 'manual', addresses: ['203.0.113.5'] });
    const reload = await steer('reload');
    expect(reload.body.outcome).toMatchObject({ armed: true, missing: [], unexpected: [] });
    expect(await api.fail2ban.client('get', 'manual', 'banip')).toBe('203.0.113.5');
    await allArmed();
  });

  it.each<[string, string, string]>([
    ['a bad regex', '[web]\nfailregex = ^(broken <HOST>\n', 'web.failregex'],
    ['a time that is none', '[web]\nbantime = never\n', 'web.bantime'],
    ['an unknown backend', '[ssh]\nbackend = nosuch\n', 'ssh.backend'],
    ['a missing filter', '[ssh]\nfilter = nosuch\n', 'ssh.filter'],
    ['a missing log', '[ssh]\nlogpath = /nosuch/file.log\n', 'ssh.logpath'],
  ])('sends nothing to fail2ban when the configuration has %s', async (_what, text, field) => {
    await api.fail2ban.writeConfig('jail.d/broken.local', text);
    const reloads = api.fail2ban.serverLog().split('Reload').length;
    try {
      for (const path of ['reload', 'ssh/reload', 'web/reload']) {
        const answer = await steer(path);
        expect(answer.status).toBe(422);
        expect(answer.body.code).toBe('configuration-broken');
        expect(answer.body.errors?.map((error) => error.field)).toContain(field);
      }
      expect(api.fail2ban.serverLog().split('Reload').length).toBe(reloads);
      expect(await api.fail2ban.client('status')).toContain('manual, ssh, web');
      expect(await api.fail2ban.client('get', 'web', 'failregex')).toContain('FAIL from');
      const audit = await api.admin.get<AuditPage>('/api/v1/audit?limit=1');
      expect(audit.body.items[0]).toMatchObject({ action: 'jail.reload', outcome: 'refused' });
    } finally {
      await api.fail2ban.writeConfig('jail.d/broken.local', '');
    }
    expect((await steer('reload')).body.outcome).toMatchObject({ armed: true });
  });

  it('lists a jail that is enabled but broken, with what is wrong', async () => {
    await api.fail2ban.writeConfig(
      'jail.d/lame.local',
      '[lame]\nenabled = true\nfilter = test\nlogpath = /nosuch/lame.log\n',
    );
    try {
      await eventually(async () =>
        expect(await jail('lame')).toMatchObject({
          state: 'stopped',
          inConfiguration: true,
          armed: { status: 'not-armed', missing: ['jail'] },
        }),
      );
      expect((await jail('lame'))?.armed).toMatchObject({
        reason: expect.stringContaining('log file') as unknown,
        reasonCode: 'configuration-fault',
        reasonParams: { detail: expect.stringContaining('log file') as unknown },
      });
      expect(await detail('lame')).toMatchObject({ name: 'lame', state: 'stopped', proof: null });
      expect((await steer('lame/start')).body.code).toBe('configuration-broken');
      expect(await jail('web')).toMatchObject({ armed: { status: 'armed' } });
    } finally {
      await api.fail2ban.writeConfig('jail.d/lame.local', '');
    }
    await eventually(async () => expect(await jail('lame')).toBeUndefined());
  });

  it('takes up a changed configuration: a new jail is listed as stopped, then started, then removed', async () => {
    await api.fail2ban.writeConfig(
      'jail.d/extra.local',
      '[extra]\nenabled = true\nfilter = test\nlogpath = @DIR@/log/web.log\n',
    );
    await eventually(async () => expect(await jail('extra')).toMatchObject({ state: 'stopped' }));
    expect((await steer('extra/start')).body.outcome).toMatchObject({ armed: true });
    await api.fail2ban.writeConfig('jail.d/extra.local', '');
    await eventually(async () =>
      expect(await jail('extra')).toMatchObject({
        inConfiguration: false,
        armed: { status: 'unknown', reasonCode: 'not-configured' },
      }),
    );
    expect((await steer('extra/reload')).body.code).toBe('jail-not-configured');
    expect((await steer('reload')).body.outcome).toMatchObject({ armed: true });
    await eventually(async () => expect(await jail('extra')).toBeUndefined());
  });

  it('changes parameters of a running jail and says that it is no longer as configured', async () => {
    const changed = await api.admin.send<JailDetail>('PATCH', '/api/v1/jails/web/parameters', {
      body: { bantime: '1d 6h', maxretry: 7 },
    });
    expect(changed.status).toBe(200);
    expect(changed.body.armed).toMatchObject({
      status: 'not-armed',
      missing: ['parameters'],
      reasonCode: 'not-as-configured',
    });
    expect(await api.fail2ban.client('get', 'web', 'bantime')).toBe('108000');
    const audit = await api.admin.get<AuditPage>('/api/v1/audit?limit=1');
    expect(audit.body.items[0]).toMatchObject({
      action: 'jail.parameters',
      before: { bantime: 600, maxretry: 3 },
      after: { bantime: 108_000, maxretry: 7 },
    });
    await steer('web/reload');
  });

  it.each<[unknown, string, string]>([
    [{ bantime: "__import__('os').getpid()" }, 'bantime', 'duration-invalid'],
    [{ bantime: '600;1' }, 'bantime', 'duration-invalid'],
    [{ bantime: '' }, 'bantime', 'duration-invalid'],
    [{ bantime: '0' }, 'bantime', 'bantime-too-short'],
    [{ bantime: 1e99 }, 'bantime', 'duration-invalid'],
    [{ findtime: '-1' }, 'findtime', 'findtime-too-short'],
    [{ findtime: '1 parsec' }, 'findtime', 'duration-invalid'],
    [{ maxretry: '__import__' }, 'maxretry', 'max'],
    [{ maxretry: 0 }, 'maxretry', 'min'],
    [{ formula: 'x' }, 'formula', 'whitelist-validation'],
  ])('refuses the parameters %j, naming the field, and fail2ban never sees them', async (body, field, code) => {
    const answer = await api.admin.send<Problem>('PATCH', '/api/v1/jails/web/parameters', { body });
    expect([400, 422]).toContain(answer.status);
    expect(answer.body.errors?.[0]).toMatchObject({ field, code });
    const received = api.fail2ban.received();
    // Booleans, because the log is long.
    expect(received.includes('bantime')).toBe(true);
    expect(/getpid|__import__|parsec|600;1/.test(received)).toBe(false);
    expect(await api.fail2ban.client('get', 'web', 'bantime')).toBe('600');
  });

  it.each(['a%3Bb', '--all', '%2e%2e', 'a%00b', 'x'.repeat(65), '%F0%9F%92%A9'])(
    'refuses the jail name %s, and fail2ban never sees it',
    async (name) => {
      for (const path of [`${name}/start`, `${name}/reload`]) {
        const answer = await steer(path);
        expect([400, 404]).toContain(answer.status);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
      expect((await api.admin.get(`/api/v1/jails/${name}`)).status).toBeGreaterThanOrEqual(400);
      expect(/a;b|xxxxxxxxxx/.test(api.fail2ban.received())).toBe(false);
    },
  );

  it('ignores an address from now on, and no longer', async () => {
    const added = await api.admin.post<JailDetail>('/api/v1/jails/web/ignored', { address: '203.0.113.0/25' });
    expect(added.body.ignoreList).toContain('203.0.113.0/25');
    const removed = await api.admin.delete<JailDetail>(
      `/api/v1/jails/web/ignored/${encodeURIComponent('203.0.113.0/25')}`,
    );
    expect(removed.body.ignoreList).not.toContain('203.0.113.0/25');
    expect(removed.body.armed.status).toBe('armed');
    const bad = await api.admin.post<Problem>('/api/v1/jails/web/ignored', { address: 'example.org' });
    expect(bad.status).toBe(422);
    expect(bad.body.errors?.[0]?.field).toBe('address');
  });

  it('says that a jail does not exist', async () => {
    const answer = await api.admin.get<Problem>('/api/v1/jails/nosuch');
    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe('jail-unknown');
    expect((await steer('nosuch/start')).body.code).toBe('jail-unknown');
  });
});

describe('a resting jail', () => {
  it('is known as such after a restart of BanGUI, but not after one of fail2ban', async () => {
    const first = await startFail2banApi();
    const state = async (api: RunningApi): Promise<string | undefined> =>
      (await api.admin.get<JailList>('/api/v1/jails')).body.items.find(({ name }) => name === 'web')?.state;
    await operate(first.admin, '/api/v1/jails/web/idle');
    const second = await startApi({
      fail2ban: first.fail2ban,
      env: {
        ...toolSettings(),
        BANGUI_DATABASE_PATH: join(first.dir, 'bangui.sqlite3'),
        BANGUI_SCHEDULER_ROLE: 'standby',
      },
    });
    try {
      await eventually(async () => expect(await state(second)).toBe('idle'));
      await first.fail2ban.restart();
      await eventually(async () => expect(await state(second)).toBe('running'));
    } finally {
      await second.stop();
      await first.stop();
    }
  });
});

describe('without a readable configuration', () => {
  it('lists the jails of the server, does not call them armed, and reloads nothing', async () => {
    const api = await startFail2banApi({}, { env: { BANGUI_FAIL2BAN_CONFIG_DIR: '/nosuch/fail2ban' } });
    try {
      await eventually(async () => {
        const { items } = (await api.admin.get<JailList>('/api/v1/jails')).body;
        expect(items.map(({ name, state, armed }) => [name, state, armed.status])).toEqual([
          ['manual', 'running', 'unknown'],
          ['ssh', 'running', 'unknown'],
          ['web', 'running', 'unknown'],
        ]);
        expect(items[0]?.armed).toMatchObject({
          reason: expect.stringContaining('/nosuch/fail2ban') as unknown,
          reasonCode: 'configuration-unreadable',
          reasonParams: { detail: items[0]?.armed.reason },
        });
      });
      const answer = await api.admin.post<Problem>('/api/v1/jails/reload');
      expect(answer.status).toBe(503);
      expect(answer.body.code).toBe('configuration-unreadable');
      expect(await api.fail2ban.client('status')).toContain('manual, ssh, web');
    } finally {
      await api.stop();
    }
  });
});

describe('many jails', () => {
  it('lists a hundred of them, all armed', async () => {
    const jails = Array.from(
      { length: 100 },
      (_, index) => `[j${index}]\nenabled = true\nfilter = test\nlogpath = @DIR@/log/web.log\n`,
    );
    const api = await startFail2banApi({ jails: jails.join('\n') });
    try {
      await eventually(async () => {
        const { items } = (await api.admin.get<JailList>('/api/v1/jails')).body;
        expect(items.filter(({ armed }) => armed.status === 'armed')).toHaveLength(100);
        // Twelve colours are handed out, each once; the others share the colour of all others.
        expect(items.map(({ colour }) => colour).filter((colour) => colour > 0)).toHaveLength(12);
        // Each is read back, beside whatever else the machine does.
      }, 50_000);
    } finally {
      await api.stop();
    }
  });
});
