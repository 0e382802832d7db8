import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Allowlist } from '../src/features/allowlist/index.ts';
import { AllowlistEntriesService } from '../src/features/allowlist/entries/index.ts';
import {
  type AddedAllowlistEntries,
  type AllowlistEntry,
  type AllowlistPage,
} from '../src/features/allowlist/entries/entries.dto.ts';
import { type BanPreview } from '../src/features/bans/bans.dto.ts';
import { Database } from '../src/core/database/database.ts';
import { type JailList } from '../src/features/jails/jails.dto.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { operate } from './operate.ts';
import { TestClock } from './test-clock.ts';

interface Problem {
  code: string;
  detail: string;
  errors?: { field: string; code: string; params?: { value?: string } }[];
}
interface AuditPage {
  items: { action: string; subject: string; outcome: string; before: unknown; after: unknown; detail: unknown }[];
}

describe('the allowlist', () => {
  const clock = new TestClock();
  let api: Fail2banApi;

  beforeAll(async () => {
    api = await startFail2banApi({}, { clock });
  });
  afterAll(() => api.stop());
  afterEach(async () => {
    for (const { id } of (await page()).items) await api.admin.delete(`/api/v1/allowlist/${id}`);
    await operate(api.admin, '/api/v1/bans/unban-all');
  });

  const page = async (query = ''): Promise<AllowlistPage> =>
    (await api.admin.get<AllowlistPage>(`/api/v1/allowlist${query}`)).body;
  const addresses = async (query = ''): Promise<string[]> => (await page(query)).items.map(({ address }) => address);
  const add = async (request: object): Promise<AddedAllowlistEntries> => {
    const answer = await api.admin.post<AddedAllowlistEntries>('/api/v1/allowlist', request);
    expect(answer.status, answer.text).toBe(201);
    return answer.body;
  };
  const refuse = (request: unknown) => api.admin.post<Problem>('/api/v1/allowlist', request);
  const only = async (): Promise<AllowlistEntry> => {
    const [entry] = (await page()).items;
    if (!entry) throw new Error('there is no entry');
    return entry;
  };
  const ignored = (jail: string): Promise<string> => api.fail2ban.client('get', jail, 'ignoreip');
  const ban = (...texts: string[]) => operate(api.admin, '/api/v1/bans', { jail: 'manual', addresses: texts });
  const latest = async (): Promise<AuditPage['items']> =>
    (await api.admin.get<AuditPage>('/api/v1/audit?limit=5')).body.items;

  it('takes addresses in any form, keeps them canonical, and finds them again', async () => {
    const { items } = await add({
      addresses: [
        ' 203.0.113.7 ',
        '[2001:DB8:0::77]:443',
        '::ffff:198.51.100.1',
        '192.0.2.9-192.0.2.10',
        '192.0.2.77/24',
      ],
      note: '  the office  ',
    });
    const texts = ['192.0.2.0/24', '192.0.2.10', '192.0.2.9', '198.51.100.1', '2001:db8::77', '203.0.113.7'];
    expect(items.map(({ address }) => address).toSorted()).toEqual(texts);
    expect(items[0]).toMatchObject({
      note: 'the office',
      owner: 'admin',
      expiresAt: null,
      isPushedToFail2ban: false,
      jails: [],
    });
    expect((await addresses()).toSorted()).toEqual(texts);
    expect((await addresses('?q=192.0.2.10')).toSorted()).toEqual(['192.0.2.0/24', '192.0.2.10']);
    expect(await addresses('?q=OFFICE&limit=200')).toHaveLength(6);
    expect(await addresses('?q=nobody')).toEqual([]);
    const first = await page('?limit=4');
    expect([...first.items, ...(await page(`?limit=4&cursor=${first.nextCursor ?? ''}`)).items]).toHaveLength(6);
  });

  it('wins over a ban: of the address, of one inside, of a network that holds it', async () => {
    await add({ addresses: ['198.51.100.0/28', '203.0.113.7'] });
    for (const [text, code] of [
      ['203.0.113.7', 'allowlisted'],
      ['::ffff:203.0.113.7', 'allowlisted'],
      ['198.51.100.5', 'allowlisted'],
      ['198.51.100.4/30', 'allowlisted'],
      ['198.51.100.0/24', 'holds-allowlisted'],
    ] as const) {
      const answer = await ban('203.0.113.200', text);
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'lockout-guard', errors: [{ field: 'addresses.1', code }] },
      });
    }
    const request = { jail: 'manual', addresses: ['203.0.113.7', '203.0.113.8'] };
    const preview = await api.admin.post<BanPreview>('/api/v1/bans/preview', request);
    expect(preview.body.items).toMatchObject([
      { outcome: 'guarded', reasonCode: 'allowlisted' },
      { outcome: 'will-ban' },
    ]);
    expect(await api.fail2ban.client('get', 'manual', 'banip')).toBe('');
    expect((await ban('203.0.113.200')).status).toBe(200);
  });

  it('says which bans in force it does not lift', async () => {
    await ban('203.0.113.7', '203.0.113.64/26', '203.0.114.1');
    const added = await add({ addresses: ['203.0.113.7', '203.0.113.99'] });
    expect(added.stillBannedCount).toBe(2);
    expect(added.stillBanned.toSorted((one, other) => one.address.localeCompare(other.address))).toEqual([
      { jail: 'manual', address: '203.0.113.64/26' },
      { jail: 'manual', address: '203.0.113.7' },
    ]);
    await operate(api.admin, '/api/v1/bans/unban', { addresses: added.stillBanned.map(({ address }) => address) });
    expect(await api.fail2ban.client('get', 'manual', 'banip')).toBe('203.0.114.1');
  });

  it('is audited with before and after, refusals too', async () => {
    const { items } = await add({ addresses: ['203.0.113.7'], note: 'first' });
    const id = items[0]?.id ?? '';
    const change = { note: 'second', expiresAt: clock.now() + 60_000 };
    const changed = await api.admin.send<AllowlistEntry>('PATCH', `/api/v1/allowlist/${id}`, { body: change });
    expect(changed).toMatchObject({ status: 200, body: { ...change, address: '203.0.113.7' } });
    await api.admin.send('PATCH', `/api/v1/allowlist/${id}`, { body: { expiresAt: null } });
    expect(await only()).toMatchObject({ note: 'second', expiresAt: null });
    expect((await refuse({ addresses: ['203.0.113.7'] })).status).toBe(409);
    expect((await api.admin.delete(`/api/v1/allowlist/${id}`)).status).toBe(204);
    expect(await latest()).toMatchObject([
      { action: 'allowlist.delete', subject: '203.0.113.7', before: { note: 'second', owner: 'admin' }, after: null },
      { action: 'allowlist.create', outcome: 'refused', detail: { code: 'already-allowlisted' } },
      { action: 'allowlist.update', before: { expiresAt: change.expiresAt }, after: { expiresAt: null } },
      { action: 'allowlist.update', before: { note: 'first' }, after: { note: 'second' } },
      { action: 'allowlist.create', outcome: 'succeeded', after: { entries: [{ address: '203.0.113.7' }] } },
    ]);
    expect((await api.admin.delete<Problem>(`/api/v1/allowlist/${id}`)).body.code).toBe('allowlist-entry-unknown');
  });

  it('stops counting an entry the moment it expires, lets it be added anew, and cleans up', async () => {
    await add({ addresses: ['203.0.113.7', '203.0.113.8'], expiresAt: clock.now() + 60_000 });
    expect((await ban('203.0.113.7')).status).toBe(422);
    clock.advance(60_000);
    expect(await api.app.get(Allowlist, { strict: false }).inForce()).toEqual([]);
    expect((await ban('203.0.113.7')).status).toBe(200);
    expect((await page()).items).toMatchObject([{ isExpired: true }, { isExpired: true }]);
    await add({ addresses: ['203.0.113.8'] });
    const service = api.app.get(AllowlistEntriesService, { strict: false });
    expect(await service.removeExpired(AbortSignal.abort())).toBe(0);
    expect(await service.removeExpired(new AbortController().signal)).toBe(1);
    expect(await addresses()).toEqual(['203.0.113.8']);
    expect(await latest()).toMatchObject([{ action: 'allowlist.expire', subject: '203.0.113.7' }, {}, {}, {}, {}]);
  });

  it.each<[string, unknown, number, string]>([
    ['what is no address', { addresses: ['203.0.113.7', 'example.org'] }, 422, 'address-invalid'],
    ['markup', { addresses: ['<script>alert(1)</script>'] }, 422, 'address-invalid'],
    ['everything', { addresses: ['0.0.0.0/0'] }, 422, 'allowlist-refused'],
    ['all of IPv6', { addresses: ['::/0'] }, 422, 'allowlist-refused'],
    [
      'a range of too many networks',
      { addresses: ['1.0.0.1-220.255.255.254', '2001:db8::1-2001:dbf::fffe'] },
      422,
      'allowlist-refused',
    ],
    ['an expiry in the past', { addresses: ['203.0.113.7'], expiresAt: 5 }, 422, 'allowlist-refused'],
    ['no address', { addresses: [] }, 400, 'invalid-request'],
    ['101 lines', { addresses: Array.from({ length: 101 }, (_, host) => `203.0.113.${host}`) }, 400, 'invalid-request'],
    ['a very long line', { addresses: ['1'.repeat(300)] }, 400, 'invalid-request'],
    ['a note with a NUL', { addresses: ['203.0.113.7'], note: 'a\0b' }, 400, 'invalid-request'],
    ['a note that is too long', { addresses: ['203.0.113.7'], note: 'x'.repeat(501) }, 400, 'invalid-request'],
    ['an owner of the own choice', { addresses: ['203.0.113.7'], owner: 'root' }, 400, 'invalid-request'],
    ['an expiry that is no number', { addresses: ['203.0.113.7'], expiresAt: 'never' }, 400, 'invalid-request'],
  ])('refuses %s', async (_what, body, status, code) => {
    expect(await refuse(body)).toMatchObject({ status, body: { code } });
    expect(await addresses()).toEqual([]);
  });

  it('bears hostile searches', async () => {
    await add({ addresses: ['203.0.113.7'] });
    for (const text of [`' OR 1=1 --`, '%', '\\', '_'.repeat(100), '🙂']) {
      expect((await api.admin.get(`/api/v1/allowlist?q=${encodeURIComponent(text)}`)).status).toBe(200);
    }
    expect((await api.admin.get('/api/v1/allowlist?q=%00')).status).toBe(400);
    expect(await addresses(`?q=${encodeURIComponent('%')}`)).toEqual([]);
  });

  describe('pushed to fail2ban', () => {
    const push = (...texts: string[]) => add({ addresses: texts, isPushedToFail2ban: true });
    const jails = async () => (await only()).jails.map(({ jail, state }) => `${jail} ${state}`);
    const everywhere = ['manual applied', 'ssh applied', 'web applied'];
    const armed = async (): Promise<string[]> =>
      (await api.admin.get<JailList>('/api/v1/jails')).body.items.map(
        ({ name, armed: { status } }) => `${name} ${status}`,
      );

    it('is ignored by every jail, said for each, and stays armed', async () => {
      await push('203.0.113.50');
      await eventually(async () => expect(await jails()).toEqual(everywhere));
      for (let count = 0; count < 5; count += 1) await api.fail2ban.log('web', 'FAIL from 203.0.113.50');
      await eventually(() => expect(api.fail2ban.serverLog()).toMatch(/\[web\] Ignore 203\.0\.113\.50 by ip/));
      expect(await api.fail2ban.client('get', 'web', 'banip')).toBe('');
      await operate(api.admin, '/api/v1/jails/web/prove');
      expect(await armed()).toContain('web armed');
    });

    it('is taken out of the lists when it is deleted, no longer pushed, or expired; nothing else is', async () => {
      await api.fail2ban.client('set', 'web', 'addignoreip', '198.51.100.200');
      const { items } = await add({
        addresses: ['203.0.113.51', '203.0.113.52', '203.0.113.53'],
        isPushedToFail2ban: true,
        expiresAt: clock.now() + 300_000,
      });
      await eventually(async () => expect((await ignored('web')).match(/203\.0\.113\.5[123]/g)).toHaveLength(3));
      const idOf = (address: string) => items.find((entry) => entry.address === address)?.id ?? '';
      await api.admin.delete(`/api/v1/allowlist/${idOf('203.0.113.51')}`);
      await eventually(async () => expect(await ignored('web')).not.toContain('203.0.113.51'));
      const body = { isPushedToFail2ban: false };
      await api.admin.send('PATCH', `/api/v1/allowlist/${idOf('203.0.113.52')}`, { body });
      await eventually(async () => expect(await ignored('web')).not.toContain('203.0.113.52'));
      expect(await ignored('web')).toContain('203.0.113.53');
      clock.advance(300_000);
      await eventually(async () => expect(await ignored('web')).not.toContain('203.0.113.53'));
      await eventually(async () => expect(await ignored('ssh')).not.toContain('203.0.113.53'));
      expect(await ignored('web')).toContain('198.51.100.200');
      expect(await ignored('ssh')).toContain('192.0.2.0/24');
      await api.fail2ban.client('set', 'web', 'delignoreip', '198.51.100.200');
    });

    it('leaves alone what the configuration ignores by itself', async () => {
      await push('192.0.2.0/24');
      await eventually(async () => expect(await jails()).toEqual(['manual applied', 'ssh configured', 'web applied']));
      await api.admin.delete(`/api/v1/allowlist/${(await only()).id}`);
      await eventually(async () => expect(await ignored('web')).not.toContain('192.0.2.0/24'));
      expect(await ignored('ssh')).toContain('192.0.2.0/24');
    });

    it('comes back after a reload by BanGUI, a reload beside it, and a restart of fail2ban', async () => {
      await push('203.0.113.60', '2001:db8:60::/48');
      const isThere = () =>
        eventually(async () => {
          for (const jail of ['manual', 'ssh', 'web']) {
            expect(await ignored(jail)).toContain('203.0.113.60');
            expect(await ignored(jail)).toContain('2001:db8:60::/48');
          }
        });
      await isThere();
      expect((await operate(api.admin, '/api/v1/jails/reload')).status).toBe(200);
      await isThere();
      await api.fail2ban.client('reload');
      await isThere();
      await api.fail2ban.client('stop', 'web');
      await eventually(async () => expect(await jails()).toHaveLength(2));
      await api.fail2ban.client('reload');
      await isThere();
      await api.fail2ban.restart();
      await isThere();
      await eventually(async () => expect(await jails()).toEqual(everywhere));
      await eventually(async () => expect(await armed()).toEqual(['manual armed', 'ssh armed', 'web armed']));
    });

    it('is said to be pending while fail2ban is away, and is put in and taken out when it is back', async () => {
      await push('203.0.113.70');
      await eventually(async () => expect(await jails()).toEqual(everywhere));
      await api.fail2ban.stop();
      await eventually(async () => expect(await jails()).toEqual(['manual pending', 'ssh pending', 'web pending']));
      await push('203.0.113.71');
      await api.admin.delete(`/api/v1/allowlist/${(await page('?q=203.0.113.70')).items[0]?.id ?? ''}`);
      await api.fail2ban.restart();
      await eventually(async () => expect(await ignored('web')).toContain('203.0.113.71'));
      await eventually(async () => expect(await jails()).toEqual(everywhere));
      expect(await ignored('web')).not.toContain('203.0.113.70');
    });

    it('is taken out too when another instance removed it, which tells nobody', async () => {
      await push('203.0.113.75');
      await eventually(async () => expect(await jails()).toEqual(everywhere));
      await api.app.get(Database).write((manager) => manager.query('DELETE FROM allowlist_entry'));
      await eventually(async () => expect(await ignored('web')).not.toContain('203.0.113.75'));
    });
  });

  it('lets nothing be banned while it cannot be read, and touches no ignore list', async () => {
    await add({ addresses: ['203.0.113.80'], isPushedToFail2ban: true });
    await eventually(async () => expect(await ignored('web')).toContain('203.0.113.80'));
    const database = api.app.get(Database);
    await database.write((manager) => manager.query('ALTER TABLE allowlist_entry RENAME TO hidden'));
    try {
      await expect(api.app.get(Allowlist, { strict: false }).inForce()).rejects.toThrow('cannot be read');
      expect(await ban('203.0.113.90')).toMatchObject({ status: 503, body: { code: 'allowlist-unreadable' } });
      expect(await api.fail2ban.client('get', 'manual', 'banip')).toBe('');
      await eventually(() => expect(api.logs().join('')).toContain('allowlist_not_pushed'));
      expect(await ignored('web')).toContain('203.0.113.80');
    } finally {
      await database.write((manager) => manager.query('ALTER TABLE hidden RENAME TO allowlist_entry'));
    }
  });

  it('pushes at most 500, because every jail looks through all of them', async () => {
    const block = (third: number) => Array.from({ length: 100 }, (_, host) => `198.18.${third}.${host * 2}`);
    for (let third = 0; third < 5; third += 1) await add({ addresses: block(third), isPushedToFail2ban: true });
    const more = { addresses: ['198.18.9.1'], isPushedToFail2ban: true };
    expect(await refuse(more)).toMatchObject({ status: 409, body: { code: 'too-many-pushed' } });
    await eventually(async () => expect((await ignored('web')).match(/198\.18\./g)).toHaveLength(500));
    // Taking out goes one by one; that it has begun is enough, and stopping does not wait for its end.
    await api.app.get(Database).write((manager) => manager.query('DELETE FROM allowlist_entry'));
    await eventually(async () => expect((await ignored('manual')).match(/198\.18\./g)?.length ?? 0).toBeLessThan(500));
  });
});
