import { Network } from '@bangui/ip';
import { describe, expect, it } from 'vitest';
import { addressKey, type BanRecord } from './ban-record.ts';
import { overlappingBans } from './overlapping-bans.ts';

const ban = (address: string): BanRecord => ({
  jail: 'sshd',
  address,
  bannedAt: 0,
  duration: -1,
  expiresAt: null,
  key: addressKey(address),
});

const overlapping = (bans: readonly string[], networks: readonly string[]): string[] =>
  overlappingBans(
    bans.map(ban),
    networks.flatMap((text) => Network.parse(text) ?? []),
  ).map(({ address }) => address);

describe('overlappingBans', () => {
  it.each<[string, string[], string[], string[]]>([
    ['the address itself', ['192.0.2.1', '192.0.2.2'], ['192.0.2.2'], ['192.0.2.2']],
    [
      'all inside of a network',
      ['192.0.2.1', '192.0.3.0', '192.0.2.255'],
      ['192.0.2.0/24'],
      ['192.0.2.1', '192.0.2.255'],
    ],
    ['a banned network that holds the address', ['192.0.2.0/24', '192.0.3.0/24'], ['192.0.2.77'], ['192.0.2.0/24']],
    ['both families', ['2001:db8::1', '192.0.2.1'], ['2001:db8::/32', '192.0.2.1'], ['2001:db8::1', '192.0.2.1']],
    ['nothing for no networks', ['192.0.2.1'], [], []],
    ['nothing of what is no address', ['no address'], ['0.0.0.0/0', '::/0'], []],
  ])('finds %s', (_what, bans, networks, found) => {
    expect(overlapping(bans, networks)).toEqual(found);
  });

  it('agrees with comparing each with each', () => {
    const texts = Array.from({ length: 400 }, (_, index) => {
      const host = (index * 2_654_435_761) >>> 0;
      const prefix = [32, 32, 28, 24, 20][index % 5] ?? 32;
      return Network.of(4, BigInt(host & 0xffff) | 0xc6120000n, prefix)?.toString() ?? '';
    });
    const networks = texts.slice(0, 40).flatMap((text) => Network.parse(text) ?? []);
    const bans = [...new Set(texts.slice(40))];
    const expected = bans.filter((text) => {
      const one = Network.parse(text);
      return one && networks.some((network) => network.overlaps(one));
    });
    expect(overlappingBans(bans.map(ban), networks).map(({ address }) => address)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(10);
    expect(expected.length).toBeLessThan(bans.length);
  });
});
