import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadWantedMessage, encodeWanted, type WantedVersion } from '@bangui/enforcement';
import { AddressSet, Network } from '@bangui/ip';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Log } from './log.ts';
import { StateFolder } from './state-folder.ts';
import { OlderWanted, WantedStore } from './wanted-store.ts';

const set = (...texts: string[]): AddressSet =>
  AddressSet.of(texts.map((text) => Network.parse(text)).filter((each) => each !== undefined));
const first = set('192.0.2.0/24');
const second = set('192.0.2.0/25', '203.0.113.1');

let dir: string;
let store: WantedStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bgui-'));
  store = new WantedStore(new StateFolder(dir), new Log('error', () => undefined));
});
afterEach(() => rm(dir, { recursive: true }));

function versionOf(blocked: AddressSet, change: Partial<WantedVersion> = {}): WantedVersion {
  const hashes = { blockedHash: blocked.contentHash(), allowedHash: AddressSet.empty.contentHash() };
  return { resync: 0, fencing: 1, generation: 1, placement: 'raw', ...hashes, ...change };
}
const full = (blocked: AddressSet, change: Partial<WantedVersion> = {}): Uint8Array =>
  encodeWanted({ kind: 'full', version: versionOf(blocked, change), blocked, allowed: AddressSet.empty });
const delta = (change: Partial<WantedVersion> = {}, from = 1): Uint8Array =>
  encodeWanted({
    kind: 'delta',
    version: versionOf(second, { generation: 2, ...change }),
    from,
    blocked: first.changeTo(second),
    allowed: AddressSet.empty.changeTo(AddressSet.empty),
  });

it('makes of a difference what was meant, and knows it after a restart', async () => {
  await store.receive(full(first));
  expect((await store.receive(delta())).blocked.equals(second)).toBe(true);
  const later = new WantedStore(new StateFolder(dir), new Log('error', () => undefined));
  await later.restore();
  expect(later.current?.blocked.equals(second)).toBe(true);
  expect(later.current?.version).toEqual(store.current?.version);
});

it.each([
  ['a difference before anything was received', () => delta(), BadWantedMessage],
  ['sets that are not those of the version', () => full(first, { blockedHash: 'f'.repeat(64) }), BadWantedMessage],
])('refuses %s', async (_what, bytes, problem) => {
  await expect(store.receive(bytes())).rejects.toThrow(problem);
  expect(store.current).toBeUndefined();
});

it.each([
  ['a difference from another generation', () => delta({}, 7), BadWantedMessage],
  ['a difference that comes out as something else', () => delta({ blockedHash: 'f'.repeat(64) }), BadWantedMessage],
  ['a lower generation', () => full(second, { generation: 0 }), OlderWanted],
  ['a lower fencing token', () => full(second, { generation: 9, fencing: 0 }), OlderWanted],
])('keeps what it has when it is given %s', async (_what, bytes, problem) => {
  await store.receive(full(first));
  await expect(store.receive(bytes())).rejects.toThrow(problem);
  expect(store.current?.blocked.equals(first)).toBe(true);
});

it('takes a lower generation after a resync', async () => {
  await store.receive(full(first));
  expect((await store.receive(full(second, { generation: 0, fencing: 0, resync: 5 }))).version.generation).toBe(0);
});

it('begins with nothing when what was kept is broken', async () => {
  await writeFile(join(dir, 'wanted'), full(first).subarray(0, 50));
  await store.restore();
  expect(store.current).toBeUndefined();
});
