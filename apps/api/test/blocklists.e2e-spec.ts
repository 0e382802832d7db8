import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Wanted } from '../src/features/blocklists/index.ts';
import {
  type Blocklist,
  type BlocklistList,
  type BlocklistPreview,
} from '../src/features/blocklists/blocklists.dto.ts';
import { type LookupResult, type OverlapMatrix } from '../src/features/blocklists/lookup.dto.ts';
import { type ImportRunDetail, type ImportRunPage } from '../src/features/blocklists/runs.dto.ts';
import { newRun } from '../src/features/blocklists/run/imports.ts';
import { OwnAddresses } from '../src/features/blocklists/run/own-addresses.ts';
import { RunsRepository } from '../src/features/blocklists/store/runs.repository.ts';
import { EventStream } from './event-stream.ts';
import { eventually } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';
import { ListPublisher } from './list-publisher.ts';

/** So many addresses that no list of them has private ones. */
const hosts = (count: number, network = '23.1'): string =>
  Array.from({ length: count }, (_, index) => `${network}.${index >> 7}.${(index & 127) * 2}`).join('\n') + '\n';

describe('blocklists', () => {
  let publisher: ListPublisher;
  let api: RunningApi;
  const create = async (path: string, change: object = {}): Promise<Blocklist> => {
    const body = { plugin: 'url-list', name: path.slice(1), config: { url: `${publisher.url}${path}` }, ...change };
    const answer = await api.admin.post<Blocklist>('/api/v1/blocklists', body);
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return answer.body;
  };
  const one = async (id: string): Promise<Blocklist> =>
    (await api.admin.get<Blocklist>(`/api/v1/blocklists/${id}`)).body;
  /** Waits until nothing of the list waits or goes on. */
  const settled = (id: string): Promise<Blocklist> =>
    eventually(async () => {
      const list = await one(id);
      expect(list).toMatchObject({ isRunning: false, lastRun: expect.anything() as unknown });
      return list;
    });
  const run = async (id: string): Promise<Blocklist> => {
    const answer = await api.admin.post(`/api/v1/blocklists/${id}/run`);
    expect([200, 202, 502]).toContain(answer.status);
    return settled(id);
  };
  const wanted = () => api.app.get(Wanted, { strict: false });

  beforeAll(async () => {
    publisher = await ListPublisher.start();
    api = await startApi({ withSources: true, env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } });
  });
  afterAll(async () => {
    await api.stop();
    await publisher.stop();
  });

  it('are imported, merged, cut by the allowlist, looked up and compared', async () => {
    publisher.publish('/a.txt', '# list\n23.9.0.0/24\n23.9.1.7\n10.0.0.1\nnonsense\n0.0.0.0/0\n2a00:1::/64\n');
    publisher.publish('/b.txt', '23.9.0.128/25\n23.9.1.8\n');
    const stream = await EventStream.open(api.admin);
    await api.admin.post('/api/v1/allowlist', { addresses: ['23.9.0.5'] });
    const a = await create('/a.txt');
    const b = await create('/b.txt');
    await stream.next('snapshot-changed');
    expect(await settled(a.id)).toMatchObject({
      state: 'ok',
      feedName: 'a-txt',
      ranges: 3,
      lastRun: {
        outcome: 'ok',
        funnel: {
          entries: 5,
          invalid: 1,
          tooBroad: 1,
          ranges: 3,
          addedRanges: 3,
          special: [{ class: 'private', ranges: 1, addresses: 1 }],
        },
      },
    });
    await settled(b.id);
    const set = await eventually(async () => {
      const current = await wanted().current();
      // 23.9.0.0/24 without .5, .1.7-.1.8, and the IPv6 network.
      expect(current.blocked.counts()).toMatchObject({ addresses4: 257, ranges4: 3, ranges6: 1 });
      return current;
    });
    expect([...set.allowed.networks()].map(String)).toEqual(['23.9.0.5']);
    const looked = await api.admin.get<LookupResult>('/api/v1/blocklists/lookup?address=23.9.0.200');
    expect(looked.body).toMatchObject({
      items: [
        { sourceId: a.id, isWhole: true },
        { sourceId: b.id, isWhole: true },
      ],
      isBlocked: true,
      isAllowlisted: false,
    });
    const part = await api.admin.get<LookupResult>('/api/v1/blocklists/lookup?address=23.9.0.0/23');
    expect(part.body).toMatchObject({
      items: [{ isWhole: false }, { isWhole: false }],
      isBlocked: false,
      isAllowlisted: true,
    });
    const { body: overlap } = await api.admin.get<OverlapMatrix>('/api/v1/blocklists/overlap');
    expect(overlap.items[1]).toMatchObject({
      all: { addresses4: 129 },
      unique: { addresses4: 1 },
      shared: [{ addresses4: 128 }, {}],
    });
    const { body: runs } = await api.admin.get<ImportRunPage>(`/api/v1/blocklists/runs?source=${a.id}`);
    const { body: detail } = await api.admin.get<ImportRunDetail>(`/api/v1/blocklists/runs/${runs.items[0]?.id ?? ''}`);
    expect(detail.log.map(({ message }) => message).join('\n')).toMatch(/1 networks that are too broad[^]*private/);
    stream.close();
    // Whoever is added to the allowlist is let through without an import.
    const before = set.generation;
    await api.admin.post('/api/v1/allowlist', { addresses: ['23.9.1.0/24'] });
    await eventually(async () => {
      const current = await wanted().current();
      expect(current.blocked.counts().addresses4).toBe(255);
      const delta = await wanted().deltaSince(before);
      expect([delta?.added.isEmpty, delta && [...delta.removed.networks()].map(String)]).toEqual([
        true,
        ['23.9.1.7', '23.9.1.8'],
      ]);
    });
    for (const { id } of [a, b]) expect((await api.admin.delete(`/api/v1/blocklists/${id}`)).status).toBe(204);
    await eventually(async () => expect((await wanted().current()).blocked.isEmpty).toBe(true));
  });

  it('that are unchanged write nothing but the run, and ask for changes only', async () => {
    publisher.publish('/same.txt', hosts(200));
    const { id } = await create('/same.txt');
    const first = await settled(id);
    const again = await run(id);
    expect(again).toMatchObject({ state: 'unchanged', ranges: 200, listChangedAt: first.listChangedAt });
    expect(again.lastRun).toMatchObject({ outcome: 'unchanged', funnel: null });
    expect(publisher.requests.at(-1)?.headers['if-none-match']).toMatch(/^"[0-9a-f]{64}"$/);
    await api.admin.delete(`/api/v1/blocklists/${id}`);
  });

  it('of one pass share what is known of the addresses of this machine', async () => {
    publisher.publish('/own-1.txt', hosts(10, '23.21'));
    publisher.publish('/own-2.txt', hosts(10, '23.22'));
    const lists = [await create('/own-1.txt'), await create('/own-2.txt')];
    for (const { id } of lists) await settled(id);
    const read = vi.spyOn(api.app.get(OwnAddresses, { strict: false }), 'read');
    const runs = lists.map(({ id }) => newRun(id, 'by-hand', 'admin', Date.now()));
    // Together, so that no pass begins between them.
    await api.app.get(RunsRepository, { strict: false }).begin(runs);
    await api.admin.post('/api/v1/tasks/blocklist_import/run');
    for (const { id: runId, sourceId } of runs) {
      expect((await settled(sourceId)).lastRun).toMatchObject({ id: runId, outcome: 'unchanged' });
    }
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
    for (const { id } of lists) await api.admin.delete(`/api/v1/blocklists/${id}`);
  });

  it('that look broken are held until somebody confirms or rejects them', async () => {
    publisher.publish('/held.txt', hosts(400));
    const { id } = await create('/held.txt');
    expect(await settled(id)).toMatchObject({ state: 'ok', ranges: 400 });
    publisher.publish('/held.txt', hosts(100));
    expect(await run(id)).toMatchObject({
      state: 'suspicious',
      ranges: 400,
      held: { reason: expect.stringMatching(/300 entries went, 75 %/) as string },
    });
    expect((await api.admin.post(`/api/v1/blocklists/${id}/reject`)).body).toMatchObject({
      state: 'failing',
      held: null,
      ranges: 400,
    });
    expect(await run(id)).toMatchObject({ state: 'failing', held: null, lastRun: { error: 'suspicious' } });
    publisher.publish('/held.txt', '# nothing\n');
    expect(await run(id)).toMatchObject({ state: 'suspicious', ranges: 400 });
    expect((await api.admin.post(`/api/v1/blocklists/${id}/confirm`)).body).toMatchObject({
      state: 'ok',
      ranges: 0,
      held: null,
    });
    expect((await api.admin.post(`/api/v1/blocklists/${id}/confirm`)).status).toBe(409);
    await api.admin.delete(`/api/v1/blocklists/${id}`);
  });

  it('can be tried out without storing anything, and never give a secret back', async () => {
    publisher.answer('/key.txt', (request, response) => {
      if (request.headers['x-key'] === 'hunter2') response.end(hosts(3));
      else response.writeHead(401).end();
    });
    const config = { url: `${publisher.url}/key.txt`, headerName: 'X-Key', headerValue: 'hunter2' };
    const tried = await api.admin.post<BlocklistPreview>('/api/v1/blocklists/preview', { plugin: 'url-list', config });
    expect(tried.body).toMatchObject({
      funnel: { ranges: 3 },
      suspicion: null,
      sample: ['23.1.0.0', '23.1.0.2', '23.1.0.4'],
    });
    const wrong = await api.admin.post('/api/v1/blocklists/preview', {
      plugin: 'url-list',
      config: { ...config, headerValue: 'x' },
    });
    expect(wrong).toMatchObject({ status: 502, body: { code: 'import-unauthorized' } });
    const { id } = await create('/key.txt', { config });
    expect(await settled(id)).toMatchObject({ state: 'ok', secretsSet: ['headerValue'] });
    expect((await api.admin.get(`/api/v1/blocklists/${id}/preview`)).body).toMatchObject({ funnel: { ranges: 3 } });
    const kept = { ...config, headerValue: undefined, csvColumn: '2' };
    expect((await api.admin.send('PATCH', `/api/v1/blocklists/${id}`, { body: { config: kept } })).status).toBe(200);
    expect(await settled(id)).toMatchObject({ secretsSet: ['headerValue'], lastRun: { error: null } });
    const audit = await api.admin.get('/api/v1/audit?limit=200');
    const list = await api.admin.get<BlocklistList>('/api/v1/blocklists');
    expect([audit.text, list.text, ...api.logs()].join('\n')).not.toContain('hunter2');
    await api.admin.delete(`/api/v1/blocklists/${id}`);
  });

  it('are published as feeds for other firewalls, whole or as changes, by token', async () => {
    publisher.publish('/feed.txt', '23.5.0.0/24\n2a00:5::1\n');
    const { id, feedName } = await create('/feed.txt');
    await settled(id);
    const { body: made } = await api.admin.post<{ token: string }>('/api/v1/tokens', {
      name: 'fw',
      scopes: ['feeds:read'],
    });
    const feed = (file: string, headers: Record<string, string> = {}) =>
      api.anonymous.get(`/api/v1/feeds/${file}`, { headers: { Authorization: `Bearer ${made.token}`, ...headers } });
    const whole = await eventually(async () => {
      const answer = await feed('merged.txt');
      expect(answer).toMatchObject({ status: 200, text: '23.5.0.0/24\n2a00:5::1\n' });
      return answer;
    });
    const generation = whole.headers.get('X-BanGUI-Generation') ?? '';
    expect((await feed('merged.txt', { 'If-None-Match': whole.headers.get('ETag') ?? '' })).status).toBe(304);
    expect((await feed(`${feedName}.cidr`)).text).toBe('23.5.0.0/24\n2a00:5::1/128\n');
    expect((await feed('merged.json')).body).toMatchObject({ since: null, networks: ['23.5.0.0/24', '2a00:5::1/128'] });
    expect((await feed('merged.ipset')).text).toContain(
      'add bangui-merged-4 23.5.0.0/24\nadd bangui-merged-6 2a00:5::1\n',
    );
    expect((await feed('merged.nft')).text).toContain('add element inet bangui bangui-merged-4 { 23.5.0.0/24 }\n');
    expect((await feed('merged.rsc')).text).toContain('add list="bangui-merged" address=23.5.0.0/24\n');
    publisher.publish('/feed.txt', '23.5.0.0/24\n23.6.0.1\n');
    await run(id);
    await eventually(async () => {
      const changes = await feed(`merged.txt?since=${generation}`);
      expect(changes.text).toBe('-2a00:5::1\n+23.6.0.1\n');
    });
    expect((await feed('merged.txt?since=999999')).status).toBe(410);
    for (const file of ['nothing.txt', 'merged.exe', '..%2Fmerged.txt']) expect((await feed(file)).status).toBe(404);
    expect((await api.anonymous.get('/api/v1/feeds/merged.txt')).status).toBe(401);
    expect((await api.anonymous.get(`/api/v1/feeds/merged.txt?token=${made.token}`)).status).toBe(200);
    expect(api.logs().join('\n')).not.toContain(made.token);
    await api.admin.delete(`/api/v1/blocklists/${id}`);
  });

  it.each([
    ['settings that the plugin refuses', { config: { url: 'ftp://x' } }, 422, 'settings-refused'],
    ['an unknown plugin', { plugin: 'nothing' }, 422, 'plugin-unknown'],
    ['settings that are no object', { config: 'x' }, 400, 'invalid-request'],
    ['no name', { name: '' }, 400, 'invalid-request'],
  ])('are not made with %s', async (_what, change, status, code) => {
    const body = { plugin: 'url-list', name: 'x', config: { url: 'https://lists.example.org/' }, ...change };
    expect(await api.admin.post('/api/v1/blocklists', body)).toMatchObject({ status, body: { code } });
  });
});
