import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ArchiveWriter, HistoryRepository } from '../src/features/history/index.ts';
import { archiveEvent, manyEvents, noon } from './archive-events.ts';
import { type RunningApi, startApi } from './harness.ts';

interface Page {
  readonly items: { id: number; at: number; address: string; matches: string[]; jail: string; action: string }[];
  readonly nextCursor: string | null;
}

const hostile = [
  '=HYPERLINK("http://evil.example")',
  '@SUM(1+1)*cmd|calc',
  '<img src=x onerror=alert(1)>',
  '\u001b[31mred\u009b0m\u0000',
  '\ud800 lone surrogate',
  'a,b;"c"\r\nd',
];

describe('the archive over HTTP', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
    const writer = api.app.get(ArchiveWriter);
    await writer.append([
      ...manyEvents(2_000, { days: 10 }),
      archiveEvent({ address: '203.0.113.7', at: noon - 1, matches: hostile, reason: '+1 reason' }),
      archiveEvent({
        address: '203.0.113.7',
        at: noon,
        action: 'unban',
        cause: 'bangui',
        actor: '-admin',
        duration: null,
      }),
      archiveEvent({ address: '203.0.113.0/24', at: noon + 1, jail: 'nginx' }),
    ]);
  });
  afterAll(() => api.stop());

  it('is for those who are signed in', async () => {
    for (const path of ['/history', '/history/192.0.2.1', '/history/export', '/dashboard/summary?from=1&to=2']) {
      expect((await api.anonymous.get(`/api/v1${path}`)).status).toBe(401);
    }
  });

  it('is read page by page, by cursor and by id, and both agree', async () => {
    const byCursor: number[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/api/v1/history?limit=150${cursor === null ? '' : `&cursor=${cursor}`}`;
      const { status, body } = await api.admin.get<Page>(path);
      expect(status).toBe(200);
      byCursor.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    const byId: number[] = [];
    for (let last: number | undefined; ;) {
      const path: string = `/api/v1/history?page_size=200${last === undefined ? '' : `&last_ban_id=${last}`}`;
      const { body } = await api.admin.get<Page>(path);
      byId.push(...body.items.map(({ id }) => id));
      last = body.items.at(-1)?.id;
      if (last === undefined || body.nextCursor === null) break;
    }
    expect(byId).toEqual(byCursor);
    expect(new Set(byCursor).size).toBe(byCursor.length);
  });

  it('is narrowed by every filter', async () => {
    const query = new URLSearchParams({
      network: '203.0.113.0/24',
      jail: 'sshd',
      action: 'ban',
      origin: 'selfblock',
      from: String(noon - 5),
      to: String(noon + 5),
      text: 'hyperlink("',
    });
    const { body } = await api.admin.get<Page>(`/api/v1/history?${query.toString()}`);
    expect(body.items.map(({ address }) => address)).toEqual(['203.0.113.7']);
    expect(body.items[0]?.matches).toEqual(hostile);
    expect((await api.admin.get<Page>('/api/v1/history?country=ZZ')).body.items).toEqual([]);
    expect((await api.admin.get<Page>('/api/v1/history?asn=4294967295')).body.items).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'cursor=abc',
    'cursor=WzEsImEiXQ',
    'network=host.example',
    'country=de',
    'asn=0',
    'origin=other',
    'action=x',
    'from=-1',
    'to=1e99',
    'text=',
    'text=%20',
    `text=${'x'.repeat(201)}`,
    'unknown=1',
    'last_ban_id=0',
  ])('refuses %s', async (query) => {
    const { status, body } = await api.admin.get<{ code: string }>(`/api/v1/history?${query}`);
    expect([status, body.code]).toEqual([400, expect.stringMatching(/^(invalid-request|cursor-invalid)$/)]);
  });

  it('answers 410 when the event to go on after is gone', async () => {
    for (const path of ['/api/v1/history?last_ban_id=99999999', '/api/v1/history/export?last_ban_id=99999999']) {
      const { status, body } = await api.admin.get<{ code: string }>(path);
      expect([status, body.code]).toEqual([410, 'history-gone']);
    }
  });

  it('tells what it knows of an address and of a network', async () => {
    const address = await api.admin.get<Record<string, unknown>>('/api/v1/history/203.0.113.7');
    expect(address.body).toMatchObject({
      address: '203.0.113.7',
      totals: { bans: 1, unbans: 1, failures: 3, firstAt: noon - 1, lastAt: noon, complete: true },
      jails: [{ jail: 'sshd', bans: 1, lastAt: noon - 1 }],
      inForce: [],
      nextCursor: null,
    });
    expect((address.body.items as Page['items']).map(({ action }) => action)).toEqual(['unban', 'ban']);
    const network = await api.admin.get<Record<string, unknown>>('/api/v1/history/203.0.113.0%2F24');
    expect(network.body).toMatchObject({ address: '203.0.113.0/24', totals: { bans: 2, unbans: 1 } });
  });

  it('answers 404 for an address it has never seen and 400 for what is none', async () => {
    const unknown = await api.admin.get<{ code: string }>('/api/v1/history/198.51.100.200');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'history-unknown']);
    expect((await api.admin.get('/api/v1/history/host.example')).status).toBe(400);
  });

  describe('as a file', () => {
    it('is safe to open as CSV', async () => {
      const { headers, text } = await api.admin.get('/api/v1/history/export?format=csv&network=203.0.113.7');
      expect(headers.get('content-disposition')).toMatch(
        /^attachment; filename="bangui-history-\d{4}-\d\d-\d\d\.csv"$/,
      );
      expect(headers.get('content-type')).toContain('text/csv');
      const lines = text.split('\r\n');
      expect(lines[0]).toBe(
        'id,at,action,jail,address,failedAt,duration,banCount,failures,origin,cause,actor,reason,country,asn,organisation,matches',
      );
      expect(lines[1]).toContain(`,"'-admin",`);
      expect(lines[2]).toContain(`"'+1 reason"`);
      expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")`);
      // eslint-disable-next-line no-control-regex -- there must be none
      expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
      expect(text).not.toContain('#cut');
    });

    it('is the same as the pages as JSON and NDJSON, hostile lines included', async () => {
      const page = await api.admin.get<Page>('/api/v1/history?network=203.0.113.0/24');
      const json = await api.admin.get<{ items: unknown[]; cut: unknown }>(
        '/api/v1/history/export?format=json&network=203.0.113.0/24',
      );
      expect(json.body).toEqual({ items: page.body.items, cut: null });
      const lines = await api.admin.get('/api/v1/history/export?format=ndjson&network=203.0.113.0/24');
      expect(lines.headers.get('content-type')).toContain('application/x-ndjson');
      const records = lines.text.trimEnd().split('\n');
      expect(records.map((line): unknown => JSON.parse(line))).toEqual(page.body.items);
      expect(json.text + lines.text).not.toMatch(/[\u007f-\u009f]/);
    });

    it.each(['csv', 'json', 'ndjson'])('tells a cut at the end of %s, and goes on where it was cut', async (format) => {
      const whole = await api.admin.get<Page>('/api/v1/history?limit=120');
      const first = await api.admin.get(`/api/v1/history/export?format=${format}&maxRows=70`);
      const [, id] = /(?:"lastBanId":|last_ban_id=)(\d+)/.exec(first.text.slice(-200)) ?? [];
      expect(Number(id)).toBe(whole.body.items[69]?.id);
      const rest = await api.admin.get(`/api/v1/history/export?format=ndjson&max_rows=50&last_ban_id=${id ?? ''}`);
      const ids = rest.text
        .split('\n')
        .slice(0, 50)
        .map((line) => (JSON.parse(line) as { id: number }).id);
      expect(ids).toEqual(whole.body.items.slice(70).map((item) => item.id));
      const exact = await api.admin.get('/api/v1/history/export?format=json&network=203.0.113.0/24&maxRows=3');
      expect(exact.text).toContain('"cut":null');
    });

    it('stops reading when the client goes away', async () => {
      const repository = api.app.get(HistoryRepository);
      const original = repository.getAllArchivedHistory.bind(repository);
      const { promise: stopped, resolve: stop } = Promise.withResolvers<number>();
      vi.spyOn(repository, 'getAllArchivedHistory').mockImplementation(async function* (request) {
        let rows = 0;
        try {
          // Without end, so that only the client's leaving ends it.
          for (;;) {
            for await (const event of original(request)) {
              rows += 1;
              yield event;
            }
          }
        } finally {
          stop(rows);
        }
      });
      await new Promise<void>((gone, failed) => {
        const request = get(
          `${api.url}/api/v1/history/export?format=ndjson`,
          { headers: { cookie: api.admin.cookie ?? '' } },
          (response) => {
            response.once('data', () => {
              request.destroy();
              gone();
            });
          },
        );
        request.once('error', (error) => (request.destroyed ? gone() : failed(error)));
      });
      // Far fewer than a reader without a consumer would have read: the connection's buffers and no more.
      expect(await stopped).toBeLessThan(100_000);
      vi.restoreAllMocks();
    });
  });

  it('gives figures, trend and rankings', async () => {
    const range = `from=${noon - 86_400_000}&to=${noon + 1_000}`;
    const summary = await api.admin.get<Record<string, unknown>>(
      `/api/v1/dashboard/summary?${range}&timeZone=Europe/Berlin`,
    );
    expect(summary.body).toMatchObject({ bannedNow: 0, distinctAddresses: { error: 0.01625 } });
    const trend = await api.admin.get<{ buckets: { total: number }[] }>(`/api/v1/dashboard/trend?${range}&by=jail`);
    const total = trend.body.buckets.reduce((sum, bucket) => sum + bucket.total, 0);
    expect(summary.body).toMatchObject({ bans: { value: total } });
    for (const path of ['by-country', 'by-jail', 'by-network', 'offenders']) {
      const { status, body } = await api.admin.get<{ total: number }>(`/api/v1/dashboard/${path}?${range}&limit=5`);
      expect([path, status, body.total]).toEqual([path, 200, total]);
    }
    expect((await api.admin.get('/api/v1/dashboard/trend?from=5&to=1')).status).toBe(400);
    expect((await api.admin.get('/api/v1/dashboard/by-jail?from=1&to=5&limit=301')).status).toBe(400);
  });
});
