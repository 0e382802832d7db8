import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeCheck } from '../src/features/configuration/changes.dto.ts';
import { type DefinitionDetail, type VersionPage } from '../src/features/configuration/configuration.dto.ts';
import { configurationBase, configurationClient } from './configuration-client.ts';
import { type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';

const endless = '^\\s*FAIL (\\w+\\s?)+ from <ADDR>$';

describe('regular expressions that a change brings', () => {
  let api: Fail2banApi;

  beforeAll(async () => {
    api = await startFail2banApi();
    await allArmed();
  });
  afterAll(() => api.stop());

  const { change, set, allArmed } = configurationClient(() => api.admin);
  const onDisk = (file: string): Promise<string | null> =>
    readFile(join(api.fail2ban.configDir, file), 'utf8').catch(() => null);
  const versions = async (): Promise<number> =>
    (await api.admin.get<VersionPage>(`${configurationBase}/versions`)).body.items.length;
  const definition = (...failregex: string[]): string =>
    `[Definition]\nfailregex = ${failregex.join('\n            ')}\ndatepattern = ^{EPOCH}\n`;

  it.each<[string, () => ReturnType<typeof change>, string, string]>([
    ['a jail', () => set('web', { failregex: endless }), 'jail.d/zz-bangui-jail-web.local', 'web.failregex'],
    ['all jails', () => set('DEFAULT', { failregex: endless }), 'jail.d/zz-bangui-default.local', 'web.failregex'],
    [
      'a filter that jails use',
      () => change({ files: [{ path: 'filter.d/test.local', text: definition('^ok <ADDR>', endless), etag: null }] }),
      'filter.d/test.local',
      'web.failregex',
    ],
    [
      'a filter that no jail uses',
      () => change({ files: [{ path: 'filter.d/spare.local', text: definition('^ok <ADDR>', endless), etag: null }] }),
      'filter.d/spare.local',
      'filter.d/spare.local.failregex',
    ],
  ])('are refused before anything is written when they come to no end: of %s', async (_what, ask, file, field) => {
    const before = await versions();
    const refused = await ask();
    expect([refused.status, refused.body.code]).toEqual([422, 'change-refused']);
    expect(refused.body.errors?.[0]).toMatchObject({ field, code: 'found-by-probe' });
    const message = refused.body.errors?.[0]?.message ?? '';
    expect(message).toContain(endless);
    expect(message).toMatch(/over 1 s on a line of \d+ characters, "FAIL aaaa/);
    expect(await onDisk(file)).toBeNull();
    expect(await versions()).toBe(before);
    await allArmed();
  });

  it('are refused when they come to no end on a line that stands in the log, which is not told', async () => {
    await api.fail2ban.log('web', `FAIL ab-ab ${'word'.repeat(20)}; secret`);
    const refused = await set('web', { failregex: '^\\s*FAIL (\\w+)-\\1 (?:\\w+\\s?)+ from <ADDR>$' });
    expect(refused.body).toMatchObject({ code: 'change-refused', errors: [{ code: 'found-by-probe' }] });
    const message = refused.body.errors?.[0]?.message ?? '';
    expect(message).toContain('on a line of the log');
    expect(message).not.toContain('word');
    await allArmed();
  });

  it('are refused when Python does not take them, also of a filter that no jail uses', async () => {
    const text = definition('^ok <ADDR>', '^\\s*FAIL (from <ADDR>');
    const edit = { path: 'filter.d/spare.local', text, etag: null };
    const { body } = await api.admin.post<ChangeCheck>(`${configurationBase}/check`, { files: [edit] });
    expect(body.problems).toMatchObject([
      { step: 'probe', file: 'filter.d/spare.local', jail: null, option: 'failregex' },
    ]);
    expect((await change({ files: [edit] })).body.code).toBe('change-refused');
    expect(await onDisk(edit.path)).toBeNull();
    await allArmed();
  });

  it('are taken when they are new and come to an end, and are not looked at again when something else changes', async () => {
    const failregex = '^\\s*FAIL (?:\\w+ )*from <ADDR>$';
    expect((await set('web', { failregex })).body).toMatchObject({ status: 'succeeded' });
    expect(await api.fail2ban.client('get', 'web', 'failregex')).toContain('(?:\\w+ )*from');
    const { body } = await api.admin.get<DefinitionDetail>(`${configurationBase}/filters/test`);
    const spare = { path: 'filter.d/spare.local', text: definition('^ok <ADDR>'), etag: null };
    expect((await change({ files: [spare] })).body).toMatchObject({ status: 'succeeded' });
    expect(body.file.text).toBeNull();
    await allArmed();
  });
});
