import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChangeCheck } from '../src/features/configuration/changes.dto.ts';
import {
  type ConfigurationOverview,
  type ConfigurationVersionDetail,
  type ConfiguredJailList,
  type DefinitionDetail,
  type DefinitionList,
  type VersionPage,
} from '../src/features/configuration/configuration.dto.ts';
import { configurationBase, configurationClient } from './configuration-client.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { adminCredentials } from './harness.ts';
import { type OperationProblem } from './operate.ts';

const base = configurationBase;
const { password } = adminCredentials;

describe('the configuration', () => {
  let api: Fail2banApi;

  beforeAll(async () => {
    api = await startFail2banApi();
    await allArmed();
  });
  afterAll(() => api.stop());

  const path = (file: string): string => join(api.fail2ban.configDir, file);
  const onDisk = (file: string): Promise<string | null> => readFile(path(file), 'utf8').catch(() => null);
  const { jail, change, set, allArmed } = configurationClient(() => api.admin);
  const live = (name: string, option: string): Promise<string> => api.fail2ban.client('get', name, option);
  const versions = async (): Promise<VersionPage['items']> =>
    (await api.admin.get<VersionPage>(`${base}/versions`)).body.items;

  it('lists jails, filters and actions with where they come from', async () => {
    const jails = (await api.admin.get<ConfiguredJailList>(`${base}/jails`)).body.items;
    expect(jails).toMatchObject([
      { name: 'web', isEnabled: true, isRunning: true, layer: 'local', isChanged: false, filter: 'test' },
      { name: 'ssh', actions: ['echo-log'] },
      { name: 'manual', filter: null, actions: [] },
    ]);
    const filters = (await api.admin.get<DefinitionList>(`${base}/filters`)).body.items;
    expect(filters).toEqual([{ name: 'test', layer: 'stock', isOurs: false, usedBy: ['web', 'ssh'], problems: 0 }]);
    const { body } = await api.admin.get<ConfigurationOverview>(base);
    expect(body).toMatchObject({ directory: api.fail2ban.configDir, version: null, change: null });
    expect(body.files.map(({ path, owner, isAdoptable }) => [path, owner, isAdoptable])).toContainEqual([
      'jail.local',
      'person',
      true,
    ]);
  });

  it('says of each value which file and line it comes from, and what it won over', async () => {
    const ssh = await jail('ssh');
    const bantime = ssh.options.find(({ name }) => name === 'bantime');
    expect(bantime).toMatchObject({ value: '3600', origin: { file: 'jail.local', section: 'ssh', layer: 'local' } });
    expect(bantime?.overridden).toMatchObject([{ raw: '600', origin: { file: 'jail.conf', section: 'DEFAULT' } }]);
    expect(ssh.options.find(({ name }) => name === 'action')).toMatchObject({
      raw: '%(banaction)s[name=%(__name__)s]',
      value: 'echo-log[name=ssh]',
    });
    expect(ssh.file).toEqual({ path: 'jail.d/zz-bangui-jail-ssh.local', text: null, etag: null });
    const action = (await api.admin.get<DefinitionDetail>(`${base}/actions/echo-log`)).body;
    expect(action.definition.map(({ name }) => name)).toContain('actionban');
    expect(action.init).toMatchObject([{ name: 'name', value: 'default' }]);
  });

  it('says what holds for all jails, and changes it for all of them', async () => {
    const all = await jail('DEFAULT');
    expect(all.options.find(({ name }) => name === 'bantime')).toMatchObject({
      ...{ value: '600', origin: { file: 'jail.conf', section: 'DEFAULT', layer: 'stock' } },
    });
    expect(all.file).toEqual({ path: 'jail.d/zz-bangui-default.local', text: null, etag: null });
    expect((await set('DEFAULT', { maxretry: '11' })).body).toMatchObject({ status: 'succeeded' });
    expect((await jail('DEFAULT')).options.find(({ name }) => name === 'maxretry')).toMatchObject({
      ...{ value: '11', origin: { layer: 'ours' } },
    });
    expect(await live('manual', 'maxretry')).toBe('11');
    await change({}, 'versions/0/restore');
    expect(await live('manual', 'maxretry')).not.toBe('11');
  });

  it('changes a jail in a file of its own, reads it back, keeps a version, and goes back to the state before', async () => {
    const before = await onDisk('jail.local');
    const changed = await set('ssh', { bantime: '2h', maxretry: '7' }, { comment: 'Stricter' });
    expect(changed.body).toMatchObject({ kind: 'configure', status: 'succeeded', outcome: { armed: true } });
    expect(await onDisk('jail.d/zz-bangui-jail-ssh.local')).toMatch(/\[ssh\]\nbantime = 2h\nmaxretry = 7\n$/);
    expect(await onDisk('jail.local')).toBe(before);
    expect([await live('ssh', 'bantime'), await live('ssh', 'maxretry')]).toEqual(['7200', '7']);
    const [version] = await versions();
    expect(version).toMatchObject({
      ...{ kind: 'change', actor: 'admin', comment: 'Stricter' },
      files: [{ path: 'jail.d/zz-bangui-jail-ssh.local', change: 'added' }],
    });
    const shown = (await jail('ssh')).options.find(({ name }) => name === 'bantime');
    expect(shown).toMatchObject({ value: '2h', origin: { layer: 'ours', line: 4 } });

    const number = version?.number ?? 0;
    const shownBefore = await api.admin.post<ChangeCheck>(`${base}/versions/${number - 1}/check`);
    expect(shownBefore.body).toMatchObject({
      ...{ problems: [], needsPassword: false },
      files: [
        { path: 'jail.d/zz-bangui-jail-ssh.local', before: expect.stringContaining('2h') as string, after: null },
      ],
    });
    const same = await api.admin.post<OperationProblem>(`${base}/versions/${number}/check`);
    expect([same.status, same.body.code]).toEqual([422, 'nothing-to-change']);
    const restored = await change({ comment: 'Too strict' }, `versions/${number - 1}/restore`);
    expect(restored.body).toMatchObject({ status: 'succeeded', outcome: { version: number + 1 } });
    expect(await onDisk('jail.d/zz-bangui-jail-ssh.local')).toBeNull();
    expect(await live('ssh', 'bantime')).toBe('3600');
    const again = await change({}, `versions/${number}/restore`);
    expect(again.body).toMatchObject({ status: 'succeeded' });
    expect(await live('ssh', 'bantime')).toBe('7200');
    const detail = (await api.admin.get<ConfigurationVersionDetail>(`${base}/versions/${number}`)).body;
    expect(detail.files[0]).toMatchObject({ before: null, after: expect.stringContaining('bantime = 2h') as string });
    await change({}, `versions/${number - 1}/restore`);
    await allArmed();
  });

  it('changes what holds for all jails', async () => {
    const defaults = await jail('DEFAULT');
    expect(defaults.options.find(({ name }) => name === 'findtime')).toMatchObject({
      value: '600',
      origin: { file: 'jail.conf', section: 'DEFAULT' },
    });
    expect((await set('DEFAULT', { findtime: '11m' })).body).toMatchObject({ status: 'succeeded' });
    expect([await live('web', 'findtime'), await live('ssh', 'findtime')]).toEqual(['660', '660']);
    const { file } = await jail('DEFAULT');
    const back = await change({ jails: [{ jail: 'DEFAULT', unset: ['findtime'], etag: file.etag }] });
    expect(back.body).toMatchObject({ status: 'succeeded' });
    expect([await live('web', 'findtime'), await onDisk(file.path)]).toEqual(['600', null]);
  });

  it('enables, disables, adds and removes jails', async () => {
    const added = await change({
      jails: [
        {
          jail: 'app',
          set: [
            { option: 'enabled', value: 'true' },
            { option: 'filter', value: 'test' },
            { option: 'logpath', value: join(api.fail2ban.logDir, 'web.log') },
          ],
          etag: null,
        },
      ],
      password,
    });
    expect(added.body).toMatchObject({ status: 'succeeded', outcome: { jails: { app: { armed: 'armed' } } } });
    expect(await api.fail2ban.client('status')).toContain('app');
    expect(await jail('app')).toMatchObject({ isOurs: true, isRunning: true });

    const disabled = await set('web', { enabled: 'false' });
    expect(disabled.body).toMatchObject({ status: 'succeeded' });
    expect(await api.fail2ban.client('status')).not.toContain('web');
    await set('web', { enabled: 'true' }, { password });

    const { file } = await jail('app');
    const removed = await change({ files: [{ path: file.path, text: null, etag: file.etag }] });
    expect(removed.body).toMatchObject({ status: 'succeeded' });
    expect((await api.admin.get(`${base}/jails/app`)).status).toBe(404);
    await allArmed();
  });

  it('copies a filter under another name, uses it, and removes it when no jail does', async () => {
    const text = '[Definition]\nfailregex = ^\\s*BAD from <ADDR>\ndatepattern = ^{EPOCH}\n';
    const file = { path: 'filter.d/own.local', text, etag: null };
    expect((await change({ files: [file] })).body).toMatchObject({ status: 'succeeded' });
    expect((await set('web', { filter: 'own' })).body).toMatchObject({ status: 'succeeded' });
    expect(await live('web', 'failregex')).toContain('BAD from');
    const { body } = await api.admin.get<DefinitionDetail>(`${base}/filters/own`);
    expect(body).toMatchObject({ usedBy: ['web'], files: [{ path: 'filter.d/own.local', owner: 'ours' }] });

    const gone = { files: [{ path: file.path, text: null, etag: body.file.etag }] };
    const refused = await change(gone);
    expect([refused.status, refused.body.code]).toEqual([422, 'change-refused']);
    expect(refused.body.errors?.[0]?.field).toContain('filter');
    const web = await jail('web');
    const both = await change({ jails: [{ jail: 'web', unset: ['filter'], etag: web.file.etag }], ...gone });
    expect(both.body).toMatchObject({ status: 'succeeded' });
    expect([await onDisk(file.path), await live('web', 'failregex')]).toEqual([
      null,
      expect.stringContaining('FAIL from'),
    ]);
  });

  it('asks for the password when root would run something else', async () => {
    const options = { action: 'echo-log[name="$(id)"]' };
    const without = await set('web', options);
    expect([without.status, without.body.code]).toEqual([403, 'password-needed']);
    const wrong = await set('web', options, { password: 'not the password at all' });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'current-password-wrong']);
    expect(await onDisk('jail.d/zz-bangui-jail-web.local')).not.toContain('$(id)');
    const own = { path: 'action.d/echo-log.local', text: '[Definition]\nactionban = echo changed\n', etag: null };
    expect((await change({ files: [own] })).body.code).toBe('password-needed');
    expect((await change({ files: [own], password })).body).toMatchObject({ status: 'succeeded' });
    const { body } = await api.admin.get<DefinitionDetail>(`${base}/actions/echo-log`);
    const removed = await change({ files: [{ path: own.path, text: null, etag: body.file.etag }], password });
    expect(removed.body).toMatchObject({ status: 'succeeded' });
  });

  it('asks for it too when what changes is only included, and named by a jail that is off', async () => {
    await api.fail2ban.writeConfig('action.d/base.conf', '[Definition]\nactionban = echo base\n');
    await api.fail2ban.writeConfig(
      'action.d/child.conf',
      '[INCLUDES]\nbefore = base.conf\n[Definition]\nactionstart =\n',
    );
    await api.fail2ban.writeConfig(
      'jail.d/included.local',
      '[off]\nenabled = false\nfilter =\naction = base\n[ssh]\naction = child\n',
    );
    const own = { path: 'action.d/base.local', text: '[Definition]\nactionban = echo other\n', etag: null };
    const { body } = await api.admin.post<ChangeCheck>(`${base}/check`, { files: [own] });
    expect(body).toMatchObject({ problems: [], needsPassword: true });
    for (const file of ['action.d/base.conf', 'action.d/child.conf', 'jail.d/included.local']) await rm(path(file));
    await allArmed();
  });

  it('tells the second of two that the first was faster, and overwrites nothing', async () => {
    const { file } = await jail('ssh');
    const edit = (value: string) => ({
      jails: [{ jail: 'ssh', set: [{ option: 'maxretry', value }], etag: file.etag }],
    });
    expect((await change(edit('8'))).body).toMatchObject({ status: 'succeeded' });
    const second = await change(edit('9'));
    expect([second.status, second.body.code]).toEqual([412, 'configuration-outdated']);
    expect(await live('ssh', 'maxretry')).toBe('8');
    // At the same moment, too: one of them waits or is told, and no more than one is made.
    const { etag } = (await jail('ssh')).file;
    const both = await Promise.all(
      ['5', '6'].map((value) => change({ jails: [{ jail: 'ssh', set: [{ option: 'maxretry', value }], etag }] })),
    );
    expect(both.filter(({ body }) => body.status === 'succeeded')).toHaveLength(1);
    for (const { status } of both) expect([200, 409, 412]).toContain(status);
    await change({}, 'versions/0/restore');
  });

  describe('refuses before anything is written, and every jail stays armed', () => {
    const long = 'x'.repeat(1_000_000);
    beforeEach(() => allArmed());

    it.each<[string, Record<string, string>, string]>([
      ['a regex that is none', { failregex: '^\\s*FAIL (from <ADDR>' }, 'failregex'],
      ['a regex without a host', { failregex: '^FAIL' }, 'failregex'],
      ['a time that is none', { bantime: 'two moons' }, 'bantime'],
      ['a backend that is none', { backend: 'crystal-ball' }, 'backend'],
      ['a filter that is none', { filter: 'no-such-filter' }, 'filter'],
      ['a log that is none', { logpath: '/no/such/log' }, 'logpath'],
      ['a number that is none', { maxretry: 'abc' }, 'maxretry'],
      ['a value that names another that is none', { bantime: '%(no_such)s' }, 'bantime'],
      ['an action that is none', { action: 'no-such-action' }, 'action'],
    ])('%s', async (_what, options, option) => {
      const [newest] = await versions();
      const before = await onDisk('jail.d/zz-bangui-jail-web.local');
      const refused = await set('web', options, { password });
      expect([refused.status, refused.body.code]).toEqual([422, 'change-refused']);
      expect(JSON.stringify(refused.body.errors)).toContain(option);
      expect(await onDisk('jail.d/zz-bangui-jail-web.local')).toBe(before);
      expect((await versions())[0]).toEqual(newest);
      const { file } = await jail('web');
      const settings = Object.entries(options).map(([name, value]) => ({ option: name, value }));
      const edits = { jails: [{ jail: 'web', set: settings, etag: file.etag }] };
      const checked = await api.admin.post<ChangeCheck>(`${base}/check`, edits);
      expect(checked.body.problems.length).toBeGreaterThan(0);
      await allArmed();
    });

    it.each<[string, string, string]>([
      ['an option twice', '[Definition]\nfailregex = ^a <HOST>\nfailregex = ^b <HOST>\n', 'filter.d/bad.local:3'],
      ['what stands in no section', 'failregex = ^a <HOST>\n', 'filter.d/bad.local:1'],
    ])('a file with %s', async (_what, text, field) => {
      const refused = await change({ files: [{ path: 'filter.d/bad.local', text, etag: null }] });
      expect(refused.body).toMatchObject({ code: 'change-refused', errors: [{ field, code: 'found-by-reader' }] });
      expect(await onDisk('filter.d/bad.local')).toBeNull();
    });

    it.each<[string, object, number]>([
      [
        'a line of a million letters',
        { jails: [{ jail: 'web', set: [{ option: 'failregex', value: long }], etag: null }] },
        400,
      ],
      ['a file that is too large', { files: [{ path: 'filter.d/big.local', text: long, etag: null }] }, 400],
      [
        'a name that leads out of the folder',
        { files: [{ path: '../../etc/cron.d/x.local', text: '', etag: null }] },
        422,
      ],
      ['one that does so within', { files: [{ path: 'filter.d/../../x.local', text: '', etag: null }] }, 422],
      ['one with NUL', { files: [{ path: 'filter.d/a\0.local', text: '', etag: null }] }, 422],
      ['one that is too long', { files: [{ path: `filter.d/${'a'.repeat(150)}.local`, text: '', etag: null }] }, 422],
      ['an absolute one', { files: [{ path: '/etc/passwd', text: '', etag: null }] }, 422],
      ['a file that comes with fail2ban', { files: [{ path: 'filter.d/test.conf', text: '', etag: null }] }, 422],
      ["a person's own file", { files: [{ path: 'jail.local', text: '', etag: null }] }, 422],
      ['a jail whose name leads elsewhere', { jails: [{ jail: '../x', set: [], etag: null }] }, 422],
      [
        'an option whose name is more than one',
        { jails: [{ jail: 'web', set: [{ option: 'a\nb', value: '' }], etag: null }] },
        400,
      ],
      ['text that is none', { files: [{ path: 'filter.d/nul.local', text: 'a\0b', etag: null }] }, 422],
    ])('%s', async (_what, body, status) => {
      const refused = await change(body);
      expect(refused.status).toBe(status);
      await allArmed();
    });

    it('a link in the place of a file or folder', async () => {
      const outside = join(api.dir, 'outside');
      await mkdir(outside, { recursive: true });
      await writeFile(join(outside, 'target'), 'untouched');
      await symlink(join(outside, 'target'), path('filter.d/link.local'));
      const refused = await change({ files: [{ path: 'filter.d/link.local', text: '[Definition]\n', etag: null }] });
      expect([refused.status, refused.body.code]).toEqual([422, 'path-not-ours']);
      expect(await readFile(join(outside, 'target'), 'utf8')).toBe('untouched');
      await rm(path('filter.d/link.local'));
    });

    it('a file that is not UTF-8 beside it, which fail2ban would skip in silence', async () => {
      await writeFile(path('jail.d/latin.local'), Buffer.from('[web]\n# caf\xe9\nmaxretry = 5\n', 'latin1'));
      const refused = await set('web', { maxretry: '4' });
      await rm(path('jail.d/latin.local'));
      expect([refused.status, refused.body.code]).toEqual([422, 'change-refused']);
    });
  });

  it("takes over a person's file only when told to, with a copy, and changes it from then on", async () => {
    await api.fail2ban.writeConfig('jail.d/own.local', '# by hand\n[web]\nmaxretry = 6\n');
    const { body: file } = await api.admin.get<{ etag: string; owner: string }>(`${base}/file?path=jail.d/own.local`);
    expect(file.owner).toBe('person');
    const edit = { path: 'jail.d/own.local', text: '# by hand\n[web]\nmaxretry = 4\n', etag: file.etag };
    expect((await change({ files: [edit] })).body.code).toBe('path-not-ours');
    expect((await change({ path: edit.path, etag: 'another' }, 'adopt')).body.code).toBe('configuration-outdated');
    const adopted = await change({ path: edit.path, etag: file.etag, comment: 'Mine' }, 'adopt');
    expect(adopted.body).toMatchObject({ status: 'succeeded' });
    const copies = readdirSync(path('jail.d')).filter((name) => name.includes('before-bangui'));
    expect(copies).toHaveLength(1);
    expect(await onDisk(`jail.d/${copies[0] ?? ''}`)).toContain('maxretry = 6');
    const changed = await change({ files: [edit] });
    // Where it was undone, this says why.
    expect(changed.body.detail).toBeUndefined();
    expect(changed.body).toMatchObject({ status: 'succeeded' });
    expect(await live('web', 'maxretry')).toBe('4');
    expect(existsSync(path('jail.d/own.local'))).toBe(true);
  });

  it('does nothing while fail2ban is away, because nothing could be read back', async () => {
    await api.fail2ban.stop();
    await eventually(async () => {
      const { body } = await api.admin.get<{ online: boolean }>('/api/v1/server');
      expect(body.online).toBe(false);
    });
    const { file } = await jail('ssh');
    const refused = await set('ssh', { maxretry: '5' });
    expect(refused.status).toBe(503);
    expect((await jail('ssh')).file).toEqual(file);
    await api.fail2ban.restart();
    await allArmed();
  });
});
