import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { AddressSet, AddressSetBuilder, Network, SetUnion } from '../index.ts';
import { anySet } from '../testing/address-sets.ts';
import { anyAddress, anyNetwork, network } from '../testing/arbitraries.ts';

const set = (...texts: string[]): AddressSet => AddressSet.of(texts.map(network));
const texts = (each: AddressSet): string[] => [...each.networks()].map(String);

describe('AddressSet', () => {
  it('splits a network around an allowed address', () => {
    expect(texts(set('192.0.2.0/29').subtract(set('192.0.2.3')))).toEqual([
      '192.0.2.0/31',
      '192.0.2.2',
      '192.0.2.4/30',
    ]);
  });

  it('joins neighbours of both families', () => {
    expect(texts(set('192.0.2.0', '2001:db8::1', '192.0.2.1', '2001:db8::'))).toEqual([
      '192.0.2.0/31',
      '2001:db8::/127',
    ]);
  });

  it('says what changed', () => {
    const { added, removed } = set('192.0.2.0/30').changeTo(set('192.0.2.2/31', '2001:db8::/32'));
    expect(texts(added)).toEqual(['2001:db8::/32']);
    expect(texts(removed)).toEqual(['192.0.2.0/31']);
  });

  it('comes to the next set by its own change', () => {
    fc.assert(
      fc.property(anySet, anySet, (before, after) => {
        const { added, removed } = before.changeTo(after);
        expect(before.subtract(removed).union(added).equals(after)).toBe(true);
        expect(added.intersect(before).isEmpty).toBe(true);
        expect(removed.subtract(before).isEmpty).toBe(true);
      }),
    );
  });

  it('differs from another set in no other networks than in those of the ranges that the other does not have', () => {
    fc.assert(
      fc.property(anySet, anySet, (one, other) => {
        const others = new Set(texts(other));
        const without = new Set(texts(other.rangesNotIn(one)));
        expect(texts(one.rangesNotIn(other)).filter((each) => !without.has(each))).toEqual(
          texts(one).filter((each) => !others.has(each)),
        );
      }),
    );
  });

  it('contains what its networks contain, one by one', () => {
    fc.assert(
      fc.property(fc.array(anyNetwork, { maxLength: 8 }), anyNetwork, (networks, asked) => {
        const union = AddressSet.of(networks);
        for (const each of networks) {
          expect(union.contains(each)).toBe(true);
          expect(union.overlaps(each)).toBe(true);
        }
        const rest = AddressSet.of([asked]).subtract(union);
        expect(union.contains(asked)).toBe(rest.isEmpty);
        expect(union.overlaps(asked)).toBe(!AddressSet.of([asked]).intersect(union).isEmpty);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with ipaddr.js on which address is in which network', () => {
    fc.assert(
      fc.property(anyNetwork, anyAddress, (around, address) => {
        const isNear = Network.of(around.family, around.last, around.family === 4 ? 32 : 128);
        for (const each of [address, isNear]) {
          if (each?.family !== around.family) continue;
          const theirs = ipaddr.parse(each.toString());
          const range = ipaddr.parseCIDR(around.toString().replace(/(\/\d+)?$/, `/${around.prefix}`));
          expect(AddressSet.of([around]).contains(each)).toBe(theirs.match(range));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never turns a part of an IPv6 network into IPv4', () => {
    const around = set('::fffe:0:0/95');
    expect(texts(around)).toEqual(['::fffe:0:0/96']);
    expect(texts(around.subtract(set('::fffe:0:0/96')))).toEqual([]);
    expect(texts(set('::/0').intersect(set('0.0.0.0/0')))).toEqual([]);
    expect(set('::/0').contains(network('::/0'))).toBe(true);
    expect(set('::/0').contains(network('192.0.2.1'))).toBe(false);
    expect(set('::/0').contains(network('::1'))).toBe(true);
  });

  it('joins many sets as one union after the other would', () => {
    fc.assert(
      fc.property(fc.array(anySet, { maxLength: 7 }), (sets) => {
        const hashes = sets.map((each) => each.contentHash());
        const slow = sets.reduce((all, each) => all.union(each), AddressSet.empty);
        expect(AddressSet.unionOf(sets).equals(slow)).toBe(true);
        const union = new SetUnion();
        for (const each of sets) union.add(each);
        expect(union.build().equals(slow)).toBe(true);
        // They are the caller's and were not given back.
        expect(sets.map((each) => each.contentHash())).toEqual(hashes);
      }),
      { numRuns: 100 },
    );
  });

  it('counts addresses and ranges', () => {
    expect(set('192.0.2.0/24', '192.0.2.0', '198.51.100.7', '2001:db8::/64').counts()).toEqual({
      ranges4: 2,
      ranges6: 1,
      addresses4: 257,
      addresses6: 2n ** 64n,
    });
    expect(set('0.0.0.0/0').counts().addresses4).toBe(2 ** 32);
  });
});

describe('the stored form', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(anySet, (each) => {
        const bytes = each.encode();
        expect(bytes.byteLength).toBe(16 + 8 * each.v4.length + 32 * each.v6.length);
        expect(AddressSet.decode(bytes)?.equals(each)).toBe(true);
        // A view into the middle of other bytes, as a database driver may give it, not aligned to words.
        const moved = new Uint8Array(bytes.byteLength + 3);
        moved.set(bytes, 3);
        expect(AddressSet.decode(moved.subarray(3))?.equals(each)).toBe(true);
      }),
    );
  });

  it('has the same hash however the entries came', () => {
    fc.assert(
      fc.property(
        fc.array(anyNetwork, { maxLength: 20 }),
        fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
        (networks, keys) => {
          const shuffled = networks
            .map((each, index) => ({ each, key: keys[index] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ each }) => each);
          const builder = new AddressSetBuilder();
          for (const each of [...shuffled, ...networks]) builder.add(each);
          expect(builder.build().set.contentHash()).toBe(AddressSet.of(networks).contentHash());
        },
      ),
    );
  });

  it('has a hash that tells sets apart and stays the same between releases', () => {
    expect(set('192.0.2.1').contentHash()).not.toBe(set('192.0.2.2').contentHash());
    expect(set('192.0.2.1', '2001:db8::/32').contentHash()).toBe(
      '6e2b5d04f32e6d5acbdfe3b1f2a26ee628dfc785ae49216d615f13ec76a585a4',
    );
  });

  it('is the documented bytes', () => {
    expect(Buffer.from(set('192.0.2.0/24', '2001:db8::1').encode()).toString('hex')).toBe(
      [
        '42474153',
        '01000000',
        '01000000',
        '01000000',
        '000200c0',
        'ff0200c0',
        'b80d0120',
        '00000000',
        '00000000',
        '01000000',
        'b80d0120',
        '00000000',
        '00000000',
        '01000000',
      ].join(''),
    );
  });

  it('is refused when a byte of it was changed into what no set has', () => {
    const good = set('192.0.2.0/31', '192.0.2.8', '2001:db8::1', '2001:db8::8').encode();
    const changed = (offset: number, value: number): AddressSet | undefined => {
      const bytes = good.slice();
      new DataView(bytes.buffer).setUint32(offset, value, true);
      return AddressSet.decode(bytes);
    };
    expect(AddressSet.decode(good)).toBeDefined();
    expect(changed(0, 1)).toBeUndefined();
    expect(changed(4, 2), 'another version').toBeUndefined();
    expect(changed(4, 0x1_0001), 'flags that nobody knows').toBeUndefined();
    expect(changed(8, 3), 'more ranges than bytes').toBeUndefined();
    expect(changed(8, 0xffff_ffff)).toBeUndefined();
    expect(changed(12, 0xffff_ffff)).toBeUndefined();
    expect(changed(16, 0xc000_0202), 'a range that runs backwards').toBeUndefined();
    expect(changed(24, 0xc000_0202), 'ranges that touch').toBeUndefined();
    expect(changed(24, 0xc000_0200), 'ranges that overlap').toBeUndefined();
    expect(changed(36 + 12 - 4, 2), 'an IPv6 range that runs backwards').toBeUndefined();
    for (let length = 0; length < good.length; length += 1)
      expect(AddressSet.decode(good.subarray(0, length))).toBeUndefined();
    expect(AddressSet.decode(new Uint8Array(good.length + 1))).toBeUndefined();
  });

  it('is never anything but what would be written again, whatever the bytes', () => {
    const header = fc.tuple(fc.nat(3), fc.nat(2)).map(([v4, v6]) => {
      const bytes = new Uint8Array(16 + 8 * v4 + 32 * v6);
      bytes.set([0x42, 0x47, 0x41, 0x53, 1, 0, 0, 0, v4, 0, 0, 0, v6]);
      return bytes;
    });
    let decoded = 0;
    fc.assert(
      fc.property(header, fc.uint8Array({ minLength: 88, maxLength: 88 }), (bytes, body) => {
        bytes.set(body.subarray(0, bytes.length - 16), 16);
        const back = AddressSet.decode(bytes);
        if (!back) return;
        decoded += 1;
        expect(back.encode()).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
    expect(decoded).toBeGreaterThan(20);
  });

  it('refuses IPv4-mapped addresses among the IPv6 ones', () => {
    const bytes = set('2001:db8::1').encode();
    const view = new DataView(bytes.buffer);
    for (const offset of [16, 32]) {
      view.setUint32(offset, 0, true);
      view.setUint32(offset + 8, 0xffff, true);
    }
    expect(AddressSet.decode(bytes)).toBeUndefined();
  });
});
