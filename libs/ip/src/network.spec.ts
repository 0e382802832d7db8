import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { compareNetworks, Network } from './index.ts';
import { addressNumber, anyAddress, anyNetwork, network, networkOf } from './testing/arbitraries.ts';

/** Texts that are addresses, nearly addresses, or nothing of the kind. */
const addressLike = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefF:./ '.split(/(?:)/)), maxLength: 45 }),
  fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(45), fc.constantFrom('', ':', '.', '0', 'f', '::', '%'))
    .map(([text, at, extra]) => `${text.slice(0, at)}${extra}${text.slice(at + 1)}`),
);

/** An address as Node's parser writes it: the platform's own view of a text. */
function viewOfNode(text: string): string {
  return new URL(`http://${text.includes(':') ? `[${text}]` : text}/`).hostname.replace(/^\[|\]$/g, '');
}

describe('Network.parse', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['::', '::'],
    ['::/0', '::/0'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['::fffe:0:0/95', '::fffe:0:0/95'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('reads %s as %s', (text, canonical) => {
    expect(Network.parse(text)?.toString()).toBe(canonical);
  });

  it.each([
    '',
    ' 192.0.2.1',
    '192.0.2.1 ',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '0x7f.0.0.1',
    '2130706433',
    '192.0.2.1/33',
    '192.0.2.1/-1',
    '192.0.2.1/08',
    '192.0.2.1/',
    '192.0.2.1/24/24',
    '192.0.2.0/255.255.255.0',
    '192.0.2.1\n',
    'fe80::1%eth0',
    '[::1]',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '12345::',
    '::192.0.2.1:1',
    '192.0.2.1::',
    '::1/129',
    '１９２.0.2.1',
    `${'0'.repeat(60)}::1`,
    'localhost',
    '-1',
  ])('refuses %j', (text) => {
    expect(Network.parse(text)).toBeUndefined();
  });

  it('accepts an address exactly when Node does', () => {
    fc.assert(
      fc.property(addressLike, (text) => {
        // We also take networks. Node also takes zone ids, which mean nothing on another host.
        const isOurs = !text.includes('%') && isIP(text) !== 0;
        expect(Network.parse(text) !== undefined && !text.includes('/')).toBe(isOurs);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads the same address as Node does', () => {
    fc.assert(
      fc.property(
        addressLike.filter((text) => !text.includes('%') && isIP(text) !== 0),
        (text) => {
          const parsed = network(text);
          const seen = viewOfNode(text);
          expect(parsed.equals(network(seen))).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('prints what ipaddr.js prints by RFC 5952', () => {
    fc.assert(
      fc.property(addressNumber, ([family, value]) => {
        const ours = networkOf(family, value, family === 4 ? 32 : 128);
        const bytes = [...ours.key()];
        const theirs = ours.family === 4 ? ipaddr.fromByteArray(bytes.slice(12)) : ipaddr.fromByteArray(bytes);
        const printed = theirs instanceof ipaddr.IPv6 ? theirs.toRFC5952String() : theirs.toString();
        expect(ours.toString()).toBe(printed);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads its own print back as the same network', () => {
    fc.assert(
      fc.property(anyNetwork, (each) => {
        const again = network(each.toString());
        expect(again.equals(each)).toBe(true);
        expect(again.toString()).toBe(each.toString());
      }),
    );
  });

  it('refuses any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const parsed = Network.parse(text);
        if (parsed) expect(isIP(parsed.toString().replace(/\/.*/, ''))).not.toBe(0);
      }),
    );
  });
});

describe('Network', () => {
  it('contains an address exactly when a BlockList of it does', () => {
    fc.assert(
      fc.property(anyNetwork, anyAddress, fc.boolean(), (block, other, isNear) => {
        // A random address is hardly ever inside, so half of them are taken from around the border.
        const bits = block.family === 4 ? 32 : 128;
        const near = Network.of(block.family, block.last + (other.first % 2n), bits) ?? other;
        const address = isNear ? near : other;
        const list = new BlockList();
        const first = block.toString().replace(/\/.*/, '');
        list.addSubnet(first, block.prefix, block.family === 4 ? 'ipv4' : 'ipv6');
        const isListed = list.check(address.toString(), address.family === 4 ? 'ipv4' : 'ipv6');
        // Node lets ::/0 hold IPv4 too, since it looks at the mapped form.
        if (block.family === address.family) expect(block.contains(address)).toBe(isListed);
        else expect(block.contains(address)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('overlaps another exactly when one contains the other, and both ways', () => {
    fc.assert(
      fc.property(anyNetwork, anyNetwork, (a, b) => {
        const share = a.family === b.family && a.first <= b.last && b.first <= a.last;
        expect(a.overlaps(b)).toBe(share);
        expect(b.overlaps(a)).toBe(share);
      }),
    );
  });

  it('has a key of 16 bytes whose order is that of compareNetworks', () => {
    fc.assert(
      fc.property(anyNetwork, anyNetwork, (a, b) => {
        expect(a.key()).toHaveLength(16);
        const byKey = Buffer.compare(a.key(), b.key());
        if (byKey === 0) expect(Math.sign(compareNetworks(a, b))).toBe(Math.sign(widthOf(a) - widthOf(b)));
        else expect(Math.sign(compareNetworks(a, b))).toBe(byKey);
      }),
    );
  });

  it('sorts a network before those inside it', () => {
    const sorted = ['10.0.0.1', '10.0.0.0/8', '10.0.0.0', '9.0.0.0/8', '::1', '2001:db8::', '10.0.0.0/24']
      .map(network)
      .sort(compareNetworks);
    expect(sorted.map(String)).toEqual([
      '::1',
      '9.0.0.0/8',
      '10.0.0.0/8',
      '10.0.0.0/24',
      '10.0.0.0',
      '10.0.0.1',
      '2001:db8::',
    ]);
  });

  it('knows whether it is a single address', () => {
    expect(network('192.0.2.1').isAddress).toBe(true);
    expect(network('192.0.2.1/31').isAddress).toBe(false);
    expect(network('::1').isAddress).toBe(true);
    expect(network('::/127').isAddress).toBe(false);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(network('192.0.2.1'))).toBe(true);
  });

  it('is not made from numbers out of bounds', () => {
    expect(Network.of(4, 2n ** 32n, 32)).toBeUndefined();
    expect(Network.of(4, -1n, 32)).toBeUndefined();
    expect(Network.of(4, 1n, 33)).toBeUndefined();
    expect(Network.of(6, 1n, 1.5)).toBeUndefined();
    expect(Network.of(6, 2n ** 128n, 128)).toBeUndefined();
  });
});

function widthOf(each: Network): number {
  return each.family === 4 ? each.prefix + 96 : each.prefix;
}
