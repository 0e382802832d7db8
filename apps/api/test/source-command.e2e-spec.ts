import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, runCompiled } from '../src/cli/testing/command.ts';
import { type Blocklist } from '../src/features/blocklists/blocklists.dto.ts';
import { type ImportRun } from '../src/features/blocklists/runs.dto.ts';
import { eventually } from './fail2ban-api.ts';
import { type RunningApi, startApi, testSecretKey } from './harness.ts';
import { ListPublisher } from './list-publisher.ts';

const bangui = ({ dir }: RunningApi, ...args: string[]): Promise<Ran> =>
  runCompiled(['source', ...args], {
    BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
    BANGUI_SECRET_KEY: testSecretKey,
  });

describe('bangui source', () => {
  let publisher: ListPublisher;
  let api: RunningApi;

  const create = async (path: string, name = path.slice(1)): Promise<Blocklist> => {
    const body = { plugin: 'url-list', name, config: { url: `${publisher.url}${path}` } };
    const { id } = (await api.admin.post<Blocklist>('/api/v1/blocklists', body)).body;
    return eventually(async () => {
      const list = (await api.admin.get<Blocklist>(`/api/v1/blocklists/${id}`)).body;
      expect(list).toMatchObject({ isRunning: false, lastRun: expect.anything() as unknown });
      return list;
    });
  };

  beforeAll(async () => {
    publisher = await ListPublisher.start();
    api = await startApi({ withSources: true, env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } });
    publisher.publish('/a.txt', '23.9.0.1\n');
    await create('/a.txt');
  });
  afterAll(async () => {
    await api.stop();
    await publisher.stop();
  });

  it('lists what there is', async () => {
    const { out } = await bangui(api, 'list');
    expect(out).toMatch(/^a-txt\ta\.txt\turl-list\tok\t\d{4}-.*Z\n$/);
    const { sources } = JSON.parse((await bangui(api, 'list', '--json')).out) as { sources: unknown[] };
    expect(sources).toMatchObject([
      { feedName: 'a-txt', plugin: 'url-list', isEnabled: true, latest: { outcome: 'ok' } },
    ]);
  });

  it('has the BanGUI that runs import a list, waits for it, and leaves a line in the audit log', async () => {
    publisher.publish('/a.txt', '23.9.0.1\n23.9.0.3\n');
    const { status, out, told } = await bangui(api, 'run', 'a-txt', '--json');
    expect(status).toBe(0);
    const run = JSON.parse(out) as ImportRun;
    expect(run).toMatchObject({ trigger: 'by-hand', outcome: 'ok', funnel: { entries: 2 } });
    expect(run.requestedBy).toMatch(/^command:/);
    expect(told).toMatch(/Asked for the import of a\.txt/);
    const { body } = await api.admin.get<{ items: object[] }>('/api/v1/audit?limit=1');
    expect(body.items).toMatchObject([{ action: 'blocklist.run', subject: 'a.txt', actor: run.requestedBy }]);
    expect(await bangui(api, 'run', 'a.txt')).toMatchObject({ status: 0, out: 'unchanged\t-\n' });
  });

  it('says why an import failed', async () => {
    publisher.answer('/a.txt', (_, response) => void response.writeHead(500).end());
    const { status, out, told } = await bangui(api, 'run', 'a-txt', '--json');
    expect([status, JSON.parse(out)]).toEqual([
      1,
      { error: { code: 'import-unreachable', message: expect.stringMatching(/500/) as unknown } },
    ]);
    expect(told).toMatch(/500/);
  });

  it('is not sure which of two lists of one name is meant', async () => {
    publisher.publish('/a.txt', '23.9.0.1\n');
    publisher.publish('/b.txt', '23.9.0.2\n');
    const second = await create('/b.txt', 'a.txt');
    expect(second.feedName).not.toBe('a-txt');
    expect(await bangui(api, 'run', 'a.txt')).toMatchObject({
      status: 1,
      told: expect.stringMatching(/Several/) as unknown,
    });
    expect((await bangui(api, 'run', second.feedName)).status).toBe(0);
    expect(await bangui(api, 'run', 'none')).toMatchObject({
      status: 1,
      told: expect.stringMatching(/no list none/) as unknown,
    });
  });
});

describe('bangui source run while no BanGUI runs background tasks', () => {
  it('says so at once and asks for nothing', async () => {
    const api = await startApi({
      withSources: true,
      env: { BANGUI_SCHEDULER_ROLE: 'off', BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' },
    });
    try {
      const body = { plugin: 'url-list', name: 'a', config: { url: 'http://127.0.0.1:9/a' } };
      expect((await api.admin.post('/api/v1/blocklists', body)).status).toBe(201);
      const runs = async (): Promise<object[]> =>
        (await api.admin.get<{ items: object[] }>('/api/v1/blocklists/runs')).body.items;
      const before = await runs();
      expect(await bangui(api, 'run', 'a')).toMatchObject({
        status: 1,
        out: '',
        told: expect.stringMatching(/No BanGUI runs background tasks/) as unknown,
      });
      expect(await runs()).toEqual(before);
    } finally {
      await api.stop();
    }
  });
});
