import { cleanAsn, cleanCountry, cleanName, type Place } from '../place.ts';
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

/** The place in a record: the forms of GeoIP2 and GeoLite2, and the flat ones of ip-location-db and IPinfo. */
export function recordPlace(record: MmdbValue): Place {
  return Object.freeze({
    country: cleanCountry(inside(record, 'country', 'iso_code') ?? inside(record, 'country_code')),
    region: cleanName(
      inside(record, 'subdivisions', 0, 'names', 'en') ?? inside(record, 'state1') ?? inside(record, 'region'),
    ),
    asn: cleanAsn(inside(record, 'autonomous_system_number') ?? inside(record, 'asn')),
    organisation: cleanName(inside(record, 'autonomous_system_organization') ?? inside(record, 'as_name')),
  });
}
