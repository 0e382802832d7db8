/** Tar works in blocks of so many bytes (POSIX.1-1988, "ustar"). */
export const blockBytes = 512;

/** A file of an archive. */
export interface TarMember {
  /** Relative, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
}

/** The archive is not one of ours, or damaged; the message says what of it. */
export class TarUnreadable extends Error {}

/** Where the parts of a header are: first byte and length. */
const field = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  changed: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
  prefix: [345, 155],
} as const;

const magic = 'ustar\u000000';
/** Type of a plain file; links, folders and devices have others. */
const plainFile = '0';
/** What eleven octal digits hold; a larger size is written in base 256, marked by the first bit, as GNU tar does. */
const maxOctal = 8 ** 11 - 1;

/** Bytes that fill the last block of a file. */
export function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/**
 * Header of a plain file that its owner alone may read and write.
 * @param changedAt epoch milliseconds
 * @throws RangeError when the path does not fit: 100 bytes, or up to 155 more before a `/`
 */
export function tarHeader({ path, bytes }: TarMember, changedAt: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  const put = (part: keyof typeof field, text: string): void => {
    block.write(text, field[part][0], 'utf8');
  };
  const [prefix, name] = split(path);
  put('name', name);
  put('prefix', prefix);
  put('mode', '0000600');
  put('owner', '0000000');
  put('group', '0000000');
  put('changed', octal(Math.floor(changedAt / 1_000), field.changed[1]));
  put('type', plainFile);
  put('magic', magic);
  if (bytes <= maxOctal) put('size', octal(bytes, field.size[1]));
  else {
    block.writeUInt8(0x80, field.size[0]);
    block.writeBigUInt64BE(BigInt(bytes), field.size[0] + 4);
  }
  put('checksum', `${octal(sumOf(block), 7)}\0 `);
  return block;
}

/**
 * Reads a header; undefined for the block of zeros at the end.
 * @throws TarUnreadable for anything but a plain file
 */
export function readTarHeader(block: Buffer): TarMember | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (part: keyof typeof field): string => {
    const [first, length] = field[part];
    const bytes = block.subarray(first, first + length);
    const end = bytes.indexOf(0);
    return bytes.subarray(0, end < 0 ? length : end).toString('utf8');
  };
  if (!text('magic').startsWith('ustar') || Number.parseInt(text('checksum').trim(), 8) !== sumOf(block))
    throw new TarUnreadable('It is no archive, or damaged.');
  if (text('type') !== plainFile) throw new TarUnreadable('It holds something else than plain files.');
  const prefix = text('prefix');
  return { path: prefix === '' ? text('name') : `${prefix}/${text('name')}`, bytes: sizeOf(block, text('size')) };
}

function sizeOf(block: Buffer, digits: string): number {
  const [first] = field.size;
  const isBinary = (block.readUInt8(first) & 0x80) !== 0;
  const bytes = isBinary ? Number(block.readBigUInt64BE(first + 4)) : Number.parseInt(digits.trim(), 8);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new TarUnreadable('It is damaged: a file in it has no size.');
  return bytes;
}

/** The sum of all bytes, with spaces where the checksum itself stands. */
function sumOf(block: Buffer): number {
  const [first, length] = field.checksum;
  return block.reduce((sum, byte, index) => sum + (index >= first && index < first + length ? 0x20 : byte), 0);
}

function octal(value: number, length: number): string {
  return value.toString(8).padStart(length - 1, '0');
}

function split(path: string): readonly [prefix: string, name: string] {
  const fits = (text: string, part: 'name' | 'prefix'): boolean => Buffer.byteLength(text) <= field[part][1];
  if (fits(path, 'name')) return ['', path];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (name !== '' && fits(name, 'name') && fits(prefix, 'prefix')) return [prefix, name];
  }
  throw new RangeError(`The path is too long for an archive: ${path}`);
}
