import { type Network } from '@bangui/ip';
import { nowhere, type Place } from '../place.ts';
import { type MmdbAbout, MmdbFile } from './mmdb-file.ts';
import { recordPlace } from './record-place.ts';

/** Places that are kept. Records are not: they are large, and most of them is not asked for. */
const mostPlaces = 2_048;

/** What a database in MaxMind's format says of addresses. */
export class MmdbPlaces {
  private readonly known = new Map<number, Place>();

  private constructor(private readonly file: MmdbFile) {}

  /** @throws {PlaceDataBad} when it is no such database, or the system's error when it cannot be read */
  static open(path: string): MmdbPlaces {
    return new MmdbPlaces(MmdbFile.open(path));
  }

  /** What the database says of itself. */
  get about(): MmdbAbout {
    return this.file.about;
  }

  /**
   * The place of an address, or of a network's first address, with what the database does not tell as null.
   * @throws {PlaceDataBad | RangeError} when the file is damaged there
   */
  find(network: Network): Place {
    const offset = this.file.offsetOf(network);
    if (offset === undefined) return nowhere;
    const known = this.known.get(offset);
    if (known !== undefined) return known;
    const place = recordPlace(this.file.read(offset));
    if (this.known.size >= mostPlaces) this.known.clear();
    this.known.set(offset, place);
    return place;
  }

  /** Gives the file back to the system. */
  close(): void {
    this.file.close();
  }
}
