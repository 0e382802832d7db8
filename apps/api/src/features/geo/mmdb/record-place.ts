import { cleanAsn, cleanCountry, cleanName } from '../place.ts';
import { type MmdbValue } from './mmdb-decoder.ts';

/** Follows names (of maps) and numbers (of lists) into a record. */
function inside(record: MmdbValue | undefined, ...path: (string | number)[]): MmdbValue | undefined {
  let value = record;
  for (const step of path) {
    if (typeof step === 'string')
      value = value instanceof Map ? (value as ReadonlyMap<string, MmdbValue>).get(step) : undefined;
    else value = Array.isArray(value) ? (value as readonly MmdbValue[])[step] : undefined;
  }
  return value;
}

/** Country and region of a record: GeoIP2 and GeoLite2, or the flat form of ip-location-db and IPinfo. */
export function recordPlace(record: MmdbValue): { country: string | null; region: string | null } {
  return {
    country: cleanCountry(inside(record, 'country', 'iso_code') ?? inside(record, 'country_code')),
    region: cleanName(
      inside(record, 'subdivisions', 0, 'names', 'en') ?? inside(record, 'state1') ?? inside(record, 'region'),
    ),
  };
}

/** Number and owner of the network in a record, in the same forms. */
export function recordNetwork(record: MmdbValue): { asn: number | null; organisation: string | null } {
  return {
    asn: cleanAsn(inside(record, 'autonomous_system_number') ?? inside(record, 'asn')),
    organisation: cleanName(inside(record, 'autonomous_system_organization') ?? inside(record, 'as_name')),
  };
}
