import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Network } from './index.ts';
import { anyNetwork } from './testing/arbitraries.ts';

describe('Network.parseLoose', () => {
  it.each([
    ['  192.0.2.1\t', '192.0.2.1'],
    ['192.0.2.1,', '192.0.2.1'],
    ['192.0.2.1 ; ', '192.0.2.1'],
    ['"192.0.2.1",', '192.0.2.1'],
    ["'2001:db8::1'", '2001:db8::1'],
    ['<192.0.2.1>', '192.0.2.1'],
    ['(2001:db8::1)', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[::1]:22', '::1'],
    ['192.0.2.1:80', '192.0.2.1'],
    ['192.0.2.0/255.255.255.0', '192.0.2.0/24'],
    ['192.0.2.9/255.255.255.255', '192.0.2.9'],
    ['0.0.0.0/0.0.0.0', '0.0.0.0/0'],
    ['192.0.2.*', '192.0.2.0/24'],
    ['192.0.*.*', '192.0.0.0/16'],
    ['10.*.*.*', '10.0.0.0/8'],
    ['http://192.0.2.1/path?x=1', '192.0.2.1'],
    ['HTTPS://192.0.2.1:8443', '192.0.2.1'],
    ['http://[2001:db8::1]:80/', '2001:db8::1'],
    ['hxxp://192[.]0[.]2[.]1/', '192.0.2.1'],
    ['192[.]0[.]2[.]1', '192.0.2.1'],
    ['192.0.2.7/24', '192.0.2.0/24'],
  ])('reads %j as %s', (text, canonical) => {
    expect(Network.parseLoose(text)?.toString()).toBe(canonical);
  });

  it.each([
    '',
    ',',
    'example.org',
    'http://example.org/',
    'http://192.0.2.1@evil.example/',
    'http://evil.example/192.0.2.1',
    '192.0.2.0/255.0.255.0',
    '192.0.*',
    '192.*.2.1',
    '*',
    '[192.0.2.1]',
    '192.0.2.1 192.0.2.2',
    '192.0.2.1\n192.0.2.2',
    'fe80::1%eth0',
    '192.0.2.1:http',
    '"192.0.2.1',
  ])('refuses %j', (text) => {
    expect(Network.parseLoose(text)).toBeUndefined();
  });

  it('reads every contiguous netmask', () => {
    for (let prefix = 0; prefix <= 32; prefix += 1) {
      const mask = Network.of(4, 2n ** 32n - 2n ** BigInt(32 - prefix), 32)?.toString() ?? '';
      expect(Network.parseLoose(`192.0.2.1/${mask}`)?.prefix).toBe(prefix);
    }
  });

  it('reads everything that the strict parser reads, as the same', () => {
    fc.assert(
      fc.property(anyNetwork, fc.constantFrom('', ' ', '"', ','), (each, around) => {
        const text = around === '"' ? `"${each.toString()}"` : `${each.toString()}${around}`;
        expect(Network.parseLoose(text)?.equals(each)).toBe(true);
      }),
    );
  });

  it('takes any text without throwing, long ones too', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void Network.parseLoose(text)));
    for (const unit of ['(', '"', ' ', ',', '[.]', '1.', '::', '*.']) {
      expect(Network.parseLoose(unit.repeat(1_000_000))).toBeUndefined();
      expect(Network.parseLoose(unit.repeat(600))).toBeUndefined();
    }
  });
});
