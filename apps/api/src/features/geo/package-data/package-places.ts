import { type Family, type Network } from '@bangui/ip';
import { cleanAsn, cleanCountry, cleanName, nowhere, type Place } from '../place.ts';
import { PlaceDataBad } from '../place-data-bad.ts';
import { RandomAccessFile } from '../random-access-file.ts';
import { lastAtMost } from './last-at-most.ts';
import {
  type Description,
  headBytes,
  maxNameBytes,
  noPlace,
  placeHeadBytes,
  rangeBytes,
  type RangesDescription,
  readHead,
} from './layout.ts';
import { PackageRegions } from './package-regions.ts';

/** Ranges between two that are kept in memory: so many are read and searched for one look-up. */
const stride = 256;
/** Places that are kept. */
const mostPlaces = 2_048;

/** Ranges of one IP version. */
interface Ranges extends RangesDescription {
  /** First addresses (IPv6: their first halves) of every `stride`th range. */
  readonly starts: Float64Array | BigUint64Array;
}

/** The place data that comes with BanGUI, read from its file without loading it: see `layout.ts`. */
export class PackagePlaces {
  private readonly known = new Map<number, Place>();

  private constructor(
    private readonly file: RandomAccessFile,
    readonly description: Description,
    private readonly ranges: Readonly<Record<Family, Ranges>>,
    private readonly regions: PackageRegions,
  ) {}

  /** @throws {PlaceDataBad} when it is no such file, or the system's error when it cannot be read */
  static open(path: string): PackagePlaces {
    const file = RandomAccessFile.open(path);
    try {
      const description = readHead(file.read(0, headBytes));
      const ranges = {
        4: withStarts(file, 4, description.ranges[4]),
        6: withStarts(file, 6, description.ranges[6]),
      };
      return new PackagePlaces(file, description, ranges, PackageRegions.open(file, description));
    } catch (error) {
      file.close();
      throw error instanceof RangeError ? new PlaceDataBad('It ends too early.', { cause: error }) : error;
    }
  }

  /** The place of an address, or of a network's first address. @throws {RangeError} when the file is damaged there */
  find(network: Network): Place {
    const place = this.countryAndNetwork(network);
    const region = place.country === null ? null : this.regions.find(network.family, scaled(network));
    if (region === null) return place;
    return { country: place.country, region, asn: place.asn, organisation: place.organisation };
  }

  /** The same without the region. @throws {RangeError} when the file is damaged there */
  countryAndNetwork(network: Network): Place {
    const { family } = network;
    const ranges = this.ranges[family];
    const wanted = scaled(network);
    const group = lastAtMost(ranges.starts.length, (index) => (ranges.starts[index] ?? 0) <= wanted);
    if (group < 0) return nowhere;
    const from = group * stride;
    const count = Math.min(stride, ranges.count - from);
    const size = rangeBytes[family];
    const bytes = this.file.read(ranges.offset + from * size, count * size);
    const start = (index: number): number | bigint =>
      family === 4 ? bytes.readUInt32BE(index * size) : bytes.readBigUInt64BE(index * size);
    const found = lastAtMost(count, (index) => start(index) <= wanted);
    if (found < 0) return nowhere;
    return this.place(bytes.readUInt32BE(found * size + size - 4));
  }

  /** Gives the file back to the system. */
  close(): void {
    this.file.close();
  }

  /** Country and network. */
  private place(offset: number): Place {
    if (offset === noPlace) return nowhere;
    const known = this.known.get(offset);
    if (known !== undefined) return known;
    const { places } = this.description;
    const bytes = this.file.read(
      places.offset + offset,
      Math.min(placeHeadBytes + maxNameBytes, places.bytes - offset),
    );
    const nameBytes = bytes.readUInt8(6);
    const place = Object.freeze({
      country: cleanCountry(bytes.toString('latin1', 0, 2)),
      region: null,
      asn: cleanAsn(bytes.readUInt32BE(2)),
      organisation: cleanName(bytes.toString('utf8', placeHeadBytes, placeHeadBytes + nameBytes)),
    });
    if (this.known.size >= mostPlaces) this.known.clear();
    this.known.set(offset, place);
    return place;
  }
}

/** The first address as it stands in the file. */
function scaled({ family, first }: Network): number | bigint {
  return family === 4 ? Number(first) : first >> 64n;
}

function withStarts(file: RandomAccessFile, family: Family, { offset, count }: RangesDescription): Ranges {
  const length = Math.ceil(count / stride);
  const at = (index: number): number => offset + index * stride * rangeBytes[family];
  const starts =
    family === 4
      ? Float64Array.from({ length }, (_, index) => file.read(at(index), 4).readUInt32BE(0))
      : BigUint64Array.from({ length }, (_, index) => file.read(at(index), 8).readBigUInt64BE(0));
  return { offset, count, starts };
}
