import { readFileSync } from 'node:fs';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { EventStream } from './event-stream.ts';
import { eventually, toolSettings } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';
import { type PrivateDatabase, privateDatabase } from './instances.ts';
import { ListPublisher } from './list-publisher.ts';
import { operate } from './operate.ts';

/** The contract: every route of it works on PostgreSQL. */
const { paths } = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, unknown>>;
};
const routes = Object.entries(paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

interface Identified {
  readonly id: string;
}
interface Listed {
  readonly items: readonly (Identified & { readonly current?: boolean })[];
}

const first = { username: 'first', password: 'a long enough password' };
const second = { username: 'second', password: 'another long password' };
const range = (): string => `from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}&timeZone=Europe/Berlin`;

let database: PrivateDatabase;
let fail2ban: PrivateFail2ban;
let api: RunningApi;
let client: ApiClient;
let publisher: ListPublisher;

beforeAll(async () => {
  database = await privateDatabase();
  fail2ban = await PrivateFail2ban.start();
  const env = { ...toolSettings(), BANGUI_DATABASE_URL: database.url, BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' };
  publisher = await ListPublisher.start();
  publisher.publish('/', '23.1.2.3');
  publisher.publish('/list.txt', list.join('\n'));
  api = await startApi({ fail2ban, env, withSources: true, withoutAdministrator: true });
  client = api.anonymous;
}, 120_000);
afterAll(async () => {
  await api.stop();
  await fail2ban[Symbol.asyncDispose]();
  await publisher.stop();
  await database.stop();
});

/** One request; anything but this status fails, with the answer in the message. */
async function expects<T = unknown>(status: number, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await client.send<T>(method, path, body === undefined ? {} : { body });
  expect(`${method} ${path} ${answer.status} ${answer.status === status ? '' : answer.text}`.trim()).toBe(
    `${method} ${path} ${status}`,
  );
  return answer.body;
}

const get = <T>(path: string): Promise<T> => expects<T>(200, 'GET', path);
/** Asks for an operation, which succeeds. */
const operates = async (path: string, body?: object): Promise<void> => {
  const { status, text } = await operate(client, path, body);
  expect([path, status, status === 200 ? '' : text]).toEqual([path, 200, '']);
};
const idOf = async (path: string, passes: (item: { current?: boolean }) => boolean): Promise<string> =>
  (await get<Listed>(path)).items.find(passes)?.id ?? '';

/** What to do for each route, in this order. */
const steps: readonly (readonly [route: string, step: () => Promise<unknown>])[] = [
  ['GET /api/v1/setup', () => get('/api/v1/setup')],
  ['POST /api/v1/setup', () => expects(201, 'POST', '/api/v1/setup', first)],
  ['POST /api/v1/auth/login', () => expects(200, 'POST', '/api/v1/auth/login', first)],
  ['GET /api/v1/auth/session', () => get('/api/v1/auth/session')],
  ['GET /api/v1/auth/sessions', () => get('/api/v1/auth/sessions')],
  [
    'DELETE /api/v1/auth/sessions/{id}',
    async () => {
      const other = await idOf('/api/v1/auth/sessions', ({ current }) => current !== true);
      await expects(204, 'DELETE', `/api/v1/auth/sessions/${other}`);
    },
  ],
  [
    'POST /api/v1/auth/password',
    () =>
      expects(204, 'POST', '/api/v1/auth/password', {
        currentPassword: first.password,
        newPassword: 'a new long password',
      }),
  ],
  [
    'POST /api/v1/administrators',
    async () => {
      const added = await expects<Identified>(201, 'POST', '/api/v1/administrators', second);
      secondId = added.id;
    },
  ],
  ['GET /api/v1/administrators', () => get('/api/v1/administrators')],
  ['DELETE /api/v1/administrators/{id}', () => expects(204, 'DELETE', `/api/v1/administrators/${secondId}`)],
  ['GET /api/health', () => get('/api/health')],
  ['GET /api/health/live', () => get('/api/health/live')],
  ['GET /api/health/ready', () => get('/api/health/ready')],
  [
    'GET /api/v1/server',
    () => eventually(async () => expect(await get('/api/v1/server')).toMatchObject({ online: true })),
  ],
  [
    'GET /api/v1/jails',
    () => eventually(async () => expect((await get<Listed>('/api/v1/jails')).items.length).toBeGreaterThan(0)),
  ],
  ['GET /api/v1/jails/{name}', () => get('/api/v1/jails/web')],
  ['POST /api/v1/jails/reload', () => operates('/api/v1/jails/reload')],
  ['POST /api/v1/jails/{name}/idle', () => operates('/api/v1/jails/web/idle')],
  ['POST /api/v1/jails/{name}/stop', () => operates('/api/v1/jails/web/stop')],
  ['POST /api/v1/jails/{name}/start', () => operates('/api/v1/jails/web/start')],
  ['POST /api/v1/jails/{name}/reload', () => operates('/api/v1/jails/web/reload')],
  ['POST /api/v1/jails/{name}/prove', () => operates('/api/v1/jails/web/prove')],
  [
    'PATCH /api/v1/jails/{name}/parameters',
    () => expects(200, 'PATCH', '/api/v1/jails/web/parameters', { bantime: '1h', maxretry: 4 }),
  ],
  [
    'POST /api/v1/jails/{name}/ignored',
    () => expects(200, 'POST', '/api/v1/jails/web/ignored', { address: '192.0.2.0/24' }),
  ],
  [
    'DELETE /api/v1/jails/{name}/ignored/{address}',
    () => expects(200, 'DELETE', `/api/v1/jails/web/ignored/${encodeURIComponent('192.0.2.0/24')}`),
  ],
  ['GET /api/v1/configuration/regex', () => get('/api/v1/configuration/regex')],
  [
    'POST /api/v1/configuration/regex',
    () => expects(200, 'POST', '/api/v1/configuration/regex', { filter: 'test', lines: ['1 FAIL from 203.0.113.1'] }),
  ],
  ['GET /api/v1/logs', async () => expect(await get('/api/v1/logs')).toMatchObject({ place: { kind: 'file' } })],
  ['GET /api/v1/server/settings', () => get('/api/v1/server/settings')],
  [
    'PATCH /api/v1/server/settings',
    () => expects(200, 'PATCH', '/api/v1/server/settings', { loglevel: 'INFO', dbmaxmatches: 10 }),
  ],
  ['POST /api/v1/server/flush-logs', () => expects(204, 'POST', '/api/v1/server/flush-logs')],
  ['POST /api/v1/server/restart', () => expects(409, 'POST', '/api/v1/server/restart')],
  [
    'GET /api/v1/events',
    async () => {
      const stream = await EventStream.open(client);
      await stream.next('jails');
      stream.close();
    },
  ],
  [
    'POST /api/v1/bans/preview',
    () => expects(200, 'POST', '/api/v1/bans/preview', { jail: 'manual', addresses: ['203.0.113.1'] }),
  ],
  [
    'POST /api/v1/bans',
    () =>
      operates('/api/v1/bans', {
        jail: 'manual',
        addresses: ['203.0.113.1', '2001:db8::1', '198.51.100.0/24'],
        reason: 'smoke',
      }),
  ],
  ['GET /api/v1/bans', async () => expect((await get<Listed>('/api/v1/bans')).items).toHaveLength(3)],
  ['POST /api/v1/bans/unban', () => operates('/api/v1/bans/unban', { jail: 'manual', addresses: ['203.0.113.1'] })],
  ['POST /api/v1/bans/unban-all', () => operates('/api/v1/bans/unban-all')],
  [
    'GET /api/v1/history',
    async () => {
      await eventually(async () => expect((await get<Listed>('/api/v1/history')).items).toHaveLength(6));
      const filters = [
        'jail=manual',
        'network=198.51.100.0/24',
        'country=DE',
        'asn=1',
        'origin=selfblock',
        'action=ban',
      ];
      for (const filter of [...filters, 'text=fail', 'page_size=2', range().split('&timeZone')[0]]) {
        await get(`/api/v1/history?${filter ?? ''}`);
      }
      const page = await get<{ nextCursor: string }>('/api/v1/history?limit=2');
      expect((await get<Listed>(`/api/v1/history?limit=10&cursor=${page.nextCursor}`)).items).toHaveLength(4);
    },
  ],
  ['GET /api/v1/history/{address}', () => get('/api/v1/history/203.0.113.1')],
  [
    'GET /api/v1/history/export',
    async () => {
      for (const format of ['csv', 'json', 'ndjson']) {
        const { status, text } = await client.get(`/api/v1/history/export?format=${format}`);
        expect([format, status, text.split('203.0.113.1').length]).toEqual([format, 200, 3]);
      }
    },
  ],
  ...['summary', 'trend', 'by-country', 'by-jail', 'by-network', 'offenders'].map(
    (name) => [`GET /api/v1/dashboard/${name}`, () => get(`/api/v1/dashboard/${name}?${range()}`)] as const,
  ),
  ['GET /api/v1/geo/source', () => get('/api/v1/geo/source')],
  // An address of documentation has no name by its nature, so nobody is asked.
  ['GET /api/v1/geo/{address}/name', () => get('/api/v1/geo/203.0.113.1/name')],
  [
    'GET /api/v1/operations',
    async () => {
      operationId = await idOf('/api/v1/operations', () => true);
    },
  ],
  ['GET /api/v1/operations/{id}', () => get(`/api/v1/operations/${operationId}`)],
  [
    'GET /api/v1/audit',
    async () => {
      const page = await get<Listed & { nextCursor: string }>('/api/v1/audit?limit=3');
      expect(page.items).toHaveLength(3);
      expect((await get<Listed>(`/api/v1/audit?limit=3&cursor=${page.nextCursor}`)).items).toHaveLength(3);
    },
  ],
  ['GET /api/v1/tasks', () => get('/api/v1/tasks')],
  ['POST /api/v1/tasks/{id}/run', () => expects(202, 'POST', '/api/v1/tasks/geo_cache_clean_up/run')],
  [
    'GET /api/v1/tasks/{id}/runs',
    () =>
      eventually(async () =>
        expect((await get<Listed>('/api/v1/tasks/geo_cache_clean_up/runs')).items[0]).toMatchObject({
          outcome: 'succeeded',
        }),
      ),
  ],
  ['PATCH /api/v1/tasks/{id}', () => expects(200, 'PATCH', '/api/v1/tasks/geo_cache_clean_up', { isPaused: true })],
  [
    'POST /api/v1/allowlist',
    () => expects(201, 'POST', '/api/v1/allowlist', { addresses: ['198.51.100.7'], note: 'smoke' }),
  ],
  [
    'GET /api/v1/allowlist',
    async () => {
      allowlistId = await idOf('/api/v1/allowlist?q=198.51.100.0/24', () => true);
    },
  ],
  ['GET /api/v1/allowlist/suggestions', () => get('/api/v1/allowlist/suggestions')],
  [
    'PATCH /api/v1/allowlist/{id}',
    () => expects(200, 'PATCH', `/api/v1/allowlist/${allowlistId}`, { note: 'other', isPushedToFail2ban: true }),
  ],
  ['DELETE /api/v1/allowlist/{id}', () => expects(204, 'DELETE', `/api/v1/allowlist/${allowlistId}`)],
  // By token, which the tests of metrics have.
  ['GET /metrics', () => expects(401, 'GET', '/metrics')],
  ['GET /api/v1/configuration', () => expects(200, 'GET', '/api/v1/configuration')],
  ['GET /api/v1/configuration/jails', () => expects(200, 'GET', '/api/v1/configuration/jails')],
  ['GET /api/v1/configuration/jails/{name}', () => expects(200, 'GET', '/api/v1/configuration/jails/web')],
  ['GET /api/v1/configuration/server', () => expects(200, 'GET', '/api/v1/configuration/server')],
  ['GET /api/v1/configuration/filters', () => expects(200, 'GET', '/api/v1/configuration/filters')],
  ['GET /api/v1/configuration/filters/{name}', () => expects(200, 'GET', '/api/v1/configuration/filters/test')],
  ['GET /api/v1/configuration/actions', () => expects(200, 'GET', '/api/v1/configuration/actions')],
  ['GET /api/v1/configuration/actions/{name}', () => expects(200, 'GET', '/api/v1/configuration/actions/echo-log')],
  [
    'GET /api/v1/configuration/file',
    async () => {
      const file = await expects<{ etag: string }>(200, 'GET', '/api/v1/configuration/file?path=jail.local');
      jailLocal = file.etag;
    },
  ],
  ['POST /api/v1/configuration/check', () => expects(200, 'POST', '/api/v1/configuration/check', edits)],
  ['POST /api/v1/configuration/changes', () => configures('changes', edits)],
  ['POST /api/v1/configuration/adopt', () => configures('adopt', { path: 'jail.local', etag: jailLocal })],
  [
    'GET /api/v1/configuration/versions',
    async () => {
      const page = await expects<Listed>(200, 'GET', '/api/v1/configuration/versions?limit=1');
      expect(page.items).toMatchObject([
        { number: 2, kind: 'adopt', files: [{ path: 'jail.local', change: 'changed' }] },
      ]);
    },
  ],
  ['GET /api/v1/configuration/versions/{number}', () => expects(200, 'GET', '/api/v1/configuration/versions/1')],
  [
    'POST /api/v1/configuration/versions/{number}/check',
    () => expects(200, 'POST', '/api/v1/configuration/versions/0/check'),
  ],
  ['POST /api/v1/configuration/versions/{number}/restore', () => configures('versions/0/restore', {})],
  ['POST /api/v1/configuration/resolve', () => expects(422, 'POST', '/api/v1/configuration/resolve', { how: 'undo' })],
  ['PUT /api/v1/configuration/draft', () => expects(204, 'PUT', '/api/v1/configuration/draft', draft)],
  [
    'GET /api/v1/configuration/draft',
    async () => {
      const answer = await expects<{ draft: unknown }>(200, 'GET', `/api/v1/configuration/draft?path=${draft.path}`);
      expect(answer.draft).toMatchObject(draft);
    },
  ],
  [
    'DELETE /api/v1/configuration/draft',
    () => expects(204, 'DELETE', `/api/v1/configuration/draft?path=${draft.path}`),
  ],
  [
    'POST /api/v1/tokens',
    async () => {
      const made = await expects<Identified & { readonly token: string }>(201, 'POST', '/api/v1/tokens', {
        name: 'smoke',
        scopes: ['feeds:read'],
      });
      token = made;
    },
  ],
  ['GET /api/v1/tokens', () => get('/api/v1/tokens')],
  [
    'POST /api/v1/blocklists/preview',
    () => expects(200, 'POST', '/api/v1/blocklists/preview', { plugin: 'url-list', config: { url: publisher.url } }),
  ],
  [
    'POST /api/v1/blocklists',
    async () => {
      const config = { url: `${publisher.url}/list.txt` };
      const made = await expects<Identified>(201, 'POST', '/api/v1/blocklists', {
        plugin: 'url-list',
        name: 'smoke',
        config,
      });
      blocklistId = made.id;
    },
  ],
  [
    'GET /api/v1/blocklists/{id}',
    () =>
      eventually(async () =>
        expect(await get(`/api/v1/blocklists/${blocklistId}`)).toMatchObject({
          state: 'ok',
          isRunning: false,
          ranges: 101,
        }),
      ),
  ],
  ['GET /api/v1/blocklists', () => get('/api/v1/blocklists')],
  [
    'PATCH /api/v1/blocklists/{id}',
    () => expects(200, 'PATCH', `/api/v1/blocklists/${blocklistId}`, { maxChangePercent: 10 }),
  ],
  [
    'POST /api/v1/blocklists/{id}/run',
    async () => {
      publisher.publish('/list.txt', '# empty');
      await operates(`/api/v1/blocklists/${blocklistId}/run`);
    },
  ],
  ['POST /api/v1/blocklists/{id}/reject', () => expects(200, 'POST', `/api/v1/blocklists/${blocklistId}/reject`)],
  [
    'POST /api/v1/blocklists/{id}/confirm',
    async () => {
      publisher.publish('/list.txt', '# empty again\n10.0.0.1');
      const rejected = await operate(client, `/api/v1/blocklists/${blocklistId}/run`);
      expect(rejected.body).toMatchObject({ code: 'import-suspicious' });
      publisher.publish('/list.txt', list.map((address) => address.replace('23.1.2', '23.1.3')).join('\n'));
      await operates(`/api/v1/blocklists/${blocklistId}/run`);
      await expects(200, 'POST', `/api/v1/blocklists/${blocklistId}/confirm`);
    },
  ],
  ['GET /api/v1/blocklists/{id}/preview', () => get(`/api/v1/blocklists/${blocklistId}/preview`)],
  [
    'GET /api/v1/blocklists/runs',
    async () => {
      const page = await get<Listed & { nextCursor: string }>('/api/v1/blocklists/runs?limit=1');
      expect((await get<Listed>(`/api/v1/blocklists/runs?cursor=${page.nextCursor}`)).items).toHaveLength(3);
      runId = page.items[0]?.id ?? '';
    },
  ],
  ['GET /api/v1/blocklists/runs/{id}', () => get(`/api/v1/blocklists/runs/${runId}`)],
  ['GET /api/v1/blocklists/lookup', () => get('/api/v1/blocklists/lookup?address=23.1.2.0')],
  ['GET /api/v1/blocklists/overlap', () => get('/api/v1/blocklists/overlap')],
  [
    'GET /api/v1/feeds/{file}',
    async () => {
      const headers = { authorization: `Bearer ${token.token}` };
      for (const ending of ['txt', 'cidr', 'nft', 'ipset', 'json', 'rsc']) {
        const answer = await new ApiClient(api.url).send('GET', `/api/v1/feeds/merged.${ending}`, { headers });
        expect([ending, answer.status]).toEqual([ending, 200]);
      }
    },
  ],
  ['DELETE /api/v1/blocklists/{id}', () => expects(204, 'DELETE', `/api/v1/blocklists/${blocklistId}`)],
  [
    'GET /api/v1/tokens/own',
    async () => {
      const headers = { authorization: `Bearer ${token.token}` };
      expect((await new ApiClient(api.url).send('GET', '/api/v1/tokens/own', { headers })).status).toBe(200);
    },
  ],
  ['DELETE /api/v1/tokens/{id}', () => expects(204, 'DELETE', `/api/v1/tokens/${token.id}`)],
  ['POST /api/v1/plugins/rescan', () => expects(200, 'POST', '/api/v1/plugins/rescan')],
  [
    'GET /api/v1/plugins',
    () =>
      eventually(async () =>
        expect((await get<Listed>('/api/v1/plugins')).items.map(({ id }) => id)).toContain('url-list'),
      ),
  ],
  ['GET /api/v1/plugins/{id}', () => get('/api/v1/plugins/url-list')],
  ['GET /api/v1/enforcement', () => get('/api/v1/enforcement')],
  ['PATCH /api/v1/enforcement', () => expects(200, 'PATCH', '/api/v1/enforcement', { placement: 'established' })],
  ['POST /api/v1/enforcement/resync', () => expects(200, 'POST', '/api/v1/enforcement/resync')],
  [
    'GET /api/v1/enforcement/wanted',
    async () => {
      const made = await expects<{ readonly token: string }>(201, 'POST', '/api/v1/tokens', {
        name: 'enforcer',
        scopes: ['enforcement:read', 'enforcement:report'],
      });
      enforcer = { authorization: `Bearer ${made.token}` };
      const answer = await new ApiClient(api.url).get('/api/v1/enforcement/wanted', { headers: enforcer });
      expect(answer.status).toBe(200);
    },
  ],
  [
    'POST /api/v1/enforcement/reports',
    async () => {
      const now = Date.now();
      const body = {
        id: '6f0d1c3a-58c4-4d3e-8a53-0c8f4b6f7a11',
        name: 'smoke',
        version: '0.1.0',
        state: 'trial',
        applied: null,
        trial: { startedAt: now, endsAt: now + 120_000 },
        repaired: ['sets'],
        problem: null,
      };
      for (const confirmedTrial of [null, null]) {
        const answer = await new ApiClient(api.url).post('/api/v1/enforcement/reports', body, { headers: enforcer });
        expect(answer).toMatchObject({ status: 200, body: { confirmedTrial } });
      }
    },
  ],
  ['POST /api/v1/enforcement/confirm', () => expects(200, 'POST', '/api/v1/enforcement/confirm')],
  ['POST /api/v1/auth/logout', () => expects(204, 'POST', '/api/v1/auth/logout')],
];
let secondId = '';
let operationId = '';
let jailLocal = '';
const edits = { jails: [{ jail: 'web', set: [{ option: 'maxretry', value: '5' }], etag: null }] };

const draft = { path: 'filter.d/own.local', etag: null, text: '[Definition]\n' };

/** Changes the configuration. */
const configures = (path: string, body: object): Promise<void> => operates(`/api/v1/configuration/${path}`, body);

let allowlistId = '';
let token = { id: '', token: '' };
let enforcer = { authorization: '' };
let blocklistId = '';
let runId = '';
const list = Array.from({ length: 101 }, (_, index) => `23.1.2.${index * 2}`);

it('has a step here for each route of the contract', () => {
  expect(steps.map(([route]) => route).sort()).toEqual([...routes].sort());
});

it.each(steps)('%s works on PostgreSQL', async (_route, step) => {
  await step();
});

it('has logged no error meanwhile', () => {
  expect(api.logs().filter((line) => line.startsWith('{"level":"error"'))).toEqual([]);
});
