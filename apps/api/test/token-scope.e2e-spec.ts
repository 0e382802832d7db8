import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fail2banClient } from '@bangui/fail2ban';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../src/app.module.ts';
import { loadSettings } from '../src/core/config/load-settings.ts';
import { ProblemFilter } from '../src/core/http/problem.filter.ts';
import { validationPipe } from '../src/core/http/validation.ts';
import { createWebServer, dressWebServer } from '../src/core/http/web-server.ts';
import { FrameworkLog } from '../src/core/logging/framework-log.ts';
import { Log } from '../src/core/logging/log.ts';
import { type TokenScopeName } from '../src/features/tokens/index.ts';
import { ProbeController } from '../src/features/tokens/testing/probe.controller.ts';
import { type CreatedApiToken, type OwnApiToken, type TokenPage } from '../src/features/tokens/tokens.dto.ts';
import { ApiClient } from './api-client.ts';
import { eventually } from './fail2ban-api.ts';
import { adminCredentials } from './harness.ts';
import { TestClock } from './test-clock.ts';

describe('API tokens', () => {
  const lines: string[] = [];
  const clock = new TestClock();
  let dir: string;
  let app: NestFastifyApplication;
  let admin: ApiClient;
  let anonymous: ApiClient;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-api-'));
    const settings = loadSettings({
      BANGUI_PORT: '0',
      BANGUI_LOG_LEVEL: 'debug',
      BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
      BANGUI_FAIL2BAN_SOCKET: join(dir, 'no-fail2ban.sock'),
      BANGUI_ADMIN_USERNAME: adminCredentials.username,
      BANGUI_ADMIN_PASSWORD: adminCredentials.password,
      BANGUI_TRUSTED_PROXIES: '127.0.0.1',
    });
    const log = await Log.open({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
    const { module, imports = [] } = AppModule.with({ settings, log, clock });
    const withProbe = { module, imports, controllers: [ProbeController] };
    const options = { logger: new FrameworkLog(log), abortOnError: false, bodyParser: false } as const;
    app = await NestFactory.create<NestFastifyApplication>(withProbe, createWebServer(settings), options);
    app.setGlobalPrefix('api/v1');
    app.useGlobalFilters(new ProblemFilter(log));
    app.useGlobalPipes(validationPipe());
    await dressWebServer(app, settings, log);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    admin = new ApiClient(url);
    anonymous = new ApiClient(url);
    await admin.signIn(adminCredentials);
  });
  afterAll(async () => {
    await app.get(Fail2banClient).close();
    await app.close();
    await rm(dir, { recursive: true, force: true });
  });

  const make = async (scopes: TokenScopeName[], expiresAt?: number): Promise<CreatedApiToken> => {
    const answer = await admin.post<CreatedApiToken>('/api/v1/tokens', { name: 'probe', scopes, expiresAt });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    return answer.body;
  };
  /** Sends from an address of the caller's choice, so that one test's guesses do not slow another test down. */
  const send = (path: string, headers: Record<string, string>, { method = 'GET', from = '192.0.2.1' } = {}) =>
    anonymous.send<{ code?: string }>(method, path, { headers: { 'X-Forwarded-For': from, ...headers } });
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const basic = (password: string) => ({ Authorization: `Basic ${btoa(`firewall:${password}`)}` });

  it('open a route that asks for their scope, in the places that it allows', async () => {
    const { token } = await make(['feeds:read', 'enforcement:report']);
    for (const answer of [
      await send('/api/v1/probe/feed?since=5', bearer(token)),
      await send('/api/v1/probe/feed?since=5', basic(token)),
      await send(`/api/v1/probe/feed?token=${token}&since=5`, {}),
    ]) {
      expect(answer).toMatchObject({ status: 200, body: { name: 'probe', query: { since: '5' } } });
    }
    expect((await send('/api/v1/probe/report', bearer(token), { method: 'POST' })).status).toBe(201);
    const byPassword = await send('/api/v1/probe/report', basic(token), { method: 'POST' });
    expect(byPassword).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
    const inQuery = await send(`/api/v1/probe/report?token=${token}`, {}, { method: 'POST' });
    expect(inQuery).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
  });

  it('tell what they may do', async () => {
    const expiresAt = clock.now() + 3_600_000;
    const { token } = await make(['metrics:read'], expiresAt);
    const own = await anonymous.get<OwnApiToken>('/api/v1/tokens/own', { headers: bearer(token) });
    expect(own.body).toEqual({ name: 'probe', scopes: ['metrics:read'], expiresAt });
  });

  it('do not open a route of another scope', async () => {
    const { token } = await make(['feeds:read']);
    const answer = await send('/api/v1/probe/report', bearer(token), { method: 'POST' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'token-scope-missing' } });
  });

  it.each([
    ['GET', '/api/v1/tokens'],
    ['POST', '/api/v1/tokens'],
    ['GET', '/api/v1/allowlist'],
    ['POST', '/api/v1/allowlist'],
    ['GET', '/api/v1/bans'],
    ['POST', '/api/v1/bans/unban-all'],
    ['GET', '/api/v1/audit'],
    ['GET', '/api/v1/events'],
    ['GET', '/api/v1/auth/session'],
    ['POST', '/api/v1/auth/logout'],
  ])('give access to nothing else: %s %s', async (method, path) => {
    const { token } = await make(['feeds:read', 'enforcement:read', 'enforcement:report', 'metrics:read']);
    const answer = await send(path, { ...bearer(token), Cookie: `bangui_session=${token}` }, { method });
    expect(answer).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
  });

  it('are not replaced by a session', async () => {
    expect(await admin.get('/api/v1/probe/feed')).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
  });

  it('end at once when they are revoked or expire', async () => {
    const revoked = await make(['feeds:read']);
    expect((await admin.delete(`/api/v1/tokens/${revoked.id}`)).status).toBe(204);
    expect((await send('/api/v1/probe/feed', bearer(revoked.token), { from: '192.0.2.2' })).status).toBe(401);
    expect((await admin.delete(`/api/v1/tokens/${revoked.id}`)).status).toBe(404);
    const expiring = await make(['feeds:read'], clock.now() + 60_000);
    clock.advance(60_000);
    expect((await send('/api/v1/probe/feed', bearer(expiring.token), { from: '192.0.2.2' })).status).toBe(401);
  });

  it('show when they were last used', async () => {
    const { id, token } = await make(['feeds:read']);
    await send('/api/v1/probe/feed', bearer(token));
    await eventually(async () => {
      const { body } = await admin.get<TokenPage>('/api/v1/tokens');
      expect(body.items.find((one) => one.id === id)?.lastUsedAt).toEqual(expect.any(Number));
    });
  });

  it('cannot be guessed quickly, while right ones are served to the same address', async () => {
    const from = '198.51.100.77';
    const { token } = await make(['feeds:read']);
    const wrong = `bgt_${'A'.repeat(43)}`;
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => send('/api/v1/probe/feed', bearer(wrong), { from })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
    const held = answers.filter(({ status }) => status === 429);
    expect(held).toHaveLength(10);
    expect(Number(held[0]?.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await send('/api/v1/probe/feed', bearer(token), { from })).status).toBe(200);
    expect((await send('/api/v1/probe/feed', bearer(wrong), { from: '198.51.100.78' })).status).toBe(401);
  });

  it.each([
    ['no name', { name: '', scopes: ['feeds:read'] }],
    ['a name with a line feed', { name: 'a\nb', scopes: ['feeds:read'] }],
    ['a name with a NUL', { name: 'a\0b', scopes: ['feeds:read'] }],
    ['no scope', { name: 'a', scopes: [] }],
    ['an unknown scope', { name: 'a', scopes: ['everything'] }],
    ['a scope twice', { name: 'a', scopes: ['feeds:read', 'feeds:read'] }],
    ['scopes that are no list', { name: 'a', scopes: { length: 1 } }],
    ['an expiry that is no number', { name: 'a', scopes: ['feeds:read'], expiresAt: '5' }],
    ['a token of the own choice', { name: 'a', scopes: ['feeds:read'], token: `bgt_${'A'.repeat(43)}` }],
  ])('are not made with %s', async (_what, body) => {
    expect((await admin.post('/api/v1/tokens', body)).status).toBe(400);
  });

  it('are not made with an expiry in the past', async () => {
    const answer = await admin.post('/api/v1/tokens', { name: 'a', scopes: ['feeds:read'], expiresAt: 5 });
    expect(answer).toMatchObject({ status: 422, body: { code: 'token-expiry-past' } });
  });

  it('are in no log line, answer or audit event, wherever they were sent, also when we fail', async () => {
    const { token } = await make(['feeds:read']);
    const answers = [
      await send(`/api/v1/probe/bug?token=${token}`, {}),
      await send(`/api/v1/probe/feed?token=${token}&token=${token}`, {}),
      await send(`/api/v1/nothing?token=${token}`, bearer(token)),
      await send('/api/v1/probe/bug', basic(token)),
      await send(`/api/v1/tokens/own?token=${token}`, bearer(token)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([500, 401, 404, 500, 200]);
    const audit = await admin.get('/api/v1/audit?limit=200');
    const told = [...lines, ...answers.map(({ text }) => text), audit.text].join('\n');
    expect(told).toContain('a mistake of ours');
    expect(told).toContain('token.create');
    expect(told).not.toContain(token);
    expect(told).not.toContain(btoa(`firewall:${token}`));
    expect(told).not.toMatch(/bgt_[A-Za-z0-9_-]{43}/);
  });
});
