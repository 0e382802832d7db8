import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Network, parseRangeLoose } from './index.ts';
import { anyAddress, network } from './testing/arbitraries.ts';

describe('Network.fromRange', () => {
  it('covers exactly the range, in order, with networks that cannot be joined', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        fc.pre(a.family === b.family);
        const [from, to] = a.first <= b.first ? [a, b] : [b, a];
        const networks = Network.fromRange(from, to) ?? [];
        let next = from.first;
        for (const each of networks) {
          // An IPv6 range may pass over the mapped IPv4 addresses, which have another family then.
          if (each.family !== from.family) return;
          expect(each.first).toBe(next);
          next = each.last + 1n;
        }
        expect(next).toBe(to.last + 1n);
        expect(networks.length).toBeLessThanOrEqual(from.family === 4 ? 62 : 254);
        for (const [index, each] of networks.slice(1).entries()) {
          const before = networks[index];
          const isPair =
            before?.prefix === each.prefix &&
            Network.of(each.family, each.first, each.prefix - 1)?.first === before.first;
          expect(isPair).toBe(false);
        }
      }),
    );
  });

  it('refuses a range that runs backwards or mixes families', () => {
    expect(Network.fromRange(network('192.0.2.2'), network('192.0.2.1'))).toBeUndefined();
    expect(Network.fromRange(network('192.0.2.2'), network('2001:db8::'))).toBeUndefined();
  });
});

describe('parseRangeLoose', () => {
  it.each([
    ['192.0.2.1-192.0.2.9', ['192.0.2.1', '192.0.2.2/31', '192.0.2.4/30', '192.0.2.8/31']],
    ['192.0.2.1-9', ['192.0.2.1', '192.0.2.2/31', '192.0.2.4/30', '192.0.2.8/31']],
    ['192.0.2.0 – 192.0.2.255', ['192.0.2.0/24']],
    ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
    ['2001:db8::-2001:db8::ff', ['2001:db8::/120']],
    [' 192.0.2.7 ', ['192.0.2.7']],
    ['192.0.2.0/24', ['192.0.2.0/24']],
  ])('reads %j', (text, expected) => {
    expect(parseRangeLoose(text)?.map(String)).toEqual(expected);
  });

  it.each(['', '-', '192.0.2.1-', '192.0.2.9-1', '192.0.2.0/24-192.0.3.0/24', 'a-b', '192.0.2.1-2-3', '192.0.2.1-256'])(
    'refuses %j',
    (text) => {
      expect(parseRangeLoose(text)).toBeUndefined();
    },
  );
});
