import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Ban, type BanPage, type BanPreview } from '../src/features/bans/bans.dto.ts';
import { EventStream } from './event-stream.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { operate } from './operate.ts';

interface Problem {
  code: string;
  detail: string;
  errors?: { field: string; message: string; code: string; params?: { value?: string } }[];
}
interface AuditPage {
  items: { action: string; subject: string; outcome: string; actor: string; detail: Record<string, unknown> }[];
}

describe('bans', () => {
  let api: Fail2banApi;
  let stream: EventStream;

  beforeAll(async () => {
    api = await startFail2banApi({ logLevel: 'HEAVYDEBUG' });
    stream = await EventStream.open(api.admin);
    await stream.next('jails');
  });
  afterAll(async () => {
    stream.close();
    await api.stop();
  });
  afterEach(async () => {
    await operate(api.admin, '/api/v1/bans/unban-all');
    await eventually(async () => expect(await list()).toEqual([]));
  });

  const list = async (query = ''): Promise<Ban[]> => (await api.admin.get<BanPage>(`/api/v1/bans${query}`)).body.items;

  it('bans, tells it over the stream, lists it, and unbans', async () => {
    const banned = await operate(api.admin, '/api/v1/bans', {
      jail: 'manual',
      addresses: [' 203.0.113.7 ', '2001:DB8:0::77'],
      reason: 'seen in the log',
    });
    expect(banned.status).toBe(200);
    expect(banned.body).toMatchObject({ kind: 'ban', status: 'succeeded', subject: 'manual' });
    expect(banned.body.outcome).toEqual({
      requested: 2,
      banned: 2,
      alreadyBanned: 0,
      addresses: ['203.0.113.7', '2001:db8::77'],
      missing: [],
    });
    const event = await stream.next('ban', ({ address }) => address === '203.0.113.7');
    expect(event.data).toMatchObject({ jail: 'manual', duration: -1, expiresAt: null });
    expect((await list()).map(({ address }) => address).toSorted()).toEqual(['2001:db8::77', '203.0.113.7']);
    expect(Math.abs(Date.now() - Number(event.data['bannedAt']))).toBeLessThan(60_000);

    const unbanned = await operate(api.admin, '/api/v1/bans/unban', { addresses: ['203.0.113.7'] });
    expect(unbanned.body.outcome).toEqual({ requested: 1, unbanned: 1, stillBanned: [] });
    await stream.next('unban', ({ address }) => address === '203.0.113.7');
    expect(await api.fail2ban.client('get', 'manual', 'banip')).toBe('2001:db8::77');

    const audit = await api.admin.get<AuditPage>('/api/v1/audit');
    expect(audit.body.items[0]).toMatchObject({ action: 'ban.delete', outcome: 'succeeded', actor: 'admin' });
    expect(audit.body.items[1]).toMatchObject({
      action: 'ban.create',
      subject: 'manual',
      outcome: 'succeeded',
      detail: { reason: 'seen in the log', addresses: [' 203.0.113.7 ', '2001:DB8:0::77'] },
    });
  });

  it('shows a ban made by fail2ban-client on the side, and its end', async () => {
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.20');
    await stream.next('ban', ({ address }) => address === '203.0.113.20');
    await stream.next('jails', ({ items }) =>
      (items as { name: string; currentlyBanned: number }[]).some(
        (jail) => jail.name === 'manual' && jail.currentlyBanned === 1,
      ),
    );
    await api.fail2ban.client('set', 'manual', 'unbanip', '203.0.113.20');
    await stream.next('unban', ({ address }) => address === '203.0.113.20');
  });

  it('shows a ban that fail2ban found in a log', async () => {
    for (let count = 0; count < 3; count += 1) await api.fail2ban.log('web', 'FAIL from 203.0.113.30');
    const event = await stream.next('ban', ({ address }) => address === '203.0.113.30');
    expect(event.data).toMatchObject({ jail: 'web', duration: 600 });
    expect(Number(event.data['expiresAt']) - Number(event.data['bannedAt'])).toBe(600_000);
  });

  it('pages and filters', async () => {
    await operate(api.admin, '/api/v1/bans', {
      jail: 'manual',
      addresses: ['203.0.113.1-203.0.113.4', '2001:db8:7::/64'],
    });
    const first = await api.admin.get<BanPage>('/api/v1/bans?limit=2');
    expect(first.body.items).toHaveLength(2);
    const rest = await api.admin.get<BanPage>(`/api/v1/bans?limit=200&cursor=${first.body.nextCursor}`);
    const all = [...first.body.items, ...rest.body.items].map(({ address }) => address);
    expect(new Set(all).size).toBe(all.length);
    expect(first.body.total).toBe(all.length);
    expect(rest.body.nextCursor).toBeNull();
    expect((await list('?network=2001:db8::/32')).map(({ address }) => address)).toEqual(['2001:db8:7::/64']);
    expect(await list('?jail=ssh')).toEqual([]);
    expect(await list('?q=db8:7')).toHaveLength(1);
  });

  it('says beforehand what will happen', async () => {
    await operate(api.admin, '/api/v1/bans', { jail: 'web', addresses: ['203.0.113.40'] });
    const preview = await api.admin.post<BanPreview>('/api/v1/bans/preview', {
      jail: 'web',
      addresses: ['203.0.113.40', '203.0.113.41', '127.0.0.1', 'nonsense'],
    });
    expect(preview.body.duration).toBe(600);
    expect(preview.body.items.map(({ outcome }) => outcome)).toEqual([
      'already-banned',
      'will-ban',
      'guarded',
      'invalid',
    ]);
    expect(preview.body.items.map(({ reasonCode }) => reasonCode)).toEqual([
      undefined,
      undefined,
      'loopback',
      'address-invalid',
    ]);
  });

  it('refuses to lock out its administrator or the machine, and bans nothing of that request', async () => {
    const answer = await api.admin.post<Problem>('/api/v1/bans', {
      jail: 'manual',
      addresses: ['203.0.113.50', '127.0.0.1', '0.0.0.0/0', '::1'],
    });
    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe('lockout-guard');
    expect(answer.body.errors?.map(({ field }) => field)).toEqual(['addresses.1', 'addresses.2', 'addresses.3']);
    expect(answer.body.errors?.[0]).toMatchObject({ code: 'loopback', params: { value: '127.0.0.1' } });
    expect(await api.fail2ban.client('get', 'manual', 'banip')).toBe('');
    const audit = await api.admin.get<AuditPage>('/api/v1/audit?limit=1');
    expect(audit.body.items[0]).toMatchObject({
      action: 'ban.create',
      outcome: 'refused',
      detail: { code: 'lockout-guard' },
    });
  });

  it('guards the address that a trusted proxy tells, and the proxy', async () => {
    const behindProxy = await startFail2banApi({}, { env: { BANGUI_TRUSTED_PROXIES: '127.0.0.0/8' } });
    try {
      const answer = await behindProxy.admin.post<Problem>(
        '/api/v1/bans',
        { jail: 'manual', addresses: ['198.51.100.0/24'] },
        { headers: { 'X-Forwarded-For': '198.51.100.77', 'X-Forwarded-Proto': 'https' } },
      );
      expect(answer.body.code).toBe('lockout-guard');
      expect(answer.body.errors?.[0]?.message).toContain('connected from');
    } finally {
      await behindProxy.stop();
    }
  });

  it.each<[string, unknown, number, string]>([
    ['a jail that does not exist', { jail: 'nosuch', addresses: ['203.0.113.1'] }, 404, 'jail-unknown'],
    ['a jail name with a command in it', { jail: 'a;b', addresses: ['203.0.113.1'] }, 400, 'invalid-request'],
    ['a jail name that is an option', { jail: '--all', addresses: ['203.0.113.1'] }, 400, 'invalid-request'],
    ['a jail that is no text', { jail: { $gt: '' }, addresses: ['203.0.113.1'] }, 400, 'invalid-request'],
    ['no addresses', { jail: 'manual', addresses: [] }, 400, 'invalid-request'],
    ['addresses that are no list', { jail: 'manual', addresses: '203.0.113.1' }, 400, 'invalid-request'],
    ['a host name', { jail: 'manual', addresses: ['example.org'] }, 422, 'address-invalid'],
    ['a forged log line', { jail: 'manual', addresses: ['203.0.113.1\n203.0.113.2'] }, 422, 'address-invalid'],
    ['an option as address', { jail: 'manual', addresses: ['--all'] }, 422, 'address-invalid'],
    ['an end mark', { jail: 'manual', addresses: ['<F2B_END_COMMAND>'] }, 422, 'address-invalid'],
    ['unknown members', { jail: 'manual', addresses: ['203.0.113.1'], __proto__x: 1 }, 400, 'invalid-request'],
    [
      'more than 5,000',
      { jail: 'manual', addresses: Array.from({ length: 5_001 }, () => '203.0.113.1') },
      400,
      'invalid-request',
    ],
    [
      'ranges of more than 5,000',
      {
        jail: 'manual',
        addresses: Array.from({ length: 900 }, (_, index) => `10.0.${index >> 2}.1-10.1.${index >> 2}.254`),
      },
      422,
      'too-many-addresses',
    ],
  ])('refuses %s, and fail2ban never hears of it', async (_what, body, status, code) => {
    const before = api.fail2ban.received().split('banip').length;
    const answer = await api.admin.post<Problem>('/api/v1/bans', body);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    // Background polling asks for `get <jail> banip`; only a ban would say `set`.
    expect(api.fail2ban.received().slice(0)).not.toMatch(/'a;b'|nosuch|example\.org|F2B_END/);
    expect(before).toBeGreaterThan(0);
    expect(await api.fail2ban.client('get', 'manual', 'banip')).toBe('');
  });

  it.each([
    '?limit=0',
    '?limit=201',
    '?limit=x',
    '?network=nonsense',
    '?cursor=%00',
    '?jail=a%3Bb',
    '?what=1',
    '?q=1&q=2',
  ])('refuses the query %s with a problem that names the field', async (query) => {
    const answer = await api.admin.get<Problem>(`/api/v1/bans${query}`);
    expect([400, 422]).toContain(answer.status);
    expect(answer.body.errors?.length).toBeGreaterThan(0);
  });

  it('needs a signed-in administrator and the header', async () => {
    expect((await api.anonymous.get('/api/v1/bans')).status).toBe(401);
    const answer = await api.admin.post<Problem>(
      '/api/v1/bans',
      { jail: 'manual', addresses: ['203.0.113.1'] },
      { headers: { 'X-BanGUI-Request': '' } },
    );
    expect(answer.body.code).toBe('request-header-missing');
  });
});
