import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Network } from '@bangui/ip';
import { writeMmdb } from '../../../api/src/features/geo/testing/write-mmdb.ts';

/** A made-up network in addresses that nobody uses on the internet; those for documentation are nowhere on a map. */
export interface ExampleNetwork {
  /** Its first three octets. */
  readonly four: string;
  /** Its IPv6 prefix, without `::`. */
  readonly six: string;
  readonly country: string;
  readonly asn: number;
  readonly organisation: string;
}

const OPERATORS = [
  'Example Hosting',
  'Sample Cloud',
  'Documentation Net',
  'Placeholder Telecom',
  'Test Range VPS',
  'Specimen Broadband',
  'Fixture Data Centres',
  'Mock Mobile',
  'Stand-in Networks and Long Names for Every Table Cell Limited Liability Company',
];
/** Busiest first. */
const COUNTRIES = 'CN US RU NL DE IN BR VN SG ID FR UA KR GB TR IR HK TH MX PL IT AR ZA JP CA EG RO NG SE AU'.split(
  ' ',
);

/** Busiest first. */
export const EXAMPLE_NETWORKS: readonly ExampleNetwork[] = Array.from({ length: 90 }, (_, index) => ({
  four: `11.${String(20 + (index % 7))}.${String(100 + index)}`,
  six: `2d00:${(index + 0x40).toString(16)}:1`,
  country: COUNTRIES[Math.floor(index / 2) % COUNTRIES.length] ?? 'CN',
  asn: index % 2 === 0 ? 64_496 + (index % 16) : 65_536 + (index % 16),
  organisation: OPERATORS[(index * 5) % OPERATORS.length] ?? '',
}));

const HOSTILE_NAME =
  '<img src=x onerror=alert(1)>\u202eknab.example\u200b ＢＡＮＫ & Söhne "Ltd" with a name that goes on and on';

/** Writes where the example networks are, as a MaxMind database, and beside it one whose owners have hostile names. */
export async function writeExamplePlaces(folder: string): Promise<void> {
  const networks = EXAMPLE_NETWORKS.flatMap(({ four, six, country, asn, organisation }) =>
    [`${four}.0/24`, `${six}::/48`].map((text) => ({ text, country, asn, organisation })),
  );
  await write(join(folder, 'example.mmdb'), networks);
  const hostile = ['11.20.100.0/24', '2d00:1234::/32'];
  await write(
    join(folder, 'hostile.mmdb'),
    hostile.map((text) => ({ text, country: 'BA', asn: 4_294_967_294, organisation: HOSTILE_NAME })),
  );
}

interface Placed {
  readonly text: string;
  readonly country: string;
  readonly asn: number;
  readonly organisation: string;
}

async function write(path: string, placed: readonly Placed[]): Promise<void> {
  const networks = placed.flatMap(({ text, country, asn, organisation }) => {
    const network = Network.parse(text);
    const record = {
      country: { iso_code: country },
      autonomous_system_number: asn,
      autonomous_system_organization: organisation,
    };
    return network === undefined ? [] : [{ network, record }];
  });
  await writeFile(path, writeMmdb({ type: 'Example-City-ASN', networks, builtAt: Math.floor(Date.now() / 1000) }));
}
