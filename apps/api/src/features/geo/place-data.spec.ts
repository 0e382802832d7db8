import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Network } from '@bangui/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../core/config/load-settings.ts';
import { Log } from '../../core/logging/log.ts';
import { packagePlacesPath } from './package-data/layout.ts';
import { nowhere } from './place.ts';
import { PlaceData } from './place-data.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { type MmdbContent, writeMmdb } from './testing/write-mmdb.ts';

const network = (text: string): Network => {
  const parsed = Network.parse(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const google = network('8.8.8.8');
const wide = network('8.0.0.0/7');

const city = (region: string, country = 'CH'): MmdbContent => ({
  type: 'GeoLite2-City',
  networks: [
    {
      network: wide,
      record: {
        country: { iso_code: country, geoname_id: 1 },
        subdivisions: [{ iso_code: 'ZH', names: { de: 'x', en: region } }],
      },
    },
  ],
});
const country: MmdbContent = {
  type: 'GeoLite2-Country',
  networks: [{ network: wide, record: { country: { iso_code: 'AT' } } }],
};
const asn: MmdbContent = {
  type: 'GeoLite2-ASN',
  networks: [
    { network: wide, record: { autonomous_system_number: 64_496, autonomous_system_organization: 'Example' } },
  ],
};

/** Place data that is looked at only when a test says so. */
async function placeData(
  path: string | undefined,
  packagePath = packagePlacesPath,
): Promise<PlaceData & AsyncDisposable & { lines: string[] }> {
  const lines: string[] = [];
  const log = await Log.open({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
  const settings = loadSettings(path === undefined ? {} : { BANGUI_GEOIP_DB_PATH: path });
  const data = new PlaceData(settings, log, { packagePath });
  await data.onModuleInit();
  return Object.assign(data, {
    lines,
    [Symbol.asyncDispose]: async () => {
      await data.beforeApplicationShutdown();
      data.onApplicationShutdown();
    },
  });
}

describe('places', () => {
  it('come from the data that comes with BanGUI', async () => {
    await using data = await placeData(undefined);
    expect(data.locate(google)).toMatchObject({ country: 'US', region: 'California', asn: 15_169 });
    expect(data.problem).toBeNull();
  });

  it.each([
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.0/24',
    '10.1.2.3',
    '127.0.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::',
    '::1',
    'fe80::1',
    'fd00::1',
    '2001:db8::1',
    'ff02::1',
    '0.0.0.0/0',
    '::/0',
  ])('of %s are unknown: it is nobody’s address', async (text) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    // Even data that claims to know.
    const networks = ['0.0.0.0/1', '128.0.0.0/1', '2000::/3'].map((each) => ({
      network: network(each),
      record: { country: { iso_code: 'DE' } },
    }));
    await writeFile(path, writeMmdb({ type: 'GeoLite2-Country', networks }));
    await using data = await placeData(path);
    await using packaged = await placeData(undefined);
    expect([data.locate(network(text)), packaged.locate(network(text))]).toEqual([nowhere, nowhere]);
  });

  it('are looked up without a failure for every address and network', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'a.mmdb'), writeMmdb(city('Zürich')));
    await using data = await placeData(folder.path);
    const any = fc.oneof(
      fc.tuple(fc.constant(4 as const), fc.bigInt(0n, 2n ** 32n - 1n), fc.nat(32)),
      fc.tuple(fc.constant(6 as const), fc.bigInt(0n, 2n ** 128n - 1n), fc.nat(128)),
    );
    fc.assert(
      fc.property(any, ([family, first, prefix]) => {
        const each = Network.of(family, first, prefix);
        if (each === undefined) throw new Error('out of bounds');
        expect(Object.keys(data.locate(each)).sort()).toEqual(['asn', 'country', 'organisation', 'region']);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are all unknown, with the reason, where the data that comes with BanGUI is missing', async () => {
    await using data = await placeData(undefined, '/nowhere/places.bin');
    expect(data.locate(google)).toEqual(nowhere);
    expect(data.problem).toContain('no such file');
    expect(data.lines.join()).toContain('place_data_refused');
  });
});

describe('the administrator’s databases', () => {
  it('win: countries and regions from one file, networks still from the data that comes with BanGUI', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'any-name.mmdb');
    await writeFile(path, writeMmdb(city('Zürich')));
    await using data = await placeData(path);
    expect(data.locate(google)).toEqual({ country: 'CH', region: 'Zürich', asn: 15_169, organisation: 'Google LLC' });
    // What the file does not know is unknown: two sources are never mixed for one question.
    expect(data.locate(network('193.0.6.139'))).toMatchObject({ country: null, region: null, asn: 3_333 });
  });

  it('are chosen from a folder by what they hold: City before Country, and ASN beside it', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'a-country.mmdb'), writeMmdb(country));
    await writeFile(join(folder.path, 'b-city.mmdb'), writeMmdb(city('Bern')));
    await writeFile(join(folder.path, 'c-asn.mmdb'), writeMmdb(asn));
    await writeFile(join(folder.path, 'LICENSE.txt'), 'x');
    await using data = await placeData(folder.path);
    expect(data.locate(google)).toEqual({ country: 'CH', region: 'Bern', asn: 64_496, organisation: 'Example' });
  });

  it('may be in the flat form of other free databases', async () => {
    await using folder = await temporaryFolder();
    const record = { country_code: 'NO', state1: 'Oslo', city: 'Oslo', asn: 'AS64500', as_name: 'Flat' };
    await writeFile(
      join(folder.path, 'a.mmdb'),
      writeMmdb({ type: 'x-country-asn', networks: [{ network: wide, record }] }),
    );
    await using data = await placeData(folder.path);
    expect(data.locate(google)).toEqual({ country: 'NO', region: 'Oslo', asn: 64_500, organisation: 'Flat' });
  });

  it('are hostile: only what is a country, a number or a line of text comes through', async () => {
    await using folder = await temporaryFolder();
    const record = {
      country_code: '<b>',
      state1: `a\u0000b\n${'c'.repeat(900)}`,
      asn: 'AS-1',
      as_name: { not: 'a text' },
    };
    await writeFile(
      join(folder.path, 'a.mmdb'),
      writeMmdb({ type: 'country-asn', networks: [{ network: wide, record }] }),
    );
    await using data = await placeData(folder.path);
    expect(data.locate(google)).toEqual({
      country: null,
      region: `a b ${'c'.repeat(124)}`,
      asn: null,
      organisation: null,
    });
  });

  it('are followed: another file in its place is used from the next look on', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    await writeFile(path, writeMmdb(city('Zug')));
    await using data = await placeData(path);
    expect(data.locate(google).region).toBe('Zug');
    await writeFile(`${path}.new`, writeMmdb(city('Uri')));
    await rename(`${path}.new`, path);
    expect(data.locate(google).region).toBe('Zug');
    await data.refresh();
    expect(data.locate(google).region).toBe('Uri');
  });

  it('are looked for until they are there', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'later');
    await using data = await placeData(path);
    expect(data.problem).toContain('no such file');
    expect(data.locate(google).country).toBe('US');
    await mkdir(path);
    await data.refresh();
    expect(data.problem).toContain('There is no .mmdb file');
    await writeFile(join(path, 'a.mmdb'), writeMmdb(country));
    await data.refresh();
    expect([data.problem, data.locate(google).country]).toEqual([null, 'AT']);
  });

  it.each([
    ['no database', Buffer.from('this is no database')],
    ['empty', Buffer.alloc(0)],
    ['of another kind', writeMmdb({ type: 'GeoIP2-Connection-Type', networks: [{ network: wide, record: 'x' }] })],
    ['cut', writeMmdb(city('Genf')).subarray(40)],
  ])('stay in use when a new file is %s, and it is said once', async (_what, content) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    await writeFile(path, writeMmdb(city('Zug')));
    await using data = await placeData(path);
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
    await data.refresh();
    await data.refresh();
    expect(data.locate(google).region).toBe('Zug');
    expect(data.problem).toMatch(/a\.mmdb|No City, Country or ASN/);
    expect(data.lines.filter((line) => line.includes('place_data_refused'))).toHaveLength(1);
    await writeFile(path, writeMmdb(city('Uri')));
    await data.refresh();
    expect([data.problem, data.locate(google).region]).toEqual([null, 'Uri']);
  });

  it('are files: a pipe in their place is left alone', async () => {
    await using folder = await temporaryFolder();
    execFileSync('mkfifo', [join(folder.path, 'pipe.mmdb')]);
    await using data = await placeData(join(folder.path, 'pipe.mmdb'));
    expect(data.problem).toContain('There is no .mmdb file');
  });

  it('stay in use when they are removed', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    await writeFile(path, writeMmdb(city('Zug')));
    await using data = await placeData(path);
    await rm(path);
    await data.refresh();
    expect([data.locate(google).region, data.problem]).toEqual(['Zug', expect.stringContaining('no such file')]);
  });

  it('that are cut while they are open make places unknown, not requests fail', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    const networks = Array.from({ length: 4_000 }, (_, index) => ({
      network: network(`${11 + (index >> 8)}.${index & 255}.0.0/16`),
      record: { country: { iso_code: 'CH' }, note: `${index}`.padStart(300, 'x') },
    }));
    await writeFile(path, writeMmdb({ type: 'GeoLite2-Country', networks }));
    await using data = await placeData(path);
    await truncate(path, 100);
    const places = networks.slice(0, 2_000).map((each) => data.locate(each.network).country);
    expect(new Set(places)).toContain(null);
    expect(data.problem).toContain('a.mmdb');
  });
});
