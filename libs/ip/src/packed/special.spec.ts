import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressSet, classify, removeSpecial, SPECIAL_SETS } from '../index.ts';
import { SPECIAL_BLOCKS } from '../classify.ts';
import { anyAddress, network, networkOf } from '../testing/arbitraries.ts';

describe('the sets of special addresses', () => {
  it('agree with classify at and around every border of the table', () => {
    for (const { block } of SPECIAL_BLOCKS) {
      const top = 2n ** (block.family === 4 ? 32n : 128n) - 1n;
      for (const value of [block.first - 1n, block.first, block.last, block.last + 1n]) {
        if (value < 0n || value > top) continue;
        const address = networkOf(block.family, value, block.family === 4 ? 32 : 128);
        const holders = [...SPECIAL_SETS].filter(([, set]) => set.contains(address)).map(([name]) => name);
        const expected = classify(address);
        expect(holders, address.toString()).toEqual(expected === 'global' ? [] : [expected]);
      }
    }
  });

  it('agree with classify anywhere', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const expected = classify(address);
        for (const [name, set] of SPECIAL_SETS) expect(set.contains(address)).toBe(name === expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('removeSpecial', () => {
  it('takes out what is not global and counts it by class', () => {
    const set = AddressSet.of(
      [
        '10.0.0.0/30',
        '192.168.1.1',
        '9.255.255.255',
        '203.0.113.9',
        '224.0.0.1',
        'fe80::/127',
        '2600::1',
        '240.0.0.1',
      ].map(network),
    );
    const { kept, removed } = removeSpecial(set);
    expect([...kept.networks()].map(String)).toEqual(['9.255.255.255', '2600::1']);
    expect(removed.toSorted((a, b) => (a.class < b.class ? -1 : 1))).toEqual([
      { class: 'documentation', ranges: 1, addresses: 1n },
      { class: 'link-local', ranges: 1, addresses: 2n },
      { class: 'multicast', ranges: 1, addresses: 1n },
      { class: 'private', ranges: 2, addresses: 5n },
      { class: 'reserved', ranges: 1, addresses: 1n },
    ]);
  });

  it('cuts a network that reaches over several classes', () => {
    const { kept, removed } = removeSpecial(AddressSet.of([network('192.0.0.0/16')]));
    expect(kept.counts().addresses4).toBe(65_536 - 256 - 256 + 2);
    expect(removed.map((each) => each.class).toSorted()).toEqual(['documentation', 'protocol']);
  });

  it('leaves a set of global addresses as it is', () => {
    const set = AddressSet.of([network('9.9.9.0/24')]);
    expect(removeSpecial(set)).toEqual({ kept: set, removed: [] });
  });
});
