import { AddressSet, Network } from '@bangui/ip';
import { expect, it } from 'vitest';
import { BadWantedMessage, decodeWanted, encodeWanted, type WantedMessage } from './wanted-message.ts';
import { isOlder, isSameWanted, type WantedVersion } from './wanted-version.ts';

const set = (...texts: string[]): AddressSet =>
  AddressSet.of(texts.map((text) => Network.parse(text)).filter((each) => each !== undefined));

const blocked = set('192.0.2.0/24', '2001:db8::1');
const allowed = set('198.51.100.7');
const version: WantedVersion = {
  resync: 3,
  fencing: 2,
  generation: 1,
  blockedHash: blocked.contentHash(),
  allowedHash: allowed.contentHash(),
  placement: 'raw',
};
const full: WantedMessage = { kind: 'full', version, blocked, allowed };
const delta: WantedMessage = {
  kind: 'delta',
  version,
  from: 0,
  blocked: { added: blocked, removed: allowed },
  allowed: { added: AddressSet.empty, removed: set('203.0.113.9') },
};

it.each([
  ['a whole set', full],
  ['a difference', delta],
])('reads %s as it was written', (_what, message) => {
  expect(decodeWanted(encodeWanted(message))).toEqual(message);
});

it.each([
  ['a whole set', full],
  ['a difference', delta],
])('refuses %s that is cut anywhere, or longer than it says', (_what, message) => {
  const bytes = encodeWanted(message);
  for (let length = 0; length < bytes.byteLength; length += 1) {
    expect(() => decodeWanted(bytes.subarray(0, length))).toThrow(BadWantedMessage);
  }
  expect(() => decodeWanted(Uint8Array.of(...bytes, 0))).toThrow(BadWantedMessage);
});

it.each([
  ['no version', { version: {} }],
  ['a negative generation', { version: { ...version, generation: -1 } }],
  ['a hash that is none', { version: { ...version, blockedHash: 'x' } }],
  ['another placement', { version: { ...version, placement: 'nowhere' } }],
  ['another kind', { kind: 'half' }],
  ['a difference from nothing', { kind: 'delta' }],
  ['lengths that are none', { lengths: [-1, 1.5] }],
  ['more lengths than sets', { lengths: [16, 16, 16, 16, 16] }],
])('refuses a head with %s', (_what, change) => {
  const empty = AddressSet.empty.encode();
  const head = { kind: 'full', version, lengths: [empty.byteLength, empty.byteLength], ...change };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const prefix = encodeWanted(full).slice(0, 12);
  new DataView(prefix.buffer).setUint32(8, text.byteLength, true);
  expect(() => decodeWanted(Uint8Array.of(...prefix, ...text, ...empty, ...empty))).toThrow(BadWantedMessage);
});

it('refuses a head that would need much memory before it reads one', () => {
  const bytes = new Uint8Array(1_000_000).fill(0x20);
  bytes.set(encodeWanted(full).subarray(0, 12));
  new DataView(bytes.buffer).setUint32(8, 900_000, true);
  expect(() => decodeWanted(bytes)).toThrow('cut');
});

it.each([
  ['the same', {}, false],
  ['a lower generation', { generation: 0 }, true],
  ['a higher generation', { generation: 9 }, false],
  ['a higher generation of a holder that was replaced', { generation: 9, fencing: 1 }, true],
  ['a lower generation of a later holder', { generation: 0, fencing: 3 }, false],
  ['lower numbers after a resync', { generation: 0, fencing: 0, resync: 4 }, false],
  ['higher numbers from before the resync', { generation: 9, fencing: 9, resync: 2 }, true],
])('tells whether %s is older', (_what, change, isIt) => {
  expect(isOlder({ ...version, ...change }, version)).toBe(isIt);
});

it('knows what makes a difference to the kernel', () => {
  expect(isSameWanted({ ...version, generation: 9, fencing: 9 }, version)).toBe(true);
  for (const change of [
    { resync: 9 },
    { placement: 'established' },
    { blockedHash: 'x' },
    { allowedHash: 'x' },
  ] as const)
    expect(isSameWanted({ ...version, ...change }, version)).toBe(false);
});
