import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfiguredServer } from '../src/features/configuration/configuration.dto.ts';
import { configurationBase, configurationClient } from './configuration-client.ts';
import { type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';

const path = 'fail2ban.d/zz-bangui.local';

describe('settings of fail2ban that outlast its restarts', () => {
  let api: Fail2banApi;
  beforeAll(async () => {
    api = await startFail2banApi();
    await allArmed();
  });
  afterAll(() => api.stop());

  const { change, allArmed } = configurationClient(() => api.admin);
  const onDisk = (): Promise<string | null> => readFile(join(api.fail2ban.configDir, path), 'utf8').catch(() => null);
  const read = async (): Promise<ConfiguredServer> =>
    (await api.admin.get<ConfiguredServer>(`${configurationBase}/server`)).body;
  const edit = async (options: Record<string, string>, unset: string[] = []) => {
    const set = Object.entries(options).map(([option, value]) => ({ option, value }));
    return change({ server: { set, unset, etag: (await read()).file.etag } });
  };

  it('are written beside those of others, loaded at once, and still there after a restart', async () => {
    const before = await read();
    expect(before.file).toEqual({ path, text: null, etag: null });
    expect(before.options.find(({ name }) => name === 'loglevel')).toMatchObject({ origin: { file: 'fail2ban.conf' } });
    const made = await edit({ loglevel: 'NOTICE', dbpurgeage: '2d' });
    expect(made.body).toMatchObject({ status: 'succeeded', outcome: { paths: [path], armed: true } });
    expect(await onDisk()).toMatch(/\[Definition\]\nloglevel = NOTICE\ndbpurgeage = 2d\n$/);
    expect(await api.fail2ban.client('get', 'loglevel')).toContain('NOTICE');
    await api.fail2ban.restart();
    expect(await api.fail2ban.client('get', 'loglevel')).toContain('NOTICE');
    expect(await api.fail2ban.client('get', 'dbpurgeage')).toContain('172800');
    expect((await read()).purgeAgeSeconds).toBe(172_800);
    await allArmed();
    expect((await read()).options.find(({ name }) => name === 'loglevel')).toMatchObject({
      ...{ value: 'NOTICE', origin: { file: path, layer: 'ours' } },
    });
    expect((await edit({}, ['loglevel'])).body).toMatchObject({ status: 'succeeded' });
    expect(await onDisk()).not.toContain('loglevel');
    expect((await change({}, 'versions/0/restore')).body).toMatchObject({ status: 'succeeded' });
    expect(await onDisk()).toBeNull();
  });

  it.each<[string, Record<string, string>, string]>([
    ['a log level that is none', { loglevel: 'LOUD' }, 'loglevel'],
    ['a log target that is no log', { logtarget: '/etc/cron.d/x' }, 'logtarget'],
    ['a log target beside no log', { logtarget: '/etc/cron.d/x.log' }, 'logtarget'],
    ['an age that is too short', { dbpurgeage: '1' }, 'dbpurgeage'],
    ['a number of lines that is none', { dbmaxmatches: 'many' }, 'dbmaxmatches'],
    ['another database', { dbfile: '/tmp/x.sqlite3' }, 'dbfile'],
    ['another socket', { socket: '/tmp/x.sock' }, 'socket'],
  ])('are refused before anything is written: %s', async (_what, options, field) => {
    const refused = await edit(options);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ field }]);
    expect(await onDisk()).toBeNull();
  });

  it('are not reached by the way of files', async () => {
    const refused = await change({ files: [{ path, text: '[Definition]\nsocket = /tmp/x\n', etag: null }] });
    expect([refused.status, refused.body.code]).toEqual([422, 'path-not-ours']);
    expect(await onDisk()).toBeNull();
  });
});
