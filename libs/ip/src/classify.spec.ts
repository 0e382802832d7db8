import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { classify, Network, type AddressClass } from './index.ts';
import { anyAddress, anyNetwork, network } from './testing/arbitraries.ts';

/** Ranges of ipaddr.js that mean the same as a class of ours. */
const SAME: Partial<Record<string, AddressClass>> = {
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  linkLocal: 'link-local',
  multicast: 'multicast',
  carrierGradeNat: 'shared',
  broadcast: 'broadcast',
};

describe('classify', () => {
  it.each<[string, AddressClass]>([
    ['8.8.8.8', 'global'],
    ['2606:4700::1', 'global'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'global'],
    ['192.168.0.0/16', 'private'],
    ['100.64.0.1', 'shared'],
    ['127.0.0.53', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fd00::1', 'private'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'this-network'],
    ['::', 'unspecified'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.0/24', 'documentation'],
    ['2001:db8::/32', 'documentation'],
    ['3fff:123::1', 'documentation'],
    ['198.19.255.255', 'benchmarking'],
    ['2001:2::1', 'benchmarking'],
    ['192.0.0.1', 'protocol'],
    ['192.0.0.9', 'global'],
    ['224.0.0.251', 'multicast'],
    ['ff02::1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['64:ff9b::1', 'transition'],
    ['2002::1', 'transition'],
    ['100::1', 'discard'],
    ['4000::1', 'reserved'],
    ['::ffff:127.0.0.1', 'loopback'],
  ])('says that %s is %s', (text, addressClass) => {
    expect(classify(network(text))).toBe(addressClass);
  });

  it.each(['0.0.0.0/0', '192.0.0.0/16', '8.0.0.0/5', '::/0', '2000::/3', '192.0.0.0/24', '2001::/16', '100::/8'])(
    'calls %s mixed, since only a part of it has a class',
    (text) => {
      expect(classify(network(text))).toBe('mixed');
    },
  );

  it('agrees with ipaddr.js wherever both have a name for it', () => {
    const nearSpecial = fc
      .tuple(
        fc.constantFrom('10.0.0.0', '100.64.0.0', '127.0.0.0', '169.254.0.0', '172.16.0.0', '192.168.0.0'),
        fc.nat(2 ** 24),
      )
      .map(([text, offset]) => Network.of(4, (network(text).first + BigInt(offset)) % 2n ** 32n, 32))
      .filter((each) => each !== undefined);
    const v6Special = fc
      .tuple(
        fc.constantFrom(0xfc00n, 0xfd12n, 0xfe80n, 0xfebfn, 0xfec0n, 0xff02n),
        fc.bigInt({ min: 0n, max: 2n ** 112n - 1n }),
      )
      .map(([group, rest]) => Network.of(6, (group << 112n) | rest, 128))
      .filter((each) => each !== undefined);
    let compared = 0;
    fc.assert(
      fc.property(fc.oneof(nearSpecial, v6Special, anyAddress), (address) => {
        const theirs = SAME[ipaddr.parse(address.toString()).range()];
        if (theirs === undefined) return;
        compared += 1;
        expect(classify(address)).toBe(theirs);
      }),
      { numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('never calls a network global that holds a loopback, private or link-local address', () => {
    const inside = [
      '127.0.0.1',
      '10.0.0.1',
      '192.168.1.1',
      '172.16.0.1',
      '169.254.1.1',
      '::1',
      'fd00::1',
      'fe80::1',
    ].map(network);
    fc.assert(
      fc.property(anyNetwork, fc.constantFrom(...inside), fc.nat(128), (random, address, prefix) => {
        const around = Network.of(address.family, address.first, Math.min(prefix, address.family === 4 ? 32 : 128));
        if (around) expect(classify(around)).not.toBe('global');
        if (inside.some((each) => random.contains(each))) expect(classify(random)).not.toBe('global');
      }),
    );
  });
});
