import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressLines, AddressSet, AddressSetBuilder, Network, PackedEntries, type BuiltSet } from '../index.ts';
import { anyNetwork, network } from '../testing/arbitraries.ts';

const encoder = new TextEncoder();

function read(text: string | Uint8Array, chunk = 1_000_000): BuiltSet {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const builder = new AddressSetBuilder();
  for (let at = 0; at < bytes.length; at += chunk) builder.addLines(bytes.subarray(at, at + chunk));
  return builder.build();
}

const texts = (built: BuiltSet): string[] => [...built.set.networks()].map(String);

/** Lines that are nearly addresses, or are. */
const nearLine = fc.oneof(
  anyNetwork.map(String),
  fc.string({ unit: fc.constantFrom(...'0123456789./:abcdefF '), maxLength: 24 }),
  fc
    .tuple(anyNetwork.map(String), fc.nat(40), fc.constantFrom(...'0123456789./:aFg# \t;-'))
    .map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1)),
  fc
    .array(fc.oneof(fc.nat(300), fc.constantFrom('01', '', '256', '1e1')), { minLength: 3, maxLength: 5 })
    .map((parts) => parts.join('.')),
  fc.string({ unit: fc.constantFrom('::', ':', '0', 'ffff', '1', '192.0.2.1', '00000'), maxLength: 10 }),
);

describe('addLines', () => {
  it.each([
    ['192.0.2.1\n', ['192.0.2.1']],
    ['192.0.2.1', ['192.0.2.1']],
    ['192.0.2.7/24\r\n', ['192.0.2.0/24']],
    ['\uFEFF192.0.2.1\n', ['192.0.2.1']],
    ['  192.0.2.1\t# why\n', ['192.0.2.1']],
    ['192.0.2.0/24;SBL1\n', ['192.0.2.0/24']],
    ['2001:DB8:0:0::1\n', ['2001:db8::1']],
    ['2001:db8::1/32 ; SBL2', ['2001:db8::/32']],
    ['::ffff:192.0.2.1', ['192.0.2.1']],
    ['::ffff:c000:0201/127', ['192.0.2.0/31']],
    ['::ffff:192.0.2.1/128', ['192.0.2.1']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['255.255.255.255\n255.255.255.254', ['255.255.255.254/31']],
    ['1:2:3:4:5:6:192.0.2.1', ['1:2:3:4:5:6:c000:201']],
    ['::', ['::']],
    ['1::', ['1::']],
  ])('reads %j', (text, expected) => {
    expect(texts(read(text))).toEqual(expected);
    expect(read(text)).toMatchObject({ invalid: 0, entries: text.split('\n').filter(Boolean).length });
  });

  it.each(['', '\n\n', '# 192.0.2.1', ' ; 192.0.2.1\n', '\r\n \t\n', '\uFEFF', '\uFEFF# list'])(
    'passes over %j',
    (text) => {
      expect(read(text)).toMatchObject({ entries: 0, invalid: 0 });
    },
  );

  it.each([
    '192.0.2.01',
    '192.0.2.256',
    '192.0.2',
    '192.0.2.1.',
    '192.0.2.1.1',
    '.192.0.2.1',
    '192.0.2.1/',
    '192.0.2.1/33',
    '192.0.2.1/08',
    '192.0.2.1/-1',
    '192.0.2.1 192.0.2.2',
    '192.0.2.1-192.0.2.9',
    '192.0.2.1,',
    '192.0.2.1\u0000',
    '0x7f.0.0.1',
    '3221225985',
    'example.org',
    'drop table 192.0.2.1',
    '2001:db8::1/129',
    '2001:db8::1::',
    '2001:db8:::1',
    ':::',
    ':',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8:',
    '1:2:3:4:5:6:7::8',
    '1:2:3:4:5:6:7:192.0.2.1',
    '::12345',
    '::192.0.2.256',
    '::192.0.2.1:1',
    'fe80::1%eth0',
    '<html>',
    '１９２.0.2.1',
    '192.0.2.1\r192.0.2.2',
    '\uFEFF\uFEFF192.0.2.1',
  ])('counts %j as invalid', (line) => {
    expect(read(`${line}\n192.0.2.77\n${line}`)).toMatchObject({ entries: 1, invalid: 2 });
  });

  it('reads a wide network in mapped notation as the IPv6 network it is', () => {
    const { set } = read('::ffff:192.0.2.1/64');
    expect(set.equals(AddressSet.of([network('::/64')]))).toBe(true);
    expect(set.v4.length).toBe(0);
  });

  it('understands exactly what Network.parse does', () => {
    let understood = 0;
    fc.assert(
      fc.property(fc.array(nearLine, { maxLength: 30 }), (lines) => {
        const contents = lines.map((line) => line.replace(/[#;].*$/, '').replaceAll(/^[ \t]+|[ \t]+$/g, ''));
        const networks = contents.map((line) => Network.parse(line)).filter((each) => each !== undefined);
        understood += networks.length;
        const built = read(lines.join('\n'));
        expect(built.set.equals(AddressSet.of(networks))).toBe(true);
        expect(built.entries).toBe(networks.length);
        expect(built.invalid).toBe(contents.filter((line) => line !== '').length - networks.length);
      }),
      { numRuns: 1500 },
    );
    expect(understood).toBeGreaterThan(1000);
  });

  it('reads the same in chunks of any size, whatever the bytes', () => {
    const pieces = fc.oneof(
      nearLine.map((line) => encoder.encode(`${line}\n`)),
      fc.uint8Array({ maxLength: 30 }),
      fc
        .tuple(
          fc.constantFrom('192.0.2.1', '', '#', '2001:db8::'),
          fc.integer({ min: 490, max: 530 }),
          fc.constantFrom('', '#c', ';', 'x'),
        )
        .map(([head, length, tail]) => encoder.encode(`${head}${' '.repeat(length - head.length)}${tail}\n`)),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.integer({ min: 1, max: 700 }), (parts, chunk) => {
        const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
        const whole = read(bytes);
        const inChunks = read(bytes, chunk);
        expect(inChunks.set.equals(whole.set)).toBe(true);
        expect({ ...inChunks, set: 0 }).toEqual({ ...whole, set: 0 });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps no more of an endless line than it needs', () => {
    const builder = new AddressSetBuilder();
    const filler = new Uint8Array(1_000_000).fill(0x41);
    builder.addLines(encoder.encode('192.0.2.1'));
    for (let round = 0; round < 50; round += 1) builder.addLines(filler);
    builder.addLines(encoder.encode('\n192.0.2.2\n# '));
    for (let round = 0; round < 50; round += 1) builder.addLines(filler);
    expect(builder.build()).toMatchObject({ entries: 1, invalid: 1 });
  });
});

describe('AddressSetBuilder', () => {
  it('makes the set of its entries in any order', () => {
    fc.assert(
      fc.property(fc.array(anyNetwork, { maxLength: 40 }), (networks) => {
        const builder = new AddressSetBuilder();
        for (const each of networks) builder.add(each);
        expect(builder.build().set.equals(AddressSet.of(networks))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('sorts many entries', () => {
    const networks = fc.sample(anyNetwork, { numRuns: 5000, seed: 7 });
    const builder = new AddressSetBuilder();
    for (const each of networks) if (each.prefix > 12) builder.add(each);
    const { set } = builder.build();
    expect(set.equals(AddressSet.of(networks.filter((each) => each.prefix > 12)))).toBe(true);
    expect(AddressSet.decode(set.encode())?.equals(set)).toBe(true);
  });

  it('can be used again', () => {
    const builder = new AddressSetBuilder();
    builder.addLines(encoder.encode('192.0.2.1\nx'));
    const first = builder.build();
    builder.addLines(encoder.encode('192.0.2.2\n'));
    expect(texts(first)).toEqual(['192.0.2.1']);
    expect(first.invalid).toBe(1);
    const second = builder.build();
    expect(texts(second)).toEqual(['192.0.2.2']);
    expect(second.invalid).toBe(0);
  });

  it('leaves out entries that are too broad, but not neighbours that join to a broad range', () => {
    const builder = new AddressSetBuilder({ widestPrefix4: 8, widestPrefix6: 19 });
    for (const text of ['0.0.0.0/0', '8.0.0.0/7', '::/0', '2000::/18', '8.0.0.0/8', '9.0.0.0/8', '2000::/19', '::1']) {
      builder.add(network(text));
    }
    const built = builder.build();
    expect(texts(built)).toEqual(['8.0.0.0/7', '::1', '2000::/19']);
    expect(built).toMatchObject({ tooBroad: 4, entries: 4 });
  });

  it.each([
    [32, 64],
    [1, 33],
    [24, 128],
    [31, 32],
  ])('draws the line at /%i and /%i exactly', (widestPrefix4, widestPrefix6) => {
    const builder = new AddressSetBuilder({ widestPrefix4, widestPrefix6 });
    const at = (family: 4 | 6, prefix: number): void => {
      const each = Network.of(family, family === 4 ? 2n ** 31n : 2n ** 126n, prefix);
      if (each) builder.add(each);
    };
    at(4, widestPrefix4);
    at(4, widestPrefix4 - 1);
    at(6, widestPrefix6);
    at(6, widestPrefix6 - 1);
    expect(builder.build()).toMatchObject({ tooBroad: 2, entries: 2 });
  });

  it('drops and counts what is beyond its limit', () => {
    const builder = new AddressSetBuilder({ maxEntries: 3 });
    builder.addLines(encoder.encode('192.0.2.1\n192.0.2.3\n2001:db8::1\n192.0.2.5\n2001:db8::3\n192.0.2.0/24\n'));
    expect(builder.build()).toMatchObject({ entries: 3, beyondLimit: 3 });
  });
});

describe('a batch', () => {
  it('carries lines from their reader to a builder', () => {
    fc.assert(
      fc.property(fc.array(nearLine, { maxLength: 30 }), (lines) => {
        const bytes = encoder.encode(lines.join('\n'));
        const entries = new PackedEntries(1000);
        const reader = new AddressLines(entries);
        reader.push(bytes);
        reader.end();
        const builder = new AddressSetBuilder();
        builder.addBatch(entries.take(reader.invalid));
        expect(entries.count).toBe(0);
        const { set, ...counts } = builder.build();
        const { set: whole, ...expected } = read(bytes);
        expect(set.equals(whole)).toBe(true);
        expect(counts).toEqual(expected);
      }),
    );
  });

  it('is checked: what is no range counts as invalid', () => {
    const builder = new AddressSetBuilder();
    builder.addBatch({
      hosts4: Uint32Array.of(1),
      ranges4: Uint32Array.of(9, 8, 10, 10, 7),
      ranges6: Uint32Array.of(0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 6, 1, 2, 3),
      invalid: 2,
    });
    builder.addBatch({
      hosts4: new Uint32Array(),
      ranges4: new Uint32Array(),
      ranges6: new Uint32Array(),
      invalid: -7,
    });
    const built = builder.build();
    expect(texts(built)).toEqual(['0.0.0.1', '0.0.0.10', '::5', '::6']);
    expect(built).toMatchObject({ entries: 3, invalid: 6 });
  });

  it('that puts IPv4 into the IPv6 words means IPv4', () => {
    const builder = new AddressSetBuilder();
    builder.addBatch({
      hosts4: new Uint32Array(),
      ranges4: new Uint32Array(),
      ranges6: Uint32Array.of(0, 0, 0xffff, 0xc000_0201, 0, 0, 0xffff, 0xc000_0201),
      invalid: 0,
    });
    expect(texts(builder.build())).toEqual(['192.0.2.1']);
  });
});
