import { AddressSet, type SetChange } from '@bangui/ip';
import { isCount, membersOf, readVersion } from './read-version.ts';
import { type WantedVersion } from './wanted-version.ts';

/** Media type of the message. */
export const wantedMediaType = 'application/vnd.bangui.wanted';

/** A wanted set as it goes over the wire. */
export type WantedMessage =
  | {
      readonly kind: 'full';
      readonly version: WantedVersion;
      readonly blocked: AddressSet;
      readonly allowed: AddressSet;
    }
  | {
      readonly kind: 'delta';
      readonly version: WantedVersion;
      /** Generation of the sets that the changes start from. The outcome is to be compared with the hashes of the version. */
      readonly from: number;
      readonly blocked: SetChange;
      readonly allowed: SetChange;
    };

/** `BGWS`, then version 1 as 16 bits, 16 bits that are zero, and the length of the head in bytes. */
const MAGIC = 0x53_57_47_42;
const VERSION = 1;
const PREFIX_BYTES = 12;
/** A head is a few hundred bytes. */
const MAX_HEAD_BYTES = 4_096;

/** The message is not one: cut, of another version or not what its head says. */
export class BadWantedMessage extends Error {}

/** Writes a message: a head in JSON, then two packed sets for `full` or four for `delta`. */
export function encodeWanted(message: WantedMessage): Uint8Array<ArrayBuffer> {
  const { kind, version } = message;
  const sets =
    kind === 'full'
      ? [message.blocked, message.allowed]
      : [message.blocked.added, message.blocked.removed, message.allowed.added, message.allowed.removed];
  const blobs = sets.map((set) => set.encode());
  const head = new TextEncoder().encode(
    JSON.stringify({
      kind,
      version,
      ...(kind === 'delta' && { from: message.from }),
      lengths: blobs.map((blob) => blob.byteLength),
    }),
  );
  const bytes = new Uint8Array(
    PREFIX_BYTES + head.byteLength + blobs.reduce((sum, { byteLength }) => sum + byteLength, 0),
  );
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, head.byteLength, true);
  bytes.set(head, PREFIX_BYTES);
  let offset = PREFIX_BYTES + head.byteLength;
  for (const blob of blobs) {
    bytes.set(blob, offset);
    offset += blob.byteLength;
  }
  return bytes;
}

/** Reads a message. @throws {BadWantedMessage} */
export function decodeWanted(bytes: Uint8Array): WantedMessage {
  const { head, body } = split(bytes);
  const version = readVersion(head.version);
  if (!version) throw new BadWantedMessage('The head does not say which version it is.');
  const sets = readSets(head.lengths, body);
  const [first, second, third, fourth] = sets;
  if (head.kind === 'full' && first && second && sets.length === 2) {
    return { kind: 'full', version, blocked: first, allowed: second };
  }
  const { from } = head;
  if (head.kind === 'delta' && isCount(from) && first && second && third && fourth && sets.length === 4) {
    const blocked = { added: first, removed: second };
    return { kind: 'delta', version, from, blocked, allowed: { added: third, removed: fourth } };
  }
  throw new BadWantedMessage('The message holds other sets than its head says.');
}

function split(bytes: Uint8Array): { head: ReturnType<typeof membersOf>; body: Uint8Array } {
  if (bytes.byteLength < PREFIX_BYTES) throw new BadWantedMessage('The message is cut.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new BadWantedMessage('This is no wanted set.');
  if (view.getUint32(4, true) !== VERSION) throw new BadWantedMessage('The message is of a version that is not known.');
  const headBytes = view.getUint32(8, true);
  const end = PREFIX_BYTES + headBytes;
  if (headBytes > MAX_HEAD_BYTES || end > bytes.byteLength) throw new BadWantedMessage('The message is cut.');
  const text = new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, end));
  try {
    return { head: membersOf(JSON.parse(text)), body: bytes.subarray(end) };
  } catch (cause) {
    throw new BadWantedMessage('The head of the message is no JSON.', { cause });
  }
}

function readSets(lengths: unknown, body: Uint8Array): AddressSet[] {
  const numbers: unknown[] = Array.isArray(lengths) ? lengths.slice(0, 5) : [];
  const sets: AddressSet[] = [];
  let offset = 0;
  for (const length of numbers) {
    if (!isCount(length) || offset + length > body.byteLength) throw new BadWantedMessage('The message is cut.');
    const set = AddressSet.decode(body.subarray(offset, offset + length));
    if (!set) throw new BadWantedMessage('The message holds something that is no set of addresses.');
    sets.push(set);
    offset += length;
  }
  if (offset !== body.byteLength) throw new BadWantedMessage('The message is longer than its head says.');
  return sets;
}
