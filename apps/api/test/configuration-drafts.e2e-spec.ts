import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DraftAnswer } from '../src/features/configuration/drafts.dto.ts';
import { ApiClient } from './api-client.ts';
import { configurationBase, configurationClient } from './configuration-client.ts';
import { type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { type OperationProblem } from './operate.ts';

const base = `${configurationBase}/draft`;
const path = 'jail.d/zz-bangui-jail-web.local';

describe('drafts of the configuration', () => {
  let api: Fail2banApi;
  beforeAll(async () => {
    api = await startFail2banApi();
    await allArmed();
  });
  afterAll(() => api.stop());

  const { set, allArmed } = configurationClient(() => api.admin);
  const draftOf = async (of: string, who: ApiClient = api.admin): Promise<DraftAnswer['draft']> =>
    (await who.get<DraftAnswer>(`${base}?path=${encodeURIComponent(of)}`)).body.draft;
  const keep = (draft: object) => api.admin.send<OperationProblem>('PUT', base, { body: draft });
  const draft = { path, etag: null, set: [{ option: 'maxretry', value: '4' }], unset: ['bantime'], text: null };

  it('are kept, replaced, seen by their owner only, and forgotten when told so', async () => {
    expect(await draftOf(path)).toBeNull();
    const before = Date.now();
    expect((await keep(draft)).status).toBe(204);
    const kept = await draftOf(path);
    expect(kept).toEqual({ ...draft, savedAt: kept?.savedAt });
    expect(kept?.savedAt).toBeGreaterThanOrEqual(before);
    const text = { path: 'filter.d/own.local', etag: 'abc', text: '[Definition]\n' };
    expect((await keep(text)).status).toBe(204);
    expect(await draftOf(text.path)).toMatchObject({ ...text, set: [], unset: [] });
    await keep({ ...draft, set: [], etag: 'abc' });
    expect(await draftOf(path)).toMatchObject({ set: [], etag: 'abc', unset: ['bantime'] });

    const other = { username: 'second', password: 'another long passphrase' };
    expect((await api.admin.post('/api/v1/administrators', other)).status).toBe(201);
    const second = new ApiClient(api.url);
    await second.signIn(other);
    expect(await draftOf(path, second)).toBeNull();
    await second.delete(`${base}?path=${encodeURIComponent(path)}`);
    expect(await draftOf(path)).not.toBeNull();
    expect((await api.admin.delete(`${base}?path=${encodeURIComponent(path)}`)).status).toBe(204);
    expect(await draftOf(path)).toBeNull();
    await api.admin.delete(`${base}?path=${text.path}`);
    // None of it is where fail2ban reads.
    await expect(readFile(join(api.fail2ban.configDir, path))).rejects.toThrow('ENOENT');
  });

  it('end with the change that they were', async () => {
    await keep(draft);
    expect((await set('web', { maxretry: '4' })).body).toMatchObject({ status: 'succeeded' });
    expect(await draftOf(path)).toBeNull();
  });

  it.each<[string, object, number, string]>([
    ['of a file that is not ours to write', { ...draft, path: 'jail.conf' }, 422, 'path-not-ours'],
    ['of a path that leads elsewhere', { ...draft, path: '../../etc/passwd.local' }, 422, 'path-not-ours'],
    ['with an option whose name is more than one', { ...draft, unset: ['a\nb'] }, 400, 'invalid-request'],
    ['of more than half a megabyte', { ...draft, text: 'x'.repeat(524_289) }, 400, 'invalid-request'],
    ['without saying what it was begun from', { path, set: [] }, 400, 'invalid-request'],
  ])('are refused %s', async (_what, body, status, code) => {
    const refused = await keep(body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });

  it('are at most fifty for each administrator, of which each can still be kept again', async () => {
    for (let n = 0; n < 50; n += 1) {
      expect((await keep({ ...draft, path: `filter.d/own-${n}.local` })).status).toBe(204);
    }
    const refused = await keep({ ...draft, path: 'filter.d/own-50.local' });
    expect([refused.status, refused.body.code]).toEqual([422, 'too-many-drafts']);
    expect((await keep({ ...draft, path: 'filter.d/own-7.local', text: 'again' })).status).toBe(204);
    expect(await draftOf('filter.d/own-7.local')).toMatchObject({ text: 'again' });
  });
});
