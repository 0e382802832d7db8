import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from './harness.ts';

interface Permission {
  readonly origin: string | null;
  readonly credentials: string | null;
}

async function preflight(api: RunningApi, origin: string): Promise<Headers> {
  const answer = await api.anonymous.send('OPTIONS', '/api/v1/bans', {
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'x-bangui-request',
    },
  });
  return answer.headers;
}

const permission = (headers: Headers): Permission => ({
  origin: headers.get('access-control-allow-origin'),
  credentials: headers.get('access-control-allow-credentials'),
});

const permissions = async (api: RunningApi, origin: string): Promise<(string | null)[]> => [
  permission((await api.anonymous.get('/api/health/live', { headers: { Origin: origin } })).headers).origin,
  permission(await preflight(api, origin)).origin,
];

describe('cross-origin calls with BANGUI_CORS_ALLOWED_ORIGINS unset', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  it.each(['http://localhost:5173', 'https://localhost:5173', 'http://127.0.0.1:5173', 'https://127.0.0.1:5173'])(
    'are allowed from the development origin %s, with cookies',
    async (origin) => {
      expect(await permissions(api, origin)).toEqual([origin, origin]);
      expect(permission(await preflight(api, origin)).credentials).toBe('true');
    },
  );

  it.each(['http://localhost:4200', 'http://localhost', 'https://bangui.example', 'null'])(
    'are not allowed from %s',
    async (origin) => {
      expect(await permissions(api, origin)).toEqual([null, null]);
    },
  );
});

describe('cross-origin calls with listed origins', () => {
  const listed = 'https://portal.example';
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi({ env: { BANGUI_CORS_ALLOWED_ORIGINS: `${listed},http://192.0.2.1:8080` } });
  });
  afterAll(() => api.stop());

  it('may send our headers, may read theirs, and depend on the origin', async () => {
    const headers = await preflight(api, listed);
    const names = (name: string) => headers.get(name)?.split(/, ?/).sort();
    expect(names('access-control-allow-headers')).toEqual([
      'Authorization',
      'Content-Type',
      'If-Match',
      'Last-Event-ID',
      'X-BanGUI-Request',
    ]);
    expect(names('access-control-allow-methods')).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']);
    expect(headers.get('vary')).toContain('Origin');
    const answer = await api.anonymous.get('/api/health/live', { headers: { Origin: listed } });
    expect(answer.headers.get('access-control-expose-headers')?.split(/, ?/).sort()).toEqual([
      'Content-Disposition',
      'ETag',
      'Retry-After',
    ]);
    expect(permission(answer.headers)).toEqual({ origin: listed, credentials: 'true' });
  });

  it.each([
    'https://portal.example.evil.test',
    'https://evilportal.example',
    'http://portal.example',
    'https://portal.example:8443',
    'https://PORTAL.example',
    'https://portal.example/',
    'http://192.0.2.1',
    'http://localhost:5173',
  ])('are not allowed from the look-alike or unlisted %s', async (origin) => {
    expect(await permissions(api, origin)).toEqual([null, null]);
  });
});

describe('cross-origin calls with an empty list', () => {
  it('are off', async () => {
    const api = await startApi({ env: { BANGUI_CORS_ALLOWED_ORIGINS: '' } });
    const headers = await preflight(api, 'http://localhost:5173');
    expect(await permissions(api, 'http://localhost:5173')).toEqual([null, null]);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    await api.stop();
  });
});
