import { type Family, type Network } from '@bangui/ip';
import { PlaceDataBad } from '../place-data-bad.ts';
import { RandomAccessFile } from '../random-access-file.ts';
import { MmdbDecoder, type MmdbValue } from './mmdb-decoder.ts';

/** What stands before the metadata. */
const marker = Buffer.from('\u00ab\u00cd\u00efMaxMind.com', 'latin1');
/** The metadata is at most this many bytes from the end of the file. */
const maxMetadataBytes = 131_072;
/** Zero bytes between the tree and the data. */
const separatorBytes = 16;
/** Good databases repeat the IPv4 part of their tree at a few places of IPv6; a tree that is a trap repeats without end. */
const mostTreeCopies = 4;

/** What a database says of itself. */
export interface MmdbAbout {
  /** For example `GeoLite2-City`. */
  readonly type: string;
  /** Epoch milliseconds; null when it does not say. */
  readonly builtAt: number | null;
}

/** How the tree is written. */
interface Tree {
  readonly ipVersion: 4 | 6;
  readonly nodeCount: number;
  readonly recordBits: 24 | 28 | 32;
}

/** Addresses from `first` to `last`, both included, that share the record at `offset`. */
export interface MmdbNetwork {
  readonly first: bigint;
  readonly last: bigint;
  readonly offset: number;
}

/** A database in MaxMind's format, version 2, read from its file without loading it. */
export class MmdbFile {
  readonly about: MmdbAbout;
  private readonly file: RandomAccessFile;
  private readonly ipVersion: 4 | 6;
  private readonly nodeCount: number;
  private readonly recordBits: 24 | 28 | 32;
  private readonly decoder: MmdbDecoder;
  private readonly ipv4Start: number;

  // No parameter properties: the build reads this file with Node's type stripping, which does not know them.
  private constructor(file: RandomAccessFile, about: MmdbAbout, tree: Tree, dataEnd: number) {
    const { ipVersion, nodeCount, recordBits } = tree;
    this.file = file;
    this.about = about;
    this.ipVersion = ipVersion;
    this.nodeCount = nodeCount;
    this.recordBits = recordBits;
    const treeBytes = (nodeCount * recordBits) / 4;
    this.decoder = new MmdbDecoder(file, treeBytes + separatorBytes, dataEnd);
    this.ipv4Start = ipVersion === 4 ? 0 : this.skipZeros(96);
  }

  /** @throws {PlaceDataBad} when it is no such database, or the system's error when it cannot be read */
  static open(path: string): MmdbFile {
    const file = RandomAccessFile.open(path);
    try {
      return MmdbFile.from(file);
    } catch (error) {
      file.close();
      throw error instanceof RangeError ? new PlaceDataBad('It ends too early.', { cause: error }) : error;
    }
  }

  /**
   * Where the record of an address, or of a network's first address, is; undefined when there is none. Many networks
   * share a record.
   * @throws {PlaceDataBad | RangeError} when the file is damaged there
   */
  offsetOf(network: Network): number | undefined {
    if (network.family === 6 && this.ipVersion === 4) return undefined;
    const key = network.key();
    let node = network.family === 4 ? this.ipv4Start : 0;
    for (let bit = network.family === 4 ? 96 : 0; bit < 128 && node < this.nodeCount; bit += 1) {
      const isOne = ((key[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
      node = this.child(node, isOne === 1);
    }
    if (node < this.nodeCount) throw new PlaceDataBad('The tree is deeper than an address is long.');
    return this.recordOf(node);
  }

  /**
   * Every network that has a record, one after the other in the order of addresses. What the tree divides further than
   * `deepest` bits is left out.
   * @throws {PlaceDataBad | RangeError} when the file is damaged there
   */
  *networks(family: Family, deepest: number): Generator<MmdbNetwork> {
    if (family === 6 && this.ipVersion === 4) return;
    const bits = family === 4 ? 32 : 128;
    const sizes = Array.from({ length: deepest + 1 }, (_, depth) => 1n << BigInt(bits - depth));
    const waiting = [{ node: family === 4 ? this.ipv4Start : 0, depth: 0, first: 0n }];
    let nodesLeft = mostTreeCopies * this.nodeCount;
    for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
      const { node, first } = branch;
      const depth = branch.depth + 1;
      if (node >= this.nodeCount) {
        const offset = this.recordOf(node);
        if (offset !== undefined) yield { first, last: first + (sizes[depth - 1] ?? 0n) - 1n, offset };
      } else if (depth <= deepest) {
        nodesLeft -= 1;
        if (nodesLeft < 0) throw new PlaceDataBad('The tree leads back to itself.');
        // The last one in is the first one out.
        waiting.push({ node: this.child(node, true), depth, first: first + (sizes[depth] ?? 0n) });
        waiting.push({ node: this.child(node, false), depth, first });
      }
    }
  }

  /** The record there. @throws {PlaceDataBad | RangeError} when the file is damaged there */
  read(offset: number): MmdbValue {
    return this.decoder.read(offset);
  }

  /** Gives the file back to the system. */
  close(): void {
    this.file.close();
  }

  private static from(file: RandomAccessFile): MmdbFile {
    const length = Math.min(file.size, maxMetadataBytes);
    const tail = Buffer.from(file.read(file.size - length, length));
    const at = tail.lastIndexOf(marker);
    if (at < 0) throw new PlaceDataBad('It is not a database in MaxMind’s format.');
    const dataEnd = file.size - length + at;
    const metadata = new MmdbDecoder(file, dataEnd + marker.length, file.size).read(0);
    if (!(metadata instanceof Map)) throw new PlaceDataBad('Its description is not a map.');
    const said = metadata as ReadonlyMap<string, MmdbValue>;
    const number = (name: string): number => Number(said.get(name) ?? Number.NaN);
    const [nodeCount, recordBits, ipVersion] = [number('node_count'), number('record_size'), number('ip_version')];
    if (number('binary_format_major_version') !== 2) throw new PlaceDataBad('Its format is not version 2.');
    if (recordBits !== 24 && recordBits !== 28 && recordBits !== 32)
      throw new PlaceDataBad('Its record size is unknown.');
    if (ipVersion !== 4 && ipVersion !== 6) throw new PlaceDataBad('Its IP version is unknown.');
    const treeBytes = (nodeCount * recordBits) / 4;
    if (!Number.isInteger(nodeCount) || nodeCount < 1 || treeBytes + separatorBytes > dataEnd) {
      throw new PlaceDataBad('Its tree is larger than the file.');
    }
    if (!file.read(treeBytes, separatorBytes).every((byte) => byte === 0)) {
      throw new PlaceDataBad('Its tree does not end where it should.');
    }
    const type = said.get('database_type');
    const built = number('build_epoch') * 1_000;
    const about = {
      type: typeof type === 'string' ? type.slice(0, 128) : '',
      builtAt: Number.isSafeInteger(built) && built > 0 ? built : null,
    };
    return new MmdbFile(file, about, { ipVersion, nodeCount, recordBits }, dataEnd);
  }

  /** Where the record is that a node beyond the tree stands for; undefined for the one that stands for none. */
  private recordOf(node: number): number | undefined {
    if (node === this.nodeCount) return undefined;
    const offset = node - this.nodeCount - separatorBytes;
    if (offset < 0) throw new PlaceDataBad('The tree leads into the gap behind it.');
    return offset;
  }

  /** IPv4 addresses lie below 96 zero bits of an IPv6 tree. */
  private skipZeros(count: number): number {
    let node = 0;
    for (let bit = 0; bit < count && node < this.nodeCount; bit += 1) node = this.child(node, false);
    return node;
  }

  private child(node: number, isRight: boolean): number {
    const bytes = this.recordBits / 4;
    const both = this.file.read(node * bytes, bytes);
    if (this.recordBits === 24) return both.readUIntBE(isRight ? 3 : 0, 3);
    if (this.recordBits === 32) return both.readUInt32BE(isRight ? 4 : 0);
    // 28 bits: the byte in the middle holds the highest four bits of both.
    const middle = both.readUInt8(3);
    return (isRight ? middle & 15 : middle >> 4) * 2 ** 24 + both.readUIntBE(isRight ? 4 : 0, 3);
  }
}
