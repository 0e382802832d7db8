import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppliedReport, decodeWanted, type EnforcerReport, wantedMediaType } from '@bangui/enforcement';
import { AddressSet } from '@bangui/ip';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lifecycle } from '../src/core/lifecycle/lifecycle.ts';
import { type EnforcementStatus } from '../src/features/enforcement/enforcement.dto.ts';
import { type CreatedApiToken } from '../src/features/tokens/tokens.dto.ts';
import { type EnforcementApi, removePlace, setOf, startEnforcementApi } from './enforcement-place.ts';

const id = '6f0d1c3a-58c4-4d3e-8a53-0c8f4b6f7a11';
let api: EnforcementApi;
let reader = '';
let reporter = '';

beforeAll(async () => {
  api = await startEnforcementApi();
  const make = async (scopes: string[]): Promise<string> =>
    (await api.admin.post<CreatedApiToken>('/api/v1/tokens', { name: 'enforcer', scopes })).body.token;
  reader = await make(['enforcement:read']);
  reporter = await make(['enforcement:report']);
});
afterAll(async () => {
  await api.stop();
  await removePlace(api.dir);
});
beforeEach(() => {
  api.lists.set(setOf('192.0.2.0/24', '2001:db8::1'), setOf('198.51.100.7'));
});

/** Asks for the wanted set as an enforcer does. */
async function wanted(query = '', etag?: string, token = reader) {
  const headers = { Authorization: `Bearer ${token}`, ...(etag !== undefined && { 'If-None-Match': etag }) };
  const answer = await fetch(`${api.url}/api/v1/enforcement/wanted${query}`, { headers });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const isMessage = answer.headers.get('Content-Type') === wantedMediaType;
  return {
    status: answer.status,
    etag: answer.headers.get('ETag') ?? '',
    message: isMessage ? decodeWanted(bytes) : undefined,
  };
}

async function status(): Promise<EnforcementStatus> {
  return (await api.admin.get<EnforcementStatus>('/api/v1/enforcement')).body;
}

async function applied(): Promise<AppliedReport> {
  const { message } = await wanted();
  if (!message) throw new Error('There is no message.');
  const { resync, fencing, generation, blockedHash, placement } = message.version;
  const counts = { blockedEntries: 2, allowedEntries: 1, memoryBytes: 900, droppedPackets: 5, droppedBytes: 420 };
  return { resync, fencing, generation, blockedHash, placement, ...counts, appliedAt: 1 };
}

function report(change: Partial<EnforcerReport> | Record<string, unknown> = {}, token = reporter) {
  const body = {
    id,
    name: 'web-1',
    version: '0.1.0',
    state: 'waiting',
    applied: null,
    trial: null,
    repaired: [],
    problem: null,
    ...change,
  };
  return api.admin.post<{ confirmedTrial?: number | null; code?: string }>('/api/v1/enforcement/reports', body, {
    headers: { Authorization: `Bearer ${token}` },
  });
}

describe('the wanted set', () => {
  it('is given whole, and as a difference to whoever has an earlier generation', async () => {
    const first = await wanted();
    expect(first.message).toMatchObject({ kind: 'full' });
    if (first.message?.kind !== 'full') return;
    expect(first.message.blocked.equals(setOf('192.0.2.0/24', '2001:db8::1'))).toBe(true);
    expect(first.message.allowed.equals(setOf('198.51.100.7'))).toBe(true);
    api.lists.set(setOf('192.0.2.0/24', '203.0.113.9'));
    const second = await wanted(`?from=${first.message.version.generation}`, first.etag);
    expect(second.message).toMatchObject({ kind: 'delta', from: first.message.version.generation });
    if (second.message?.kind !== 'delta') return;
    expect(second.message.blocked.added.equals(setOf('203.0.113.9'))).toBe(true);
    expect(second.message.blocked.removed.equals(setOf('2001:db8::1'))).toBe(true);
    expect(second.message.version.blockedHash).toBe(setOf('192.0.2.0/24', '203.0.113.9').contentHash());
    expect((await wanted('?from=999999')).message?.kind).toBe('full');
  });

  it('is not given again while it is the same, and at once when it changes under somebody who waits', async () => {
    const { etag } = await wanted();
    expect(await wanted('', etag)).toEqual({ status: 304, etag, message: undefined });
    const waiting = wanted('?wait=25', etag);
    api.lists.set(AddressSet.empty);
    expect((await waiting).message?.version.blockedHash).toBe(AddressSet.empty.contentHash());
  });

  it.each([
    ['PATCH', '', { placement: 'established' }],
    ['POST', '/resync', {}],
  ])('is another one after %s %s', async (method, path, body) => {
    const { etag } = await wanted();
    const waiting = wanted('?wait=25', etag);
    expect((await api.admin.send(method, `/api/v1/enforcement${path}`, { body })).status).toBe(200);
    expect((await waiting).status).toBe(200);
    await api.admin.send('PATCH', '/api/v1/enforcement', { body: { placement: 'raw' } });
  });

  it('is a failure, and not an empty set, when it cannot be known', async () => {
    api.lists.failure = 'the database is away';
    expect((await wanted()).status).toBe(500);
    expect((await status()).needsAttention).toMatchObject([{ code: 'wanted-unknown' }]);
    api.lists.failure = undefined;
  });

  it.each(['?wait=26', '?wait=-1', '?wait=x', '?from=-1', '?from=1.5', '?other=1'])('refuses %s', async (query) => {
    expect((await wanted(query)).status).toBe(400);
  });

  it('needs a token for it', async () => {
    expect((await wanted('', undefined, reporter)).status).toBe(403);
    expect((await wanted('', undefined, 'nonsense')).status).toBe(401);
    expect((await api.admin.get('/api/v1/enforcement/wanted')).status).toBe(401);
    expect((await report({}, reader)).status).toBe(403);
  });
});

describe('enforcers', () => {
  it('are shown beside what is wanted', async () => {
    await report({ state: 'applied', applied: await applied() });
    expect(await status()).toMatchObject({
      backend: 'ipset',
      wanted: { blockedRanges: 2, allowedRanges: 1 },
      enforcers: [{ id, name: 'web-1', standing: 'current', applied: { droppedPackets: 5, memoryBytes: 900 } }],
      needsAttention: [],
    });
    api.lists.set(setOf('203.0.113.0/24'));
    expect(await status()).toMatchObject({ enforcers: [{ standing: 'behind' }] });
  });

  it('tell what somebody changed under them', async () => {
    await report({ state: 'applied', applied: await applied(), repaired: ['sets'] });
    await report({ state: 'applied', applied: await applied() });
    expect((await status()).enforcers).toMatchObject([{ standing: 'current', repaired: { kinds: ['sets'] } }]);
  });

  it('hear that their trial was confirmed, and only that one', async () => {
    const startedAt = Date.now();
    const trial = { startedAt, endsAt: startedAt + 120_000 };
    expect((await report({ state: 'trial', applied: await applied(), trial })).body).toEqual({ confirmedTrial: null });
    expect(await status()).toMatchObject({
      enforcers: [{ standing: 'trial', confirmBefore: trial.endsAt }],
      needsAttention: [{ code: 'trial', enforcer: 'web-1' }],
    });
    expect((await api.admin.post('/api/v1/enforcement/confirm')).status).toBe(200);
    expect((await report({ state: 'trial', trial })).body).toEqual({ confirmedTrial: startedAt });
  });

  it('cannot be confirmed when none waits for it', async () => {
    await report({ state: 'reverted' });
    const answer = await api.admin.post<{ code: string }>('/api/v1/enforcement/confirm');
    expect([answer.status, answer.body.code]).toEqual([409, 'nothing-to-confirm']);
    expect((await status()).needsAttention).toMatchObject([{ code: 'reverted' }]);
  });

  it('belong to the token that reported them first, until it is revoked', async () => {
    const make = async () =>
      (await api.admin.post<CreatedApiToken>('/api/v1/tokens', { name: 'other', scopes: ['enforcement:report'] })).body;
    const [mine, other] = [await make(), await make()];
    const [first, second] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
    expect((await report({ id: first, name: 'db-1' }, mine.token)).status).toBe(200);
    for (const change of [
      { id: first, name: 'db-1' },
      { id: first, name: 'db-2' },
      { id: second, name: 'db-1' },
    ]) {
      const answer = await report({ ...change, state: 'failed' }, other.token);
      expect([answer.status, answer.body.code]).toEqual([409, 'enforcer-taken']);
    }
    // Nothing of it was kept; another name is free, and so is a second machine with the same token.
    expect((await status()).enforcers.find(({ id: one }) => one === first)).toMatchObject({
      name: 'db-1',
      standing: 'waiting',
    });
    expect((await report({ id: second, name: 'db-2' }, other.token)).status).toBe(200);
    expect((await report({ id: second, name: 'db-1' }, other.token)).status).toBe(409);
    expect((await report({ id: '00000000-0000-4000-8000-00000000000c', name: 'db-1' }, mine.token)).status).toBe(200);
    await api.admin.delete(`/api/v1/tokens/${mine.id}`);
    expect((await report({ id: first, name: 'db-1' }, other.token)).status).toBe(200);
    expect((await report({ id: first, name: 'db-1' }, reporter)).status).toBe(409);
  });

  it.each([
    ['another id', { id: 'x' }],
    ['a name with control characters', { name: 'a\nb' }],
    ['another state', { state: 'fine' }],
    ['drift that is none', { repaired: ['everything'] }],
    ['a problem without end', { problem: 'x'.repeat(501) }],
    ['numbers that are none', { applied: { generation: -1 } }],
    ['something that is not asked for', { more: true }],
  ])('are refused with %s', async (_what, change) => {
    expect((await report(change)).status).toBe(400);
  });
});

describe('the socket for enforcers', () => {
  const ask = (path: string, token: string, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}` };
      const request = httpRequest({ socketPath: api.socket, path, method, headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      });
      request.once('error', reject).end();
    });

  it('has a token beside it that the group can read', async () => {
    const file = join(api.dir, 'enforcer-token');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await stat(api.socket)).mode & 0o777).toBe(0o660);
    const token = (await readFile(file, 'utf8')).trim();
    expect(await ask('/api/v1/enforcement/wanted', token)).toBe(200);
    expect(await ask('/api/v1/enforcement/wanted', reporter)).toBe(403);
  });

  it.each(['/api/v1/setup', '/api/v1/enforcement', '/api/v1/enforcement/wanted/../../setup', '/', '/api/health'])(
    'serves nothing at %s',
    async (path) => {
      expect(await ask(path, reader)).toBe(404);
    },
  );
});

it('takes up the token that enforcers elsewhere were given, for what they do and nothing else', async () => {
  const given = `bgt_${'e'.repeat(43)}`;
  const place = await startEnforcementApi({ env: { BANGUI_ENFORCER_TOKEN: given } });
  const ask = async (path: string) =>
    (await fetch(`${place.url}${path}`, { headers: { Authorization: `Bearer ${given}` } })).status;
  expect(await ask('/api/v1/enforcement/wanted')).toBe(200);
  expect(await ask('/api/v1/tokens')).toBe(401);
  await place.stop();
  await removePlace(place.dir);
});

it('lets go of whoever waits when the API stops', async () => {
  const { etag } = await wanted();
  const waiting = wanted('?wait=25', etag);
  await api.app.get(Lifecycle).beginStop();
  expect((await waiting).status).toBe(304);
});
