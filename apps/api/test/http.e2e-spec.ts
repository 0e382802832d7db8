import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from './harness.ts';

/** Sends bytes as they are and returns what comes back before the server closes. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(text);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

describe('what the API refuses', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const problem = (status: number, code: string) => ({
    status,
    body: {
      type: 'about:blank',
      status,
      code,
      title: expect.any(String) as unknown,
      detail: expect.any(String) as unknown,
    },
  });

  it.each([
    ['an unknown address', 'GET', '/api/v1/nothing', undefined, 404, 'not-found'],
    ['an unknown address outside of the version', 'GET', '/api/nothing', undefined, 404, 'not-found'],
    ['a method the address does not know', 'PUT', '/api/v1/auth/login', '{}', 404, 'not-found'],
    ['broken JSON', 'POST', '/api/v1/auth/login', '{"username":', 400, 'invalid-json'],
    ['an empty body', 'POST', '/api/v1/auth/login', '', 400, 'invalid-json'],
    ['a body that would change prototypes', 'POST', '/api/v1/auth/login', '{"__proto__":{"x":1}}', 400, 'invalid-json'],
    [
      'a body that is too large',
      'POST',
      '/api/v1/auth/login',
      JSON.stringify({ username: 'x'.repeat(1_100_000) }),
      413,
      'body-too-large',
    ],
    ['an id that is none', 'DELETE', '/api/v1/administrators/1%27', undefined, 400, 'bad-request'],
    ['an address that is not well formed', 'GET', '/api/%E0%A4%A', undefined, 400, 'bad-url'],
  ])('is a problem with a stable code: %s', async (_, method, path, body, status, code) => {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        'X-BanGUI-Request': '1',
        Cookie: api.admin.cookie ?? '',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect({ status: response.status, body: await response.json() }).toMatchObject(problem(status, code));
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'is a body as %s, which any page could post',
    async (type) => {
      const response = await fetch(`${api.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': type },
        body: '{}',
      });
      expect({ status: response.status, body: await response.json() }).toMatchObject(
        problem(415, 'unsupported-media-type'),
      );
    },
  );

  it('is a request with missing, wrong and unknown members, told by field and code', async () => {
    const answer = await api.anonymous.post('/api/v1/auth/login', { username: 7, extra: true });
    expect(answer).toMatchObject(problem(400, 'invalid-request'));
    const { errors } = answer.body as { errors: { field: string; code: string }[] };
    expect(errors.map(({ field, code }) => `${field} ${code}`).sort()).toEqual([
      'extra whitelist-validation',
      'password max-length',
      'username max-length',
    ]);
  });

  it('is a value out of its bounds, told with these', async () => {
    const long = await api.anonymous.post('/api/v1/setup', {
      username: 'first',
      password: 'short',
      code: 'x'.repeat(65),
    });
    expect(long.body).toMatchObject({
      errors: [
        { field: 'code', code: 'max-length', params: { limits: [64] } },
        { field: 'password', code: 'is-length', params: { limits: [12, 256] } },
      ],
    });
    const wide = await api.admin.get('/api/v1/audit?limit=201');
    expect(wide.body).toMatchObject({ errors: [{ field: 'limit', code: 'max', params: { limits: [200] } }] });
  });

  it('is a body that is a list', async () => {
    expect(await api.anonymous.post('/api/v1/auth/login', [])).toMatchObject({ status: 400 });
  });

  it.each(['0', '201', '1.5', 'x', '1&limit=2'])('is the limit %s of a list', async (limit) => {
    expect(await api.admin.get(`/api/v1/audit?limit=${limit}`)).toMatchObject(problem(400, 'invalid-request'));
  });

  it.each(['%00', 'W10', 'x'.repeat(600)])('is the cursor %s', async (cursor) => {
    const answer = await api.admin.get<{ code: string }>(`/api/v1/audit?cursor=${cursor}`);
    expect([answer.status, answer.body.code]).toEqual([
      400,
      cursor.length > 512 ? 'invalid-request' : 'cursor-invalid',
    ]);
  });

  it('carries the id under which the log knows it, and does not take one from outside', async () => {
    const answer = await api.anonymous.get<{ requestId: string }>('/api/v1/nothing', {
      headers: { 'X-Request-Id': 'forged' },
    });
    expect(answer.headers.get('x-request-id')).toBe(answer.body.requestId);
    expect(answer.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(api.logs().some((line) => line.includes(`"requestId":"${answer.body.requestId}"`))).toBe(true);
  });

  it('is not logged with its query, which may hold secrets', async () => {
    await api.anonymous.get('/api/v1/nothing?token=hunter2');
    expect(api.logs().join('')).not.toContain('hunter2');
  });

  it('is something that is not HTTP', async () => {
    expect(await raw(api.url, 'EHLO bangui\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('the headers of every answer', () => {
  it('keep foreign content, frames and guesses of types out', async () => {
    const api = await startApi();
    const { headers } = await api.anonymous.get('/api/health/live');
    await api.stop();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|upgrade-insecure/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('are those that nginx sends with the pages of the portal', async () => {
    const api = await startApi();
    const { headers } = await api.anonymous.get('/api/health/live');
    await api.stop();
    const file = await readFile(join(import.meta.dirname, '../../../docker/portal/headers.conf'), 'utf8');
    const sent = [...file.matchAll(/^add_header ([\w-]+) (?:"([^"]+)"|(\S+)) always;$/gm)].map(
      ([, name = '', quoted, plain]) => [name.toLowerCase(), quoted ?? plain] as const,
    );
    // Two that depend on the file and on browsers' devices, which an answer of the API does not touch.
    const alike = sent.filter(([name]) => !['cache-control', 'permissions-policy'].includes(name));
    expect(alike.length).toBeGreaterThan(8);
    expect(alike.map(([name]) => [name, headers.get(name)])).toEqual(alike);
  });
});

describe('the documentation of the API', () => {
  it('is served only when asked for', async () => {
    const api = await startApi();
    expect((await api.anonymous.get('/api/docs')).status).toBe(404);
    await api.stop();
    const documented = await startApi({ env: { BANGUI_API_DOCS: 'true' } });
    expect((await documented.anonymous.get('/api/docs')).text).toContain('swagger-ui');
    await documented.stop();
  });
});
