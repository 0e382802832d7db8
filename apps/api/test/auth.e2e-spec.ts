import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../src/core/events/event-bus.ts';
import { sessionEnded } from '../src/features/auth/index.ts';
import { ApiClient } from './api-client.ts';
import { adminCredentials, type RunningApi, startApi } from './harness.ts';
import { TestClock } from './test-clock.ts';

const minute = 60_000;
const hour = 60 * minute;

interface Session {
  readonly expiresAt: number;
  readonly absoluteExpiresAt: number;
}
interface OpenSessions {
  readonly items: {
    readonly id: string;
    readonly current: boolean;
    readonly userAgent: string;
    readonly address: string;
  }[];
}
interface Administrators {
  readonly items: { readonly id: string; readonly username: string; readonly lastSignInAt: number | null }[];
}

/** Behind a proxy on this machine that is trusted, on behalf of this address. */
const from = (address: string, protocol = 'https') => ({
  headers: { 'X-Forwarded-For': address, 'X-Forwarded-Proto': protocol },
});

let clock: TestClock;
let api: RunningApi;
beforeEach(async () => {
  clock = new TestClock();
  api = await startApi({ clock, env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1' } });
});
afterEach(() => api.stop());

const login = (body: unknown, options = {}) => new ApiClient(api.url).post('/api/v1/auth/login', body, options);
const wrong = { ...adminCredentials, password: 'not the password' };
const session = (client: ApiClient) => client.get<Session>('/api/v1/auth/session');

describe('signing in', () => {
  it('answers with the session and a cookie that scripts and other sites cannot use', async () => {
    const answer = await login(adminCredentials, from('203.0.113.9'));
    expect(answer).toMatchObject({
      status: 200,
      body: { username: 'admin', role: 'administrator', demo: null, version: '0.1.0' },
    });
    const cookie = answer.headers.getSetCookie()[0]?.split('; ') ?? [];
    expect(cookie[0]).toMatch(/^bangui_session=[A-Za-z0-9_-]{43}$/);
    expect(cookie.slice(1).sort()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  it('leaves Secure out on plain loopback only, where browsers could drop the cookie', async () => {
    expect((await login(adminCredentials)).headers.getSetCookie()[0]).not.toContain('Secure');
  });

  it('does not care about the case of the name', async () => {
    expect((await login({ ...adminCredentials, username: 'ADMIN' })).status).toBe(200);
  });

  it('answers an unknown name exactly like a wrong password', async () => {
    const [unknown, known] = await Promise.all([login({ ...wrong, username: 'nobody' }), login(wrong)]);
    const shown = ({ status, body, headers }: typeof known) => ({
      status,
      body: { ...(body as object), requestId: '' },
      cookies: headers.getSetCookie(),
    });
    expect(shown(unknown)).toEqual(shown(known));
    expect(known).toMatchObject({ status: 401, body: { code: 'credentials-wrong' } });
  });

  it('over plain http from another machine is refused with the remedies', async () => {
    const answer = await login(adminCredentials, from('203.0.113.9', 'http'));
    expect(answer).toMatchObject({ status: 400, body: { code: 'insecure-transport' } });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('over plain http from another machine works once the operator allows it', async () => {
    const trusting = await startApi({
      env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1', BANGUI_SESSION_COOKIE_SECURE: 'false' },
    });
    const answer = await trusting.anonymous.post('/api/v1/auth/login', adminCredentials, from('203.0.113.9', 'http'));
    await trusting.stop();
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).not.toContain('Secure');
  });

  it('for a portal on another site sends the cookie there as well', async () => {
    const crossSite = await startApi({
      env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1', BANGUI_SESSION_COOKIE_SAMESITE: 'none' },
    });
    const answer = await crossSite.anonymous.post('/api/v1/auth/login', adminCredentials, from('203.0.113.9'));
    await crossSite.stop();
    expect(answer.headers.getSetCookie()[0]).toMatch(/Secure.*SameSite=None|SameSite=None.*Secure/);
  });

  it('believes no forwarded address of a proxy that is not trusted', async () => {
    const alone = await startApi();
    await alone.anonymous.post('/api/v1/auth/login', wrong, from('203.0.113.9'));
    const line = alone.logs().find((text) => text.includes('sign_in_failed'));
    await alone.stop();
    expect(line).toContain('"address":"127.0.0.1"');
  });

  it('keeps only a hash of the token', () => {
    const token = api.admin.cookie?.split('=')[1] ?? '';
    const database = new DatabaseSync(join(api.dir, 'bangui.sqlite3'), { readOnly: true });
    const rows = JSON.stringify(database.prepare('SELECT * FROM session').all());
    database.close();
    expect(token).toHaveLength(43);
    expect(rows).toMatch(/"token_hash":"[0-9a-f]{64}"/);
    expect(rows).not.toContain(token);
    expect(api.logs().join('')).not.toContain(token);
  });
});

describe('guessing', () => {
  it('is slowed down by address, with the time to wait, whoever is guessed at', async () => {
    for (let round = 0; round < 10; round += 1) {
      expect((await login({ username: `user${round}`, password: 'x' }, from('203.0.113.9'))).status).toBe(401);
    }
    const held = await login(adminCredentials, from('203.0.113.9'));
    expect(held).toMatchObject({
      status: 429,
      body: { code: 'too-many-attempts', retryAfter: expect.any(Number) as unknown },
    });
    const seconds = Number(held.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(300);
    expect((await login(adminCredentials, from('203.0.113.10'))).status).toBe(200);
  });

  it('counts an IPv6 network of /64 as one address', async () => {
    for (let round = 0; round < 10; round += 1) await login(wrong, from(`2001:db8:0:1::${round + 1}`));
    expect((await login(wrong, from('2001:db8:0:1:ffff::1'))).status).toBe(429);
    expect((await login(wrong, from('2001:db8:0:2::1'))).status).toBe(401);
  });

  it('is slowed down by account from anywhere, but does not lock out an address the account is used from', async () => {
    await login(adminCredentials, from('198.51.100.1'));
    for (let round = 0; round < 30; round += 1) await login(wrong, from(`203.0.113.${round}`));
    expect((await login(adminCredentials, from('203.0.113.99'))).status).toBe(429);
    expect((await login(adminCredentials, from('198.51.100.1'))).status).toBe(200);
  });

  it('in parallel gets no more attempts than one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => login(wrong, from('203.0.113.9'))));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
  });

  it('does not hold up somebody who signs in often', async () => {
    for (let round = 0; round < 12; round += 1)
      expect((await login(adminCredentials, from('203.0.113.9'))).status).toBe(200);
  });

  it('leaves one stable line each, with the address before what a stranger wrote', async () => {
    await login({ username: 'x","address":"192.0.2.66', password: 'x' }, from('203.0.113.9'));
    const lines = api.logs().filter((line) => line.includes('sign_in_failed'));
    expect(lines).toEqual([
      expect.stringMatching(
        /^\{"level":"warn","time":"[^"]+","event":"sign_in_failed","address":"203\.0\.113\.9","username":"x\\",\\"address\\":\\"192\.0\.2\.66","requestId":"[^"]+"\}\n$/,
      ),
    ]);
  });
});

describe('a session', () => {
  it('slides while it is used and ends when it is not', async () => {
    const first = (await session(api.admin)).body;
    clock.advance(50 * minute);
    const later = (await session(api.admin)).body;
    expect(later.expiresAt - first.expiresAt).toBeGreaterThanOrEqual(50 * minute);
    expect(later.absoluteExpiresAt).toBe(first.absoluteExpiresAt);
    clock.advance(61 * minute);
    expect(await session(api.admin)).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
  });

  it('ends after twelve hours however it is used', async () => {
    for (let elapsed = 0; elapsed < 12 * hour - 30 * minute; elapsed += 30 * minute) {
      expect((await session(api.admin)).status).toBe(200);
      clock.advance(30 * minute);
    }
    const { body } = await session(api.admin);
    expect(body.expiresAt).toBe(body.absoluteExpiresAt);
    clock.advance(31 * minute);
    expect((await session(api.admin)).status).toBe(401);
  });

  it('is gone for good after signing out', async () => {
    const copy = new ApiClient(api.url);
    copy.cookie = api.admin.cookie;
    expect((await api.admin.post('/api/v1/auth/logout')).status).toBe(204);
    expect(api.admin.cookie).toBeUndefined();
    expect((await session(copy)).status).toBe(401);
  });

  it.each(['bangui_session=', `bangui_session=${'A'.repeat(43)}`, "bangui_session=' OR 1=1 --", 'bangui_session=%00'])(
    'is not opened by the cookie %s',
    async (cookie) => {
      api.anonymous.cookie = cookie;
      expect((await session(api.anonymous)).status).toBe(401);
    },
  );

  it('is needed for everything that is not public', async () => {
    for (const path of [
      '/api/v1/auth/session',
      '/api/v1/auth/sessions',
      '/api/v1/administrators',
      '/api/v1/audit',
      '/api/v1/jails',
      '/api/v1/events',
    ]) {
      expect(await api.anonymous.get(path)).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
    }
  });

  it('changes nothing without the header that other sites cannot send', async () => {
    for (const headers of [{ 'X-BanGUI-Request': '' }, { 'X-BanGUI-Request': '0' }]) {
      const answer = await api.admin.post('/api/v1/auth/logout', {}, { headers });
      expect(answer).toMatchObject({ status: 403, body: { code: 'request-header-missing' } });
    }
    expect((await session(api.admin)).status).toBe(200);
  });

  it('is forgotten in the table when it has ended and somebody signs in', async () => {
    clock.advance(13 * hour);
    await api.admin.signIn(adminCredentials);
    const database = new DatabaseSync(join(api.dir, 'bangui.sqlite3'), { readOnly: true });
    expect(database.prepare('SELECT count(*) AS n FROM session').get()).toEqual({ n: 1 });
    database.close();
  });
});

describe('the own account', () => {
  let other: ApiClient;
  beforeEach(async () => {
    other = new ApiClient(api.url);
    await other.signIn(adminCredentials);
  });
  const sessions = async (client: ApiClient) => (await client.get<OpenSessions>('/api/v1/auth/sessions')).body.items;

  it('lists its sessions, marks the own one, and ends another, telling those who hold streams open', async () => {
    const ended: string[] = [];
    api.app.get(EventBus).on(sessionEnded, ({ sessionId }) => ended.push(sessionId));
    const items = await sessions(api.admin);
    expect(items).toHaveLength(2);
    const theirs = items.find(({ current }) => !current);
    expect(theirs).toMatchObject({ address: '127.0.0.1' });
    expect((await api.admin.delete(`/api/v1/auth/sessions/${theirs?.id}`)).status).toBe(204);
    expect((await session(other)).status).toBe(401);
    expect(ended).toEqual([theirs?.id]);
    expect(await api.admin.delete(`/api/v1/auth/sessions/${theirs?.id}`)).toMatchObject({
      status: 404,
      body: { code: 'session-unknown' },
    });
  });

  it('changes its password and signs every other browser out', async () => {
    const change = { currentPassword: adminCredentials.password, newPassword: 'a completely new one' };
    expect((await api.admin.post('/api/v1/auth/password', change)).status).toBe(204);
    expect([(await session(api.admin)).status, (await session(other)).status]).toEqual([200, 401]);
    expect((await login(adminCredentials)).status).toBe(401);
    expect((await login({ username: 'admin', password: change.newPassword })).status).toBe(200);
  });

  it.each([
    [{ currentPassword: 'wrong' }, 422, 'current-password-wrong'],
    [{ newPassword: 'short' }, 400, 'invalid-request'],
    [{ newPassword: 'aaaaaaaaaaaa' }, 422, 'password-refused'],
  ])('keeps its password when asked with %j', async (change, status, code) => {
    const body = { currentPassword: adminCredentials.password, newPassword: 'a completely new one', ...change };
    expect(await api.admin.post('/api/v1/auth/password', body)).toMatchObject({ status, body: { code } });
    expect((await session(other)).status).toBe(200);
  });
});

describe('administrators', () => {
  const second = { username: 'second', password: 'quite another password' };
  const list = async () => (await api.admin.get<Administrators>('/api/v1/administrators')).body.items;

  it('can be added, sign in, and be deleted with their sessions', async () => {
    const added = await api.admin.post<{ id: string }>('/api/v1/administrators', second);
    expect(added).toMatchObject({
      status: 201,
      body: { username: 'second', role: 'administrator', lastSignInAt: null },
    });
    const client = new ApiClient(api.url);
    await client.signIn(second);
    expect((await list()).map(({ username }) => username)).toEqual(['admin', 'second']);
    expect((await list())[1]?.lastSignInAt).toBeTypeOf('number');
    expect((await api.admin.delete(`/api/v1/administrators/${added.body.id}`)).status).toBe(204);
    expect((await session(client)).status).toBe(401);
    expect(await api.admin.delete(`/api/v1/administrators/${added.body.id}`)).toMatchObject({
      status: 404,
      body: { code: 'administrator-unknown' },
    });
  });

  it('have names of their own, in whatever case', async () => {
    expect(await api.admin.post('/api/v1/administrators', { ...second, username: 'Admin' })).toMatchObject({
      status: 409,
      body: { code: 'username-taken', errors: [{ field: 'username' }] },
    });
  });

  it('cannot delete themselves', async () => {
    const [own] = await list();
    expect(await api.admin.delete(`/api/v1/administrators/${own?.id}`)).toMatchObject({
      status: 409,
      body: { code: 'own-account' },
    });
  });

  it('who delete each other at the same time leave one', async () => {
    const { body } = await api.admin.post<{ id: string }>('/api/v1/administrators', second);
    const client = new ApiClient(api.url);
    await client.signIn(second);
    const [own] = await list();
    const answers = await Promise.all([
      api.admin.delete(`/api/v1/administrators/${body.id}`),
      client.delete(`/api/v1/administrators/${own?.id}`),
    ]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });
});

describe('the audit log', () => {
  it('has every change with who, from where, what and how it was before and after, without secrets', async () => {
    const { body } = await api.admin.post<{ id: string }>('/api/v1/administrators', {
      username: 'second',
      password: 'quite another password',
    });
    await api.admin.delete(`/api/v1/administrators/${body.id}`, from('198.51.100.7'));
    const { body: page, text } = await api.admin.get<{ items: unknown[] }>('/api/v1/audit');
    expect(page.items.slice(0, 2)).toMatchObject([
      {
        actor: 'admin',
        address: '198.51.100.7',
        action: 'administrator.delete',
        subject: 'second',
        outcome: 'succeeded',
        before: { id: body.id },
        after: null,
      },
      {
        actor: 'admin',
        address: '127.0.0.1',
        action: 'administrator.create',
        before: null,
        after: { username: 'second' },
      },
    ]);
    expect(text).not.toContain('argon2');
    expect(text).not.toContain('quite another');
  });

  it('is read in pages that neither repeat nor miss anything', async () => {
    for (let round = 0; round < 5; round += 1) await api.admin.signIn(adminCredentials);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: { items: { id: string }[]; nextCursor: string | null } = (
        await api.admin.get<{ items: { id: string }[]; nextCursor: string | null }>(`/api/v1/audit?limit=2${query}`)
      ).body;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });
});
