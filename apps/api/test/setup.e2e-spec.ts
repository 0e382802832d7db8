import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCompiled } from '../src/cli/testing/command.ts';
import { ApiClient } from './api-client.ts';
import { eventually } from './fail2ban-api.ts';
import { adminCredentials, type RunningApi, startApi } from './harness.ts';
import { type PrivateDatabase, privateDatabase } from './instances.ts';

const newAdministrator = { username: 'First.Admin', password: 'a long enough password' };

interface SetupState {
  readonly needed: boolean;
  readonly codeRequired: boolean;
  readonly address: string | null;
  readonly checks: {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly remedy?: string;
    readonly reasonCode: string;
    readonly reasonParams: { readonly path?: string; readonly detail?: string } | null;
  }[];
}

/** A browser on another machine, seen through TLS and a trusted proxy on this one. */
const remote = { headers: { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https' } };

describe('set-up from this machine', () => {
  let api: RunningApi;
  beforeEach(async () => {
    api = await startApi({ withoutAdministrator: true });
  });
  afterEach(() => api.stop());

  it('says what is in place and what is not, with a remedy', async () => {
    const { body } = await api.anonymous.get<SetupState>('/api/v1/setup');
    expect(body).toMatchObject({ needed: true, codeRequired: false, address: null });
    expect(body.checks.map(({ name }) => name)).toEqual(['socket', 'configuration', 'database', 'programs']);
    expect(body.checks[0]).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('no fail2ban socket') as unknown,
    });
    expect(body.checks[0]?.remedy).toContain('BANGUI_FAIL2BAN_SOCKET');
    expect(body.checks[0]).toMatchObject({
      reasonCode: 'socket-missing',
      reasonParams: { path: join(api.dir, 'no-fail2ban.sock') },
    });
    expect(body.checks[2]).toMatchObject({
      status: 'ok',
      reasonCode: 'database-ready',
      reasonParams: { detail: 'SQLite' },
    });
  });

  it('makes the first administrator without a code and signs them in', async () => {
    const answer = await api.anonymous.post('/api/v1/setup', newAdministrator);
    expect(answer).toMatchObject({ status: 201, body: { username: 'First.Admin', role: 'administrator', demo: null } });
    expect((await api.anonymous.get('/api/v1/auth/session')).status).toBe(200);
    const { body } = await api.anonymous.get<SetupState>('/api/v1/setup');
    expect(body).toEqual({ needed: false, codeRequired: false, address: null, checks: [] });
    const audit = await api.anonymous.get<{ items: unknown[] }>('/api/v1/audit');
    expect(audit.body.items.at(-1)).toMatchObject({
      actor: 'setup',
      action: 'administrator.create',
      subject: 'First.Admin',
      address: '127.0.0.1',
    });
    expect(audit.text).not.toContain('password_hash');
  });

  it('is over after the first administrator', async () => {
    await api.anonymous.post('/api/v1/setup', newAdministrator);
    const again = await new ApiClient(api.url).post('/api/v1/setup', {
      username: 'second',
      password: 'another long password',
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'setup-done' } });
  });

  it('makes one user of two attempts at the same time', async () => {
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((username) =>
        new ApiClient(api.url).post('/api/v1/setup', { ...newAdministrator, username }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const winner = new ApiClient(api.url);
    await winner.signIn({
      ...newAdministrator,
      username: ['one', 'two', 'three'][answers.findIndex(({ status }) => status === 201)] ?? '',
    });
    expect((await winner.get<{ items: unknown[] }>('/api/v1/administrators')).body.items).toHaveLength(1);
  });

  it.each([
    [{ username: 'a b' }, 400, 'username', 'username'],
    [{ username: '' }, 400, 'username', 'username'],
    [{ username: 'x'.repeat(65) }, 400, 'username', 'username'],
    [{ password: 'elevenchars' }, 400, 'password', 'is-length'],
    [{ password: 'x'.repeat(257) }, 400, 'password', 'is-length'],
    [{ password: 'first.ADMIN', username: 'First.Admin' }, 400, 'password', 'is-length'],
    [{ password: 'administrator', username: 'Administrator' }, 422, 'password', 'password-is-username'],
    [{ role: 'owner' }, 400, 'role', 'whitelist-validation'],
  ])('refuses %j, naming the field and a code', async (change, status, field, code) => {
    const answer = await api.anonymous.post('/api/v1/setup', { ...newAdministrator, ...change });
    expect(answer).toMatchObject({ status, body: { errors: [{ field, code }] } });
  });

  it('asks a browser for the code that came through an undeclared proxy or by a foreign name', async () => {
    for (const headers of [{ 'X-Forwarded-For': '203.0.113.9' }, { 'X-Real-IP': '203.0.113.9' }]) {
      const { body } = await api.anonymous.get<SetupState>('/api/v1/setup', { headers });
      expect(body.codeRequired).toBe(true);
      expect(await api.anonymous.post('/api/v1/setup', newAdministrator, { headers })).toMatchObject({ status: 403 });
    }
  });
});

describe('set-up from another machine', () => {
  let api: RunningApi;
  const codeIn = (lines: string[]) =>
    /"event":"setup_code_created","code":"([A-Z0-9-]+)"/.exec(lines.join(''))?.[1] ?? '';
  beforeEach(async () => {
    api = await startApi({ withoutAdministrator: true, env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterEach(() => api.stop());

  it('needs the code, which is in the log and in a file only we can read, and gone afterwards', async () => {
    const file = join(api.dir, 'setup-code');
    const code = codeIn(api.logs());
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    expect(await readFile(file, 'utf8')).toBe(`${code}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { body } = await api.anonymous.get<SetupState>('/api/v1/setup', remote);
    expect(body).toMatchObject({ codeRequired: true, address: '203.0.113.9' });

    for (const wrong of [undefined, '', 'AAAA-AAAA-AAAA']) {
      const answer = await api.anonymous.post(
        '/api/v1/setup',
        { ...newAdministrator, ...(wrong !== undefined && { code: wrong }) },
        remote,
      );
      expect(answer).toMatchObject({ status: 403, body: { code: 'setup-code-wrong' } });
    }
    const answer = await api.anonymous.post(
      '/api/v1/setup',
      { ...newAdministrator, code: ` ${code.toLowerCase()} ` },
      remote,
    );
    expect(answer.status).toBe(201);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('cannot be guessed: wrong codes are slowed down', async () => {
    const wrong = () => api.anonymous.post('/api/v1/setup', { ...newAdministrator, code: 'AAAA-AAAA-AAAA' }, remote);
    for (let round = 0; round < 10; round += 1) expect((await wrong()).status).toBe(403);
    const answer = await wrong();
    expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('refuses plain http, where the session would be lost, with the remedies', async () => {
    const answer = await api.anonymous.post<{ detail: string }>('/api/v1/setup', newAdministrator, {
      headers: { 'X-Forwarded-For': '203.0.113.9' },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'insecure-transport' } });
    expect(answer.body.detail).toMatch(/TLS.*tunnel.*BANGUI_SESSION_COOKIE_SECURE=false/);
  });
});

describe('set-up by the environment', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  it('needs no browser and makes no code', async () => {
    expect((await api.anonymous.get<SetupState>('/api/v1/setup')).body.needed).toBe(false);
    expect(api.logs().join('')).not.toContain('setup_code_created');
    expect(api.logs().join('')).not.toContain(adminCredentials.password);
  });

  it('does nothing once there is an administrator', async () => {
    const restarted = await startApi({
      withoutAdministrator: true,
      env: {
        BANGUI_DATABASE_PATH: join(api.dir, 'bangui.sqlite3'),
        BANGUI_ADMIN_USERNAME: 'other',
        BANGUI_ADMIN_PASSWORD: 'another long password',
        BANGUI_SCHEDULER_ROLE: 'standby',
      },
    });
    await restarted.admin.signIn(adminCredentials);
    expect((await restarted.admin.get<{ items: unknown[] }>('/api/v1/administrators')).body.items).toHaveLength(1);
    await restarted.stop();
  });

  it('refuses to start with a password that is the user name', async () => {
    const start = startApi({
      withoutAdministrator: true,
      env: { BANGUI_ADMIN_USERNAME: 'administrator', BANGUI_ADMIN_PASSWORD: 'administrator' },
    });
    await expect(start).rejects.toThrow('BANGUI_ADMIN_PASSWORD');
  });
});

describe('set-up by the command while BanGUI runs', () => {
  let api: RunningApi;

  beforeEach(async () => {
    api = await startApi({ withoutAdministrator: true });
  });
  afterEach(() => api.stop());

  it('is over at once: the administrator signs in, and the code is worthless', async () => {
    const file = join(api.dir, 'setup-code');
    await readFile(file);
    const env = { BANGUI_DATABASE_PATH: join(api.dir, 'bangui.sqlite3') };
    const { status, out } = await runCompiled(['setup', 'anna', '--json'], env);
    expect(status).toBe(0);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    await api.anonymous.signIn(JSON.parse(out) as typeof adminCredentials);
    const again = await api.anonymous.post('/api/v1/setup', adminCredentials);
    expect([again.status, again.body]).toMatchObject([409, { code: 'setup-done' }]);
  });
});

describe('set-up of two instances on one PostgreSQL', () => {
  let database: PrivateDatabase;
  let instances: RunningApi[];
  beforeAll(async () => {
    database = await privateDatabase();
    const env = {
      BANGUI_DATABASE_URL: database.url,
      BANGUI_TRUSTED_PROXIES: '127.0.0.1',
      BANGUI_SCHEDULER_ROLE: 'standby',
    };
    instances = [
      await startApi({ withoutAdministrator: true, env }),
      await startApi({ withoutAdministrator: true, env }),
    ];
  }, 120_000);
  afterAll(async () => {
    for (const api of instances) await api.stop();
    await database.stop();
  });

  const fileOf = (api: RunningApi | undefined) => join(api?.dir ?? '', 'setup-code');

  it('takes the code of either at either, and leaves none afterwards', async () => {
    const [a, b] = instances;
    const code = (await readFile(fileOf(a), 'utf8')).trim();
    expect((await readFile(fileOf(b), 'utf8')).trim()).not.toBe(code);
    const kept = await database.query<{ hash: string }>('SELECT hash FROM setup_code');
    expect(kept).toHaveLength(2);
    expect(JSON.stringify(kept)).not.toContain(code);
    const elsewhere = new ApiClient(b?.url ?? '');
    const wrong = await elsewhere.post('/api/v1/setup', { ...newAdministrator, code: 'AAAA-BBBB-CCCC' }, remote);
    expect(wrong.status).toBeGreaterThanOrEqual(400);
    const right = await elsewhere.post('/api/v1/setup', { ...newAdministrator, code }, remote);
    expect(right.status).toBe(201);
    expect(await database.query('SELECT hash FROM setup_code')).toEqual([]);
    for (const api of instances) {
      await eventually(() => expect(stat(fileOf(api))).rejects.toThrow('ENOENT'));
    }
  });
});
