import { PlaceDataBad } from '../place-data-bad.ts';
import { type RandomAccessFile } from '../random-access-file.ts';

/** A value of a MaxMind database. Maps stay maps: their keys come from outside. */
export type MmdbValue =
  string | number | bigint | boolean | Buffer | readonly MmdbValue[] | ReadonlyMap<string, MmdbValue>;

/** Deepest nesting, pointers included; real records have four levels. */
const maxDepth = 16;
/** Most values of one record; the largest of GeoIP2 have some 150. */
const maxValues = 4_096;
/** Longest text or byte string. */
const maxBytes = 65_536;
/** Texts that are kept: keys and names that many records point to. */
const mostTexts = 4_096;
/** Longest text that is kept. */
const maxTextLength = 64;

/** Where a value ends, or where the pointer to it ends. */
interface Decoded {
  readonly value: MmdbValue;
  readonly next: number;
}

/**
 * Reads values of the data section of a MaxMind database, version 2 (public specification of the MaxMind DB file
 * format). The file is hostile: depth, number and size of what one record holds are bounded.
 */
export class MmdbDecoder {
  private readonly file: RandomAccessFile;
  private readonly base: number;
  private readonly end: number;
  private readonly texts = new Map<number, string>();
  private left = 0;

  /** Pointers count from `base`; nothing is read from `end` on. */
  constructor(file: RandomAccessFile, base: number, end: number) {
    this.file = file;
    this.base = base;
    this.end = end;
  }

  /** The value at an offset from the base. @throws {PlaceDataBad | RangeError} when there is no proper one */
  read(offset: number): MmdbValue {
    this.left = maxValues;
    return this.value(this.base + offset, 0).value;
  }

  private value(at: number, depth: number): Decoded {
    this.left -= 1;
    if (this.left < 0 || depth > maxDepth) throw new PlaceDataBad('A record is too large or refers to itself.');
    const control = this.unsigned(at, 1);
    let type = control >> 5;
    let next = at + 1;
    if (type === 1) return this.pointed(control, next, depth);
    if (type === 0) {
      type = this.unsigned(next, 1) + 7;
      next += 1;
    }
    let size = control & 31;
    if (size >= 29) {
      const more = size - 28;
      const least = [29, 285, 65_821][more - 1] ?? 0;
      size = least + this.unsigned(next, more);
      next += more;
    }
    return this.typed(type, size, next, depth);
  }

  private pointed(control: number, at: number, depth: number): Decoded {
    const bytes = ((control >> 3) & 3) + 1;
    const high = bytes === 4 ? 0 : (control & 7) * 256 ** bytes;
    const least = [0, 2_048, 526_336, 0][bytes - 1] ?? 0;
    const target = high + this.unsigned(at, bytes) + least;
    const known = this.texts.get(target);
    if (known !== undefined) return { value: known, next: at + bytes };
    const { value } = this.value(this.base + target, depth + 1);
    if (typeof value === 'string' && value.length <= maxTextLength) {
      if (this.texts.size >= mostTexts) this.texts.clear();
      this.texts.set(target, value);
    }
    return { value, next: at + bytes };
  }

  private typed(type: number, size: number, at: number, depth: number): Decoded {
    switch (type) {
      case 2:
        return { value: this.bytes(at, size).toString('utf8'), next: at + size };
      case 3:
        return { value: this.bytes(at, sized(size, 8)).readDoubleBE(0), next: at + 8 };
      case 4:
        return { value: Buffer.from(this.bytes(at, size)), next: at + size };
      case 5:
      case 6:
        return { value: this.unsigned(at, sized(size, 0, type === 5 ? 2 : 4)), next: at + size };
      case 7:
        return this.map(size, at, depth);
      case 8:
        return { value: this.unsigned(at, sized(size, 0, 4)) | 0, next: at + size };
      case 9:
      case 10:
        return { value: this.large(at, sized(size, 0, type === 9 ? 8 : 16)), next: at + size };
      case 11:
        return this.list(size, at, depth);
      case 14:
        return { value: sized(size, 0, 1) === 1, next: at };
      case 15:
        return { value: this.bytes(at, sized(size, 4)).readFloatBE(0), next: at + 4 };
      default:
        throw new PlaceDataBad(`There is no value of type ${type}.`);
    }
  }

  private map(size: number, at: number, depth: number): Decoded {
    const map = new Map<string, MmdbValue>();
    let next = at;
    for (let index = 0; index < size; index += 1) {
      const key = this.value(next, depth + 1);
      const value = this.value(key.next, depth + 1);
      if (typeof key.value !== 'string') throw new PlaceDataBad('A key of a map is not a text.');
      map.set(key.value, value.value);
      ({ next } = value);
    }
    return { value: map, next };
  }

  private list(size: number, at: number, depth: number): Decoded {
    const list: MmdbValue[] = [];
    let next = at;
    for (let index = 0; index < size; index += 1) {
      const item = this.value(next, depth + 1);
      list.push(item.value);
      ({ next } = item);
    }
    return { value: list, next };
  }

  private bytes(at: number, length: number): Buffer {
    if (length > maxBytes) throw new PlaceDataBad('A text is too long.');
    if (at + length > this.end) throw new PlaceDataBad('A value reaches beyond the data.');
    return this.file.read(at, length);
  }

  /** Up to four bytes as a number; none are zero. */
  private unsigned(at: number, length: number): number {
    return length === 0 ? 0 : this.bytes(at, length).readUIntBE(0, length);
  }

  private large(at: number, length: number): bigint {
    return length === 0 ? 0n : BigInt(`0x${this.bytes(at, length).toString('hex')}`);
  }
}

/** The size when it is allowed: exactly `least`, or from `least` to `most`. */
function sized(size: number, least: number, most = least): number {
  if (size < least || size > most) throw new PlaceDataBad('A value has a wrong size.');
  return size;
}
