import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlocklistPreview } from '../src/features/blocklists/blocklists.dto.ts';
import { type SeenHere } from '../src/features/seen-here/index.ts';
import { ApiClient } from './api-client.ts';
import { adminCredentials, type RunningApi, startApi } from './harness.ts';
import { ListPublisher } from './list-publisher.ts';

describe('who was seen here legitimately', () => {
  let dir: string;
  let log: string;
  let api: RunningApi;
  let publisher: ListPublisher;
  const suggestions = async (): Promise<SeenHere> =>
    (await api.admin.get<SeenHere>('/api/v1/allowlist/suggestions')).body;
  const start = (path: string): Promise<RunningApi> =>
    startApi({
      withSources: true,
      env: {
        BANGUI_SSHD_LOG: path,
        BANGUI_TRUSTED_PROXIES: '127.0.0.1',
        BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8',
      },
    });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-seen-'));
    log = join(dir, 'auth.log');
    const line = (daysAgo: number, text: string): string =>
      `${new Date(Date.now() - daysAgo * 86_400_000).toISOString()} host ${text}\n`;
    await writeFile(
      log,
      line(40, 'sshd[1]: Accepted publickey for root from 23.7.0.40 port 1 ssh2') +
        line(9, 'sshd[1]: Accepted publickey for root from 23.7.0.9 port 1 ssh2') +
        line(8, 'sshd-session[1]: Accepted password for root from 23.7.0.9 port 1 ssh2') +
        line(7, 'sshd[1]: Accepted password for root from 127.0.0.1 port 1 ssh2') +
        line(6, 'sshd[1]: Failed password for Accepted password for root from 23.7.0.66 port 1 ssh2'),
    );
    publisher = await ListPublisher.start();
    api = await start(log);
    const headers = { 'X-Forwarded-For': '23.7.1.1', 'X-Forwarded-Proto': 'https' };
    const there = new ApiClient(api.url);
    expect((await there.post('/api/v1/auth/login', adminCredentials, { headers })).status).toBe(200);
    const wrong = { ...adminCredentials, password: 'not the password' };
    const other = { ...headers, 'X-Forwarded-For': '23.7.1.66' };
    expect((await there.post('/api/v1/auth/login', wrong, { headers: other })).status).toBe(401);
  });
  afterAll(async () => {
    await api.stop();
    await publisher.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('are the addresses of successful sign-ins of 30 days', async () => {
    expect(await suggestions()).toMatchObject({
      items: [
        { address: '23.7.1.1', through: ['bangui'], signIns: 1 },
        { address: '23.7.0.9', through: ['sshd'], signIns: 2 },
      ],
      count: 2,
      sources: [
        { kind: 'bangui', state: 'read', path: null },
        { kind: 'sshd', state: 'read', path: log },
      ],
    });
  });

  it('are told in a preview when a list would block them, until they are on the allowlist', async () => {
    publisher.publish('/list.txt', '23.7.0.0/24\n23.7.2.0/24\n');
    const preview = async (): Promise<BlocklistPreview> =>
      (
        await api.admin.post<BlocklistPreview>('/api/v1/blocklists/preview', {
          plugin: 'url-list',
          config: { url: `${publisher.url}/list.txt` },
        })
      ).body;
    expect((await preview()).seenHere).toMatchObject({ items: [{ address: '23.7.0.9' }], count: 1 });
    expect((await api.admin.post('/api/v1/allowlist', { addresses: ['23.7.0.8/30'] })).status).toBe(201);
    expect(await preview()).toMatchObject({ seenHere: { items: [], count: 0 }, allowlisted: { addresses: 4 } });
    expect((await suggestions()).items).toMatchObject([{ address: '23.7.1.1' }]);
  });

  it('are those of BanGUI alone where there is no log of sshd, and that is said', async () => {
    const without = await start(join(dir, 'nothing.log'));
    try {
      const { body } = await without.admin.get<SeenHere>('/api/v1/allowlist/suggestions');
      expect(body).toEqual({
        items: [],
        count: 0,
        sources: [
          { kind: 'bangui', state: 'read', path: null },
          { kind: 'sshd', state: 'missing', path: join(dir, 'nothing.log') },
        ],
      });
    } finally {
      await without.stop();
    }
  });
});
