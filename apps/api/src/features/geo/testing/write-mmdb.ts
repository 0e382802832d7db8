import { type Network } from '@bangui/ip';

/** A value to write: numbers are unsigned 32-bit integers. */
export type Writable = string | number | bigint | boolean | readonly Writable[] | { readonly [key: string]: Writable };

/** What to write. */
export interface MmdbContent {
  readonly type: string;
  readonly networks: readonly { readonly network: Network; readonly record: Writable }[];
  readonly recordBits?: 24 | 28 | 32;
  readonly ipVersion?: 4 | 6;
  /** Epoch seconds. */
  readonly builtAt?: number;
}

type Tree = { left: Tree | number | null; right: Tree | number | null };

/** A database in MaxMind's format, version 2, after its public specification. Small: everything is in memory. */
export function writeMmdb({
  type,
  networks,
  recordBits = 24,
  ipVersion = 6,
  builtAt = 1_763_800_000,
}: MmdbContent): Buffer {
  const records: Buffer[] = [];
  let length = 0;
  const root: Tree = { left: null, right: null };
  for (const { network, record } of networks) {
    const bytes = value(record);
    insert(root, bitsOf(network, ipVersion), length);
    records.push(bytes);
    length += bytes.length;
  }
  const nodes = number(root);
  const tree = Buffer.concat([...nodes.keys()].map((node) => nodeBytes(node, nodes, recordBits)));
  const metadata = value({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: BigInt(builtAt),
    database_type: type,
    description: { en: 'a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.size,
    record_size: recordBits,
  });
  const marker = Buffer.from('\u00ab\u00cd\u00efMaxMind.com', 'latin1');
  return Buffer.concat([tree, Buffer.alloc(16), ...records, marker, metadata]);
}

function bitsOf(network: Network, ipVersion: 4 | 6): boolean[] {
  const key = network.key();
  const all = Array.from({ length: 128 }, (_, bit) => (((key[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1);
  if (network.family === 6) return all.slice(0, network.prefix);
  const four = all.slice(96, 96 + network.prefix);
  // IPv4 lies below 96 zero bits of an IPv6 tree.
  return ipVersion === 4 ? four : [...Array.from({ length: 96 }, () => false), ...four];
}

function insert(root: Tree, bits: readonly boolean[], record: number): void {
  let node = root;
  bits.forEach((bit, index) => {
    const side = bit ? 'right' : 'left';
    if (index === bits.length - 1) node[side] = record;
    else {
      const next = node[side];
      const child: Tree = next !== null && typeof next === 'object' ? next : { left: next, right: next };
      node[side] = child;
      node = child;
    }
  });
}

function number(root: Tree): Map<Tree, number> {
  const nodes = new Map<Tree, number>();
  const waiting: Tree[] = [root];
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    nodes.set(node, nodes.size);
    for (const child of [node.left, node.right]) if (child !== null && typeof child === 'object') waiting.push(child);
  }
  return nodes;
}

function nodeBytes(node: Tree, nodes: ReadonlyMap<Tree, number>, recordBits: 24 | 28 | 32): Buffer {
  const [left, right] = [node.left, node.right].map((child) => {
    if (child === null) return nodes.size;
    return typeof child === 'object' ? (nodes.get(child) ?? 0) : nodes.size + 16 + child;
  }) as [number, number];
  const bytes = Buffer.alloc(recordBits / 4);
  if (recordBits === 24) {
    bytes.writeUIntBE(left, 0, 3);
    bytes.writeUIntBE(right, 3, 3);
  } else if (recordBits === 32) {
    bytes.writeUInt32BE(left, 0);
    bytes.writeUInt32BE(right, 4);
  } else {
    bytes.writeUIntBE(left % 2 ** 24, 0, 3);
    bytes.writeUInt8(Math.floor(left / 2 ** 24) * 16 + Math.floor(right / 2 ** 24), 3);
    bytes.writeUIntBE(right % 2 ** 24, 4, 3);
  }
  return bytes;
}

function control(type: number, size: number): Buffer {
  const sizes = size < 29 ? [size] : size < 285 ? [29, size - 29] : [30, (size - 285) >> 8, (size - 285) & 255];
  const [first = 0, ...more] = sizes;
  // Types from 8 on are told in a byte of their own.
  return Buffer.from(type > 7 ? [first, type - 7, ...more] : [(type << 5) | first, ...more]);
}

function unsigned(type: number, numeric: bigint): Buffer {
  const hex = numeric === 0n ? '' : numeric.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([control(type, bytes.length), bytes]);
}

function value(written: Writable): Buffer {
  if (typeof written === 'string') {
    const bytes = Buffer.from(written);
    return Buffer.concat([control(2, bytes.length), bytes]);
  }
  if (typeof written === 'number') return unsigned(6, BigInt(written));
  if (typeof written === 'bigint') return unsigned(9, written);
  if (typeof written === 'boolean') return control(14, written ? 1 : 0);
  if (Array.isArray(written)) {
    const items = written as readonly Writable[];
    return Buffer.concat([control(11, items.length), ...items.map(value)]);
  }
  const entries = Object.entries(written);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, each]) => [value(key), value(each)])]);
}
