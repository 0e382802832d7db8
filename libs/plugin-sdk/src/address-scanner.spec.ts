import { Network } from '@bangui/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressScanner, NO_ADDRESS } from './address-scanner.ts';
import { rangeOfText } from './unpack.ts';

/** What the strict parser of libs/ip reads, as a range. */
function reference(text: string) {
  const network = Network.parse(text);
  return network && { family: network.family, first: network.first, last: network.last };
}

const octet = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.constantFrom('00', '01', '0', '255', '256', ''),
);
const quad = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
const group = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
  fc.constantFrom('', '0', '00000', 'FFFF', 'g', '192.0.2.1'),
);
const groups = fc.array(group, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(':'));
const withPrefix = (address: fc.Arbitrary<string>) =>
  fc
    .tuple(address, fc.option(fc.oneof(fc.integer({ min: 0, max: 140 }).map(String), fc.constantFrom('', '08', '-1'))))
    .map(([text, prefix]) => (prefix === null ? text : `${text}/${prefix}`));

describe('address scanner', () => {
  it('reads exactly what the strict parser of addresses reads', () => {
    const text = fc.oneof(
      withPrefix(quad),
      withPrefix(fc.ipV4()),
      withPrefix(groups),
      withPrefix(fc.ipV6()),
      fc.string(),
    );
    fc.assert(
      fc.property(
        text.filter((candidate) => !candidate.includes('\0') && !candidate.includes('-')),
        (candidate) => {
          expect(rangeOfText(candidate)).toEqual(reference(candidate));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['192.0.2.77/24', '192.0.2.0', '192.0.2.255'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['192.0.2.1-192.0.2.9', '192.0.2.1', '192.0.2.9'],
    ['192.0.2.1 - 192.0.2.9', '192.0.2.1', '192.0.2.9'],
    ['::', '::', '::'],
    ['2001:db8::1-2001:db8::ff', '2001:db8::1', '2001:db8::ff'],
    ['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0', '192.0.2.255'],
    ['255.255.255.255', '255.255.255.255', '255.255.255.255'],
  ])('reads %s as %s to %s', (text, first, last) => {
    const from = Network.parse(first);
    const to = Network.parse(last);
    expect(rangeOfText(text)).toEqual({ family: from?.family, first: from?.first, last: to?.last });
  });

  it.each([
    '192.0.2.9-192.0.2.1',
    '192.0.2.1-',
    '2001:db8::2-2001:db8::1',
    '192.0.2.1-2001:db8::1',
    '192.0.2.0/24-192.0.2.9',
    '1.2.3',
    'fe80::1%eth0',
  ])('reads no address in %s', (text) => {
    expect(rangeOfText(text)).toBeUndefined();
  });

  it('answers where the address ends', () => {
    const scanner = new AddressScanner();
    expect(scanner.scan(Buffer.from('192.0.2.1,ssh'), 0)).toBe(9);
    expect(scanner.scan(Buffer.from('x 2001:db8::/32 y'), 2)).toBe(15);
    expect(scanner.scan(Buffer.from('x'), 0)).toBe(NO_ADDRESS);
  });
});
