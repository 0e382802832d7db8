// A process of its own that looks places up, so that its memory is that of the look-ups.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Network } from '@bangui/ip';
import { writeMmdb } from '../../apps/api/src/features/geo/testing/write-mmdb.ts';
import { checkout } from '../lib/paths.ts';
import { proportionalMemory } from './api-process.ts';
import { type LookUpFigures } from './geo.ts';

interface Places {
  find(network: Network): unknown;
  countryAndNetwork?(network: Network): unknown;
}
interface Opener {
  open(path: string): Places;
}

const LOOK_UPS = 100_000;
const built = join(checkout, 'apps/api/dist/features/geo');

/** Addresses all over the space: no other pattern is harder on a file that is read by blocks. */
function addresses(): Network[] {
  return Array.from({ length: LOOK_UPS }, () => Network.of(4, BigInt(Math.floor(Math.random() * 2 ** 32)), 32)).filter(
    (each) => each !== undefined,
  );
}

/** A database as large as a City one: a record of its own for each of 200,000 networks. */
async function large(path: string): Promise<void> {
  const networks = Array.from({ length: 200_000 }, (_, index) => ({
    network: Network.of(4, 2n ** 24n + (BigInt(index) << 14n), 20),
    record: {
      city: { geoname_id: index, names: { en: `Place ${index}`, de: `Ort ${index}` } },
      country: { geoname_id: index % 250, iso_code: 'DE', names: { en: 'Germany', de: 'Deutschland' } },
      location: { accuracy_radius: 100, time_zone: 'Europe/Berlin' },
      subdivisions: [{ geoname_id: index % 4_000, iso_code: 'BE', names: { en: `Region ${index % 4_000}` } }],
    },
  })).flatMap(({ network, record }) => (network ? [{ network, record }] : []));
  await writeFile(path, writeMmdb({ type: 'GeoLite2-City', networks, recordBits: 28 }));
}

const [, , kind = 'package', folder = '.'] = process.argv;
const path = kind === 'package' ? join(checkout, 'apps/api/data/places.bin') : join(folder, 'large.mmdb');
if (kind === 'write') {
  await large(path);
} else {
  const file = kind === 'package' ? 'package-data/package-places.js' : 'mmdb/mmdb-places.js';
  // The built classes: the sources need a compiler.
  const classes = (await import(join(built, file))) as { PackagePlaces?: Opener; MmdbPlaces?: Opener };
  const wanted = addresses();
  globalThis.gc?.();
  const before = await proportionalMemory(process.pid);
  const places = (classes.PackagePlaces ?? classes.MmdbPlaces)?.open(path);
  const measured = (find: (network: Network) => unknown): number => {
    const startedAt = process.cpuUsage();
    for (const network of wanted) find(network);
    const { user, system } = process.cpuUsage(startedAt);
    return (user + system) / 1_000;
  };
  const withoutRegionMs = places?.countryAndNetwork && measured((network) => places.countryAndNetwork?.(network));
  const tookMs = measured((network) => places?.find(network));
  globalThis.gc?.();
  const figures: LookUpFigures = {
    tookMs,
    withoutRegionMs,
    memory: (await proportionalMemory(process.pid)) - before,
  };
  process.send?.(figures);
}
