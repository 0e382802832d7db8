import { existsSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Network } from '@bangui/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nowhere } from '../place.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type SourceRange } from './boundaries.ts';
import { packagePlacesPath } from './layout.ts';
import { PackagePlaces } from './package-places.ts';
import { type NetworkOwner, writePlaces } from './write-places.ts';

const network = (text: string): Network => {
  const parsed = Network.parse(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const about = { builtAt: 1, sources: ['test@1'] };
const none = { countries: [], networks: [], regions: [] };
const range = <T>(text: string, value: T): SourceRange<T> => ({
  first: network(text).first,
  last: network(text).last,
  value,
});
const owner = (asn: number, organisation = `Network ${asn}`): NetworkOwner => ({ asn, organisation });

describe('the file of places', () => {
  it('lays countries and networks over each other', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'places.bin');
    const sources = {
      4: {
        ...none,
        countries: [range('1.0.0.0/8', 'DE')],
        networks: [range('1.2.0.0/16', owner(64_496)), range('2.0.0.0/8', owner(64_497))],
      },
      6: { ...none, countries: [range('2600::/16', 'US')], networks: [range('2600:1::/32', owner(64_498))] },
    };
    await writeFile(path, writePlaces(sources, about));
    const places = PackagePlaces.open(path);
    const seen = [
      '0.255.255.255',
      '1.0.0.0',
      '1.2.3.4',
      '1.3.0.0',
      '2.0.0.1',
      '3.0.0.0',
      '2600::1',
      '2600:1::1',
      '2601::',
    ].map((text) => places.find(network(text)));
    places.close();
    const first = { country: 'DE', region: null, asn: null, organisation: null };
    expect(seen).toEqual([
      nowhere,
      first,
      { ...first, asn: 64_496, organisation: 'Network 64496' },
      first,
      { country: null, region: null, asn: 64_497, organisation: 'Network 64497' },
      nowhere,
      { country: 'US', region: null, asn: null, organisation: null },
      { country: 'US', region: null, asn: 64_498, organisation: 'Network 64498' },
      nowhere,
    ]);
  });

  it('goes on with the larger range behind a smaller one inside it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'places.bin');
    const countries = [
      range('1.0.0.0/8', 'DE'),
      range('1.1.0.0/16', 'FR'),
      range('1.1.1.0/24', 'NL'),
      range('255.0.0.0/8', 'SE'),
    ];
    await writeFile(path, writePlaces({ 4: { ...none, countries }, 6: none }, about));
    const places = PackagePlaces.open(path);
    const codes = ['1.0.9.9', '1.1.0.1', '1.1.1.1', '1.1.2.1', '1.2.0.0', '2.0.0.0', '255.255.255.255'].map(
      (text) => places.find(network(text)).country,
    );
    places.close();
    expect(codes).toEqual(['DE', 'FR', 'NL', 'FR', 'DE', null, 'SE']);
  });

  it('finds what a search through all ranges finds, for any ranges that do not overlap', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'places.bin');
    const ranges = fc
      .uniqueArray(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 2, maxLength: 2_000, size: 'max' })
      .map((points) => points.sort((a, b) => a - b).map(BigInt))
      .map((points) =>
        points.slice(0, -1).map((first, index) => ({
          first,
          // Every third has a gap behind it.
          last: (points[index + 1] ?? 0n) - (index % 3 === 0 && (points[index + 1] ?? 0n) - first > 2n ? 2n : 1n),
          value: owner(1 + (index % 500)),
        })),
      );
    await fc.assert(
      fc.asyncProperty(
        ranges,
        fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 50 }),
        async (networks, wanted) => {
          await writeFile(path, writePlaces({ 4: { ...none, networks }, 6: none }, about));
          const places = PackagePlaces.open(path);
          try {
            const edges = networks.slice(0, 100).flatMap(({ first, last }) => [first, last]);
            for (const value of [...wanted.map(BigInt), ...edges]) {
              const address = Network.of(4, value, 32);
              const expected = networks.find(({ first, last }) => first <= value && value <= last)?.value.asn ?? null;
              expect(address && places.find(address).asn).toBe(expected);
            }
          } finally {
            places.close();
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keeps names of any characters, cut to what the form allows', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'places.bin');
    const networks = [
      range('1.0.0.0/8', owner(1, 'Ü'.repeat(400))),
      range('2.0.0.0/8', owner(2, 'a\u0000\u001b[31mb\r\nc')),
    ];
    await writeFile(path, writePlaces({ 4: { ...none, networks }, 6: none }, about));
    const places = PackagePlaces.open(path);
    const names = ['1.0.0.1', '2.0.0.1'].map((text) => places.find(network(text)).organisation);
    places.close();
    expect(names).toEqual(['Ü'.repeat(127), 'a [31mb c']);
  });

  it.each(['', 'no place data', 'BGP1', `BGP2${'x'.repeat(2_000)}`])(
    'refuses a file that is none: %j',
    async (content) => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'places.bin');
      await writeFile(path, content);
      expect(() => PackagePlaces.open(path)).toThrow();
    },
  );

  it('throws no more than a range error when the file becomes shorter while it is open', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'places.bin');
    const networks = Array.from({ length: 3_000 }, (_, index) =>
      range(`${1 + (index >> 8)}.${index & 255}.0.0/17`, owner(index + 1)),
    );
    await writeFile(path, writePlaces({ 4: { ...none, networks }, 6: none }, about));
    const places = PackagePlaces.open(path);
    await truncate(path, 5_000);
    expect(() => places.find(network('11.200.0.1'))).toThrow(RangeError);
    places.close();
  });
});

describe('the place data that comes with BanGUI', () => {
  it('is there: `npm run place-data` makes it, and so does every build', () => {
    expect(existsSync(packagePlacesPath)).toBe(true);
  });

  it('knows networks that have belonged to the same owner for decades', () => {
    const places = PackagePlaces.open(packagePlacesPath);
    const at = (text: string) => places.find(network(text));
    try {
      expect(at('8.8.8.8')).toMatchObject({
        country: 'US',
        region: 'California',
        asn: 15_169,
        organisation: expect.stringMatching(/google/i) as string,
      });
      expect(at('193.0.6.139')).toMatchObject({ country: 'NL', region: 'North Holland', asn: 3_333 });
      expect(at('2001:67c:2e8::1')).toMatchObject({ country: 'NL', region: 'North Holland', asn: 3_333 });
      expect(at('131.188.0.10')).toMatchObject({ country: 'DE', region: 'Bavaria', asn: 680 });
      expect(at('129.132.1.1')).toMatchObject({ country: 'CH', region: 'Zurich', asn: 559 });
      expect(at('133.11.0.1')).toMatchObject({ country: 'JP', region: 'Tokyo' });
      expect(places.description.builtAt).toBeGreaterThan(Date.UTC(2026, 0, 1));
    } finally {
      places.close();
    }
  });

  it('has a place for any address, or none, but no failure', () => {
    const places = PackagePlaces.open(packagePlacesPath);
    const any = fc.oneof(
      fc.bigInt(0n, 2n ** 32n - 1n).map((value) => Network.of(4, value, 32)),
      fc.bigInt(0n, 2n ** 128n - 1n).map((value) => Network.of(6, value, 128)),
      fc.bigInt(2n ** 125n, 2n ** 126n - 1n).map((value) => Network.of(6, value, 64)),
    );
    try {
      fc.assert(
        fc.property(any, (address) => {
          if (address === undefined) throw new Error('out of bounds');
          const { country, region, asn, organisation } = places.find(address);
          expect(places.countryAndNetwork(address)).toEqual({ country, region: null, asn, organisation });
          expect(country === null || /^[A-Z]{2}$/.test(country)).toBe(true);
          expect(region === null || (country !== null && region.length <= 128)).toBe(true);
          expect(asn === null || asn > 0).toBe(true);
          expect((organisation?.length ?? 1) <= 128).toBe(true);
        }),
        { numRuns: 3_000 },
      );
    } finally {
      places.close();
    }
  });
});
