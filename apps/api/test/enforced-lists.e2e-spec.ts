import { decodeWanted } from '@bangui/enforcement';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Blocklist } from '../src/features/blocklists/blocklists.dto.ts';
import { type CreatedApiToken } from '../src/features/tokens/tokens.dto.ts';
import { eventually } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';
import { ListPublisher } from './list-publisher.ts';

let publisher: ListPublisher;
let api: RunningApi;
let token = '';

beforeAll(async () => {
  publisher = await ListPublisher.start();
  api = await startApi({ withSources: true, env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } });
  const made = { name: 'enforcer', scopes: ['enforcement:read'] };
  token = (await api.admin.post<CreatedApiToken>('/api/v1/tokens', made)).body.token;
});
afterAll(async () => {
  await api.stop();
  await publisher.stop();
});

/** What an enforcer is told. */
async function wanted(query = '') {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${api.url}/api/v1/enforcement/wanted${query}`, { headers });
  expect(answer.status).toBe(200);
  return decodeWanted(new Uint8Array(await answer.arrayBuffer()));
}

const shown = (set: { networks(): Iterable<unknown> }): string[] => [...set.networks()].map(String);

it('tells enforcers what the lists say, whole or as a difference, and at once who is let through', async () => {
  publisher.publish('/a.txt', '23.9.0.0/24\n23.9.1.7\n');
  await api.admin.post('/api/v1/allowlist', { addresses: ['23.9.0.128/25'] });
  const config = { url: `${publisher.url}/a.txt` };
  const { body: list } = await api.admin.post<Blocklist>('/api/v1/blocklists', {
    plugin: 'url-list',
    name: 'a',
    config,
  });
  const first = await eventually(async () => {
    const message = await wanted();
    if (message.kind !== 'full') throw new Error('It was asked for everything.');
    expect(shown(message.blocked)).toEqual(['23.9.0.0/25', '23.9.1.7']);
    expect(shown(message.allowed)).toEqual(['23.9.0.128/25']);
    return message.version.generation;
  });

  publisher.publish('/b.txt', '23.8.0.1\n23.8.0.3\n');
  await api.admin.post('/api/v1/blocklists', {
    plugin: 'url-list',
    name: 'b',
    config: { url: `${publisher.url}/b.txt` },
  });
  const second = await eventually(async () => {
    const message = await wanted(`?from=${first}`);
    if (message.kind !== 'delta') throw new Error('A difference was expected.');
    expect(shown(message.blocked.added)).toEqual(['23.8.0.1', '23.8.0.3']);
    expect([message.blocked.removed.isEmpty, message.allowed.added.isEmpty]).toEqual([true, true]);
    return message.version.generation;
  });

  await api.admin.post('/api/v1/allowlist', { addresses: ['23.9.1.7'] });
  await eventually(async () => {
    const message = await wanted(`?from=${second}`);
    if (message.kind !== 'full') throw new Error('Who is let through has changed, which no difference tells.');
    expect(shown(message.blocked)).toEqual(['23.8.0.1', '23.8.0.3', '23.9.0.0/25']);
    expect(shown(message.allowed)).toEqual(['23.9.0.128/25', '23.9.1.7']);
  });

  await api.admin.send('PATCH', `/api/v1/blocklists/${list.id}`, { body: { isEnabled: false } });
  await eventually(async () => {
    const message = await wanted();
    if (message.kind !== 'full') throw new Error('It was asked for everything.');
    expect(shown(message.blocked)).toEqual(['23.8.0.1', '23.8.0.3']);
  });
});
