import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from './harness.ts';

describe('the portal', () => {
  let dir: string;
  let api: RunningApi;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-portal-'));
    await mkdir(join(dir, 'portal', 'i18n'), { recursive: true });
    await writeFile(join(dir, 'secret.txt'), 'outside');
    await writeFile(join(dir, 'portal', 'index.html'), '<!doctype html><title>the page</title>');
    await writeFile(join(dir, 'portal', 'main-3188lH_X.js'), 'export {};');
    await mkdir(join(dir, 'portal', 'media'));
    await writeFile(join(dir, 'portal', 'media', 'inter--4BDfYlE.woff2'), '');
    await writeFile(join(dir, 'portal', 'icon-triangle.svg'), '<svg/>');
    await writeFile(join(dir, 'portal', '.env'), 'hidden');
    await writeFile(join(dir, 'portal', 'i18n', 'de.json'), '{}');
    api = await startApi({ env: { BANGUI_PORTAL_DIR: join(dir, 'portal') } });
  });
  afterAll(async () => {
    await api.stop();
    await rm(dir, { recursive: true });
  });

  it.each(['/', '/bans', '/jails/sshd', '/jails/sshd?tab=proof', '/apiary'])(
    'is its page at %s, asked for anew each time',
    async (path) => {
      const answer = await api.anonymous.get(path);
      expect([answer.status, answer.text]).toEqual([200, '<!doctype html><title>the page</title>']);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    },
  );

  it.each(['GET', 'HEAD'])('is its page for %s of a client that accepts no encoding', async (method) => {
    const { status, headers, body } = await plainRequest(api.url, method);
    expect([status, body]).toEqual([200, method === 'GET' ? '<!doctype html><title>the page</title>' : '']);
    expect(headers['content-type']).toMatch(/^text\/html/);
  });

  it('is its page for a jail with a dot in its name, when a browser goes there', async () => {
    const answer = await api.anonymous.get('/jails/web.example', { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([answer.status, answer.text]).toEqual([200, '<!doctype html><title>the page</title>']);
  });

  it('keeps files with a hash in their name for ever, and no others', async () => {
    const hashed = await api.anonymous.get('/main-3188lH_X.js');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(hashed.headers.get('content-type')).toMatch(/javascript/);
    const kept = async (path: string) => (await api.anonymous.get(path)).headers.get('cache-control');
    expect(await kept('/media/inter--4BDfYlE.woff2')).toContain('immutable');
    expect([await kept('/i18n/de.json'), await kept('/icon-triangle.svg')]).toEqual(['no-cache', 'no-cache']);
  });

  it.each([
    '/main-00000000.js',
    '/i18n/fr.json',
    '/.env',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/api/nothing',
    '/api',
  ])('is a problem at %s, never the page', async (path) => {
    const answer = await api.anonymous.get(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is read only', async () => {
    expect((await api.anonymous.post('/bans')).status).toBe(404);
  });
});

/** A request as curl sends it: `fetch` always names the encodings it accepts. */
async function plainRequest(url: string, method: string) {
  const asked = request(new URL('/', url), { method }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe('a portal that is not built', () => {
  it('says so in words, while the API works', async () => {
    const api = await startApi({ env: { BANGUI_PORTAL_DIR: join(tmpdir(), 'bangui-no-such-portal') } });
    const page = await api.anonymous.get('/');
    expect([page.status, page.text]).toEqual([503, expect.stringContaining('make build')]);
    expect((await api.anonymous.get('/api/health/live')).status).toBe(200);
    await api.stop();
  });
});
