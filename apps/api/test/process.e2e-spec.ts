import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { ApiProcess } from './api-process.ts';
import { testSecretKey } from './harness.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-process-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const environment = (name: string, change: Record<string, string> = {}) => ({
  BANGUI_PORT: '0',
  BANGUI_DATABASE_PATH: join(dir, name, 'bangui.sqlite3'),
  BANGUI_FAIL2BAN_SOCKET: join(dir, 'no-fail2ban.sock'),
  ...change,
});

const isUp = (url: string) =>
  fetch(`${url}/api/health/live`).then(
    ({ status }) => status === 200,
    () => false,
  );

describe('a start', () => {
  it('with a bad environment ends with status 78 and one line for each problem, and nothing else', async () => {
    const api = ApiProcess.start({
      BANGUI_PORT: 'x',
      BANGUI_PROT: '1',
      BANGUI_CORS_ALLOWED_ORIGINS: '*',
      BANGUI_HOST: '',
    });
    expect(await api.exit).toEqual({ code: 78, signal: null });
    expect(api.stdout).toBe('');
    const lines = api.stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^bangui: BANGUI_(PORT|PROT|CORS_ALLOWED_ORIGINS) /);
  });

  it('on a port that is taken says so in one line', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const api = ApiProcess.start(environment('taken', { BANGUI_PORT: String(port) }));
    expect((await api.exit).code).toBe(1);
    server.close();
    expect(api.stderr).toMatch(new RegExp(`^bangui: Cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE.*\n$`));
  });

  it('with a database it cannot open says so in one line', async () => {
    await mkdir(join(dir, 'broken'));
    await writeFile(join(dir, 'broken', 'bangui.sqlite3'), 'this is no database, whatever its name says'.repeat(100));
    const api = ApiProcess.start(environment('broken'));
    expect((await api.exit).code).toBe(1);
    expect(api.stderr).toMatch(/^bangui: .*broken\/bangui\.sqlite3.*not a database\n$/);
  });

  it('refuses a PostgreSQL that does not answer, without showing the password', async () => {
    const api = ApiProcess.start(
      environment('nowhere', {
        BANGUI_DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x',
        BANGUI_SECRET_KEY: testSecretKey,
      }),
    );
    expect((await api.exit).code).toBe(1);
    expect(api.stderr).toMatch(/^bangui: .*PostgreSQL.*ECONNREFUSED.*\n$/);
    expect(api.stderr + api.stdout).not.toContain('hunter2');
  });

  it('keeps its database to itself', async () => {
    // As a mounted volume would be: it exists, and others may look into it.
    await mkdir(join(dir, 'private'), { mode: 0o755 });
    const api = ApiProcess.start(environment('private'));
    await api.url();
    api.kill('SIGKILL');
    await api.exit;
    expect((await stat(join(dir, 'private', 'bangui.sqlite3'))).mode & 0o077).toBe(0);
  });

  it('writes for people when asked to', async () => {
    const api = ApiProcess.start(environment('pretty', { BANGUI_LOG_FORMAT: 'pretty' }));
    await api.logged(/^\[[\d:.]+\] INFO: bangui_started \{.*"url":"http/m);
    api.kill('SIGKILL');
    await api.exit;
  });

  it('with an unknown argument explains itself', async () => {
    const api = ApiProcess.start({}, ['--help']);
    expect((await api.exit).code).toBe(64);
    expect(api.stderr).toContain('usage:');
  });
});

describe('a stop', () => {
  it('ends the event streams first, and is not held up by connections that stay open', async () => {
    const credentials = { username: 'admin', password: 'correct horse battery' };
    const env = { BANGUI_ADMIN_USERNAME: credentials.username, BANGUI_ADMIN_PASSWORD: credentials.password };
    const api = ApiProcess.start(environment('streams', env));
    const url = await api.url();
    const client = new ApiClient(url);
    await client.signIn(credentials);
    const stream = await fetch(`${url}/api/v1/events`, { headers: { Cookie: client.cookie ?? '' } });
    expect(stream.status).toBe(200);
    const startedAt = performance.now();
    api.kill('SIGTERM');
    await stream.text();
    // It still serves, so the six seconds of that are not over yet.
    expect(await isUp(url)).toBe(true);
    expect((await api.exit).code).toBe(0);
    // What is held up ends after 21 s at the soonest.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('is not ready at once, serves on for six seconds, and ends with status 0', async () => {
    const api = ApiProcess.start(environment('stop'));
    const url = await api.url();
    const startedAt = performance.now();
    api.kill('SIGTERM');
    await api.logged(/"event":"bangui_shutting_down"/);
    const ready = await fetch(`${url}/api/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'stopping' });
    expect(await isUp(url)).toBe(true);
    expect(await api.exit).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeGreaterThan(5_900);
    expect(api.stdout).toContain('"event":"bangui_stopped"');
    expect(api.stderr).toBe('');
  });

  it('is not held up by a connection that was opened in advance and never used', async () => {
    const api = ApiProcess.start(environment('silent'));
    const { port } = new URL(await api.url());
    const silent = connect(Number(port), '127.0.0.1');
    await once(silent, 'connect');
    // Ctrl-C: a person waits.
    api.kill('SIGINT');
    const startedAt = performance.now();
    expect((await api.exit).code).toBe(0);
    // Held up, it would be cut off after 25 s.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    silent.destroy();
  });

  it('ends at once with a second signal', async () => {
    const api = ApiProcess.start(environment('twice'));
    await api.url();
    const startedAt = performance.now();
    api.kill('SIGTERM');
    await api.logged(/"event":"bangui_shutting_down"/);
    api.kill('SIGTERM');
    expect((await api.exit).code).toBe(1);
    // Sooner than it serves on after the first.
    expect(performance.now() - startedAt).toBeLessThan(5_900);
  });
});
